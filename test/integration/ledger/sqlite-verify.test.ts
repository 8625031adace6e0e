import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSqlite, type SqliteDatabase } from '../../../src/drivers/sqlite-library.js'
import { isRunnerError } from '../../../src/errors.js'
import type { Ledger, LedgerProblem } from '../../../src/ledger/ledger.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { jobDigest } from '../../../src/protocol/job.js'
import {
  recordSample,
  sampleAdvance,
  sampleApproval,
  sampleCreation,
  sampleJob,
  sampleProposal,
  sampleReceiptEntry,
  sampleStart,
} from '../../../src/testing/ledger-samples.js'
import { emptyFolder, removeFolder } from './folder.js'

let folder = ''
let ledger: Ledger
let file: SqliteDatabase

/** Two proposals from creation to receipt, one with an exported job, and a read that no proposal cites. */
async function fill(): Promise<void> {
  for (const number of [1, 2]) {
    await ledger.append(sampleCreation({ number }))
    const proposal = sampleProposal({ number })
    await ledger.append(sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) }))
    const job = sampleJob(proposal)
    const job_digest = jobDigest(job)
    const { writeback_job_id } = job
    await ledger.append({
      ...sampleAdvance(proposal, 2, {
        status: 'approved',
        entry: {
          type: 'job.exported',
          subject: proposal.row.proposal_id,
          at: proposal.row.created_at,
          body: { writeback_job_id, job_digest },
        },
      }),
      job: { job, digest: job_digest },
    })
    await ledger.append(sampleAdvance(proposal, 3, { status: 'applying', entry: sampleStart(proposal) }))
    const entry = sampleReceiptEntry(proposal, number)
    await ledger.append(sampleAdvance(proposal, 4, { status: 'applied', entry }))
  }
  await recordSample(ledger, { number: 3 })
}

/** The triggers keep the library itself from mistakes. Whoever owns the file can drop them, and so does this test. */
function dropTriggers(): void {
  for (const row of file.prepare("select name from sqlite_schema where type = 'trigger'").all()) {
    file.exec(`drop trigger ${String(row.name)}`)
  }
}

beforeAll(async () => {
  folder = emptyFolder()
  const path = join(folder, 'ledger.db')
  ledger = openSqliteLedger({ path })
  await fill()
  file = await openSqlite(path, { mode: 'write', busy_timeout_ms: 1000 })
  dropTriggers()
})

afterAll(async () => {
  file.close()
  await ledger.close()
  removeFolder(folder)
})

beforeEach(() => {
  for (const table of ['entries', 'proposals', 'receipts', 'jobs', 'reads']) {
    file.exec(`create temp table kept_${table} as select * from main.${table}`)
  }
})

afterEach(() => {
  for (const table of ['entries', 'proposals', 'receipts', 'jobs', 'reads']) {
    file.exec(
      `delete from main.${table}; insert into main.${table} select * from kept_${table}; drop table kept_${table}`,
    )
  }
})

/** What `verify` says of the ledger as it is now. A record that cannot be read at all is an answer as well. */
async function problems(): Promise<readonly Pick<LedgerProblem, 'code' | 'seq'>[]> {
  try {
    return (await ledger.verify()).problems
  } catch (error) {
    if (isRunnerError(error)) return [{ code: 'HASH', seq: 0 }]
    throw error
  }
}

const codes = async (): Promise<readonly string[]> => (await problems()).map(({ code }) => code)

describe('verify', () => {
  it('finds nothing wrong with a ledger as it was written', async () => {
    expect(await ledger.verify()).toEqual({ ok: true, entries: 10, problems: [] })
  })

  it.each([
    ['entries', ['type', 'subject', 'at', 'commitment', 'prev', 'hash', 'salt', 'body']],
    [
      'reads',
      ['bundle_id', 'capability', 'tenant_id', 'principal', 'source', 'query_fingerprint', 'at', 'digest', 'body'],
    ],
    [
      'proposals',
      [
        'proposal_id',
        'status',
        'hash',
        'tenant_id',
        'principal',
        'capability',
        'object_key',
        'identity',
        'created_at',
        'expires_at',
      ],
    ],
    ['receipts', ['receipt_id', 'proposal_id', 'status']],
    ['jobs', ['writeback_job_id', 'digest', 'body']],
  ])('finds a single flipped bit in each text of %s', async (table, columns) => {
    for (const column of columns) {
      for (const row of file.prepare(`select rowid as place, cast(${column} as blob) as value from ${table}`).all()) {
        const { place, value } = row
        if (!(value instanceof Uint8Array)) throw new Error('The test reads bytes.')
        const before = Buffer.from(value)
        const after = flipBit(before)
        try {
          set(table, column, String(place), after)
        } catch {
          // The name of another row, which the table itself refuses.
          continue
        }
        expect(await problems(), `${table}.${column}: ${before} became ${after}`).not.toEqual([])
        set(table, column, String(place), before)
      }
    }
    expect(await problems()).toEqual([])
  })

  it.each([
    ['entries', 'seq'],
    ['reads', 'seq'],
    ['reads', 'row_count'],
    ['proposals', 'created_seq'],
    ['proposals', 'active'],
    ['proposals', 'revision'],
    ['receipts', 'seq'],
  ])('finds a single flipped bit in the number %s.%s', async (table, column) => {
    const [row] = file.prepare(`select rowid as place, ${column} as value from ${table} limit 1 offset 1`).all()
    for (let bit = 0n; bit < 64n; bit++) {
      const flipped = BigInt.asIntN(64, BigInt(String(row?.value)) ^ (1n << bit))
      file.exec('begin')
      try {
        file.exec(`update ${table} set ${column} = ${literal(flipped)} where rowid = ${String(row?.place)}`)
      } catch {
        // Another row stands at that place already, which the table itself refuses.
        file.exec('rollback')
        continue
      }
      file.exec('commit')
      expect(await problems(), `bit ${bit}`).not.toEqual([])
      file.exec(`update ${table} set ${column} = ${String(row?.value)} where ${column} = ${literal(flipped)}`)
    }
    expect(await problems()).toEqual([])
  })

  it('finds an entry that was removed, at the start, in the middle and at the end', async () => {
    for (const seq of [1, 5, 10]) {
      file.exec(`create temp table removed as select * from main.entries where seq = ${seq}`)
      file.exec(`delete from main.entries where seq = ${seq}`)
      expect(await codes()).toContain(seq === 10 ? 'PROJECTION' : 'GAP')
      file.exec('insert into main.entries select * from removed; drop table removed')
    }
  })

  it('finds two entries that changed places', async () => {
    file.exec('update entries set seq = -1 where seq = 4; update entries set seq = 4 where seq = 5')
    file.exec('update entries set seq = 5 where seq = -1')
    expect(await problems()).toContainEqual(expect.objectContaining({ code: 'HASH', seq: 4 }))
  })

  it('finds contents that changed places', async () => {
    file.exec(`update entries set (salt, body) = (select salt, body from kept_entries as other
      where other.seq = 9 - entries.seq) where seq in (4, 5)`)
    expect(await problems()).toContainEqual(expect.objectContaining({ code: 'PAYLOAD', seq: 4 }))
  })

  it('finds an entry that was put in', async () => {
    file.exec(`insert into entries select 11, type, subject, at, commitment, prev, hash, salt, body
      from entries where seq = 4`)
    expect(await codes()).toEqual(expect.arrayContaining(['LINK', 'HASH', 'PROJECTION']))
  })

  it('finds a content that was removed and not erased', async () => {
    file.exec('update entries set body = null where seq = 2')
    expect(await codes()).toContain('PAYLOAD')
  })

  it('accepts a content that was erased: the chain holds without it', async () => {
    file.exec('update entries set salt = null, body = null where seq <= 5')
    file.exec('update reads set body = null where seq = 1')
    expect(await problems()).toEqual([])
  })

  it('finds a content that was erased in part', async () => {
    file.exec('update entries set salt = null, body = null where seq = 2')
    expect(await codes()).toContain('PAYLOAD')
  })

  it('finds an erased proposal that is listed as something that it cannot have become', async () => {
    file.exec('update entries set salt = null, body = null where seq <= 5')
    file.exec("update proposals set status = 'rejected' where created_seq = 1")
    expect(await codes()).toEqual(['PAYLOAD'])
  })

  it.each([
    ['a proposal', 'delete from proposals where created_seq = 1', 'PROJECTION'],
    ['a receipt', 'delete from receipts', 'PROJECTION'],
    ['a receipt that never was', `insert into receipts values (3, 'rct_x', 'wrp_x', 'acme', 'applied')`, 'PROJECTION'],
    ['a job', 'delete from jobs', 'PROJECTION'],
    ['evidence that a proposal cites', 'delete from reads where seq = 1', 'EVIDENCE'],
    ['evidence between others', 'delete from reads where seq = 2', 'EVIDENCE'],
  ])('finds what is missing or too much: %s', async (_, sql, code) => {
    file.exec(sql)
    expect(await codes()).toContain(code)
  })

  it('lets the event loop go on while it walks', async () => {
    let turns = 0
    const turn = () => {
      turns += 1
      next = setImmediate(turn)
    }
    let next = setImmediate(turn)
    await ledger.verify()
    clearImmediate(next)
    expect(turns).toBeGreaterThan(1)
  })
})

describe('a ledger file', () => {
  it.each([
    ['the content', 'update entries set salt = null, body = null', 'PAYLOAD'],
    ['the evidence', 'update reads set body = null', 'EVIDENCE'],
  ])('does not pass for whole when %s of an open proposal was erased', async (what, sql, code) => {
    const path = join(folder, `open ${what}.db`)
    const open = openSqliteLedger({ path })
    await open.append(sampleCreation({ number: 1 }))
    const connection = await openSqlite(path, { mode: 'write' })
    connection.exec(sql)
    connection.close()

    const { problems } = await open.verify()

    expect(problems.map((problem) => problem.code)).toEqual([code])
    await open.close()
  })

  it('refuses through its own triggers what only an owner of the file may force', async () => {
    const path = join(folder, 'guarded.db')
    const guarded = openSqliteLedger({ path })
    await guarded.append(sampleCreation({ number: 1 }))
    const connection = await openSqlite(path, { mode: 'write' })
    const last = "'type', 'wrp_1', 'now', 'commitment'"
    for (const sql of [
      "update entries set type = 'x'",
      'delete from entries',
      "update entries set body = 'x'",
      "update entries set salt = null, body = null, hash = 'x'",
      "update reads set body = 'x'",
      'delete from reads',
      `insert into entries values (3, ${last}, (select hash from entries), 'hash', 'salt', '{}')`,
      `insert into entries values (2, ${last}, 'another', 'hash', 'salt', '{}')`,
    ]) {
      expect(() => connection.exec(sql), sql).toThrow(/never|must follow/)
    }
    connection.exec(`insert into entries values (2, ${last}, (select hash from entries), 'hash', 'salt', '{}')`)
    connection.close()
    await guarded.close()
  })
})

function flipBit(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes)
  const place = randomInt(bytes.length)
  flipped.writeUInt8(flipped.readUInt8(place) ^ (1 << randomInt(8)), place)
  return flipped
}

function set(table: string, column: string, place: string, bytes: Buffer): void {
  file.exec(`update ${table} set ${column} = cast(x'${bytes.toString('hex')}' as text) where rowid = ${place}`)
}

/** The lowest 64-bit number cannot be written as a negated literal. */
function literal(value: bigint): string {
  return value === -(2n ** 63n) ? '(-9223372036854775807 - 1)' : String(value)
}
