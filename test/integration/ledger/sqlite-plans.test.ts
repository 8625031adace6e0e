import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SqliteDatabase } from '../../../src/drivers/sqlite-library.js'
import { appendAll } from '../../../src/ledger/sqlite-append.js'
import { type Connection, connect } from '../../../src/ledger/sqlite-connection.js'
import { runEnding } from '../../../src/ledger/sqlite-endings.js'
import { openFile, prepareFile } from '../../../src/ledger/sqlite-file.js'
import { forgetSqlite } from '../../../src/ledger/sqlite-forget.js'
import { type ListSource, listSql } from '../../../src/ledger/sqlite-lists.js'
import { migrateSchema } from '../../../src/ledger/sqlite-migrate.js'
import {
  activeProposals,
  CLOSED_LIST,
  findProposal,
  lapsedProposals,
  OPEN_LIST,
  PROPOSAL_LIST,
} from '../../../src/ledger/sqlite-proposals.js'
import {
  AUDIT_LIST,
  countRefusal,
  ENTRY_LIST,
  EVIDENCE_LIST,
  findEntry,
  findJob,
  findReceipt,
  listRefusals,
  RECEIPT_LIST,
} from '../../../src/ledger/sqlite-queries.js'
import { useOfQuota } from '../../../src/ledger/sqlite-quota.js'
import { findEvidence, insertRead } from '../../../src/ledger/sqlite-reads.js'
import type { Run } from '../../../src/ledger/sqlite-store.js'
import {
  sampleAdvance,
  sampleApproval,
  sampleAudit,
  sampleCreation,
  sampleEvidence,
  sampleJob,
  sampleProposal,
} from '../../../src/testing/ledger-samples.js'
import { emptyFolder, removeFolder } from './folder.js'

let folder = ''
let database: SqliteDatabase
let connection: Connection
const prepared = new Set<string>()

beforeAll(async () => {
  folder = emptyFolder()
  const path = join(folder, 'ledger.db')
  prepareFile(path)
  database = await openFile(path)
  const recording: SqliteDatabase = {
    prepare: (sql) => {
      prepared.add(sql)
      return database.prepare(sql)
    },
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  }
  connection = connect(recording)
  migrateSchema(connection, path)
  prepared.clear()
})

afterAll(() => {
  database.close()
  removeFolder(folder)
})

/** How SQLite goes about a statement, one line for each table. */
function planOf(sql: string): readonly string[] {
  return database
    .prepare(`explain query plan ${sql}`)
    .all()
    .map(({ detail }) => String(detail))
}

const slow = /^SCAN (?!CONSTANT ROW)|TEMP B-TREE/

describe('the cost of a call', () => {
  const whole: readonly ListSource<unknown>[] = [PROPOSAL_LIST, EVIDENCE_LIST, AUDIT_LIST, ENTRY_LIST, RECEIPT_LIST]
  const lists = [...whole, OPEN_LIST, CLOSED_LIST]

  it.each(lists)('of listing $name does not grow with the ledger, whatever the filter', (list) => {
    const columns = [...new Set(list.indexes.flatMap((index) => index.columns))]
    for (let chosen = 1; chosen < 2 ** columns.length; chosen++) {
      const filter = columns.filter((_, place) => chosen & (1 << place))
      // Refused before it becomes a statement.
      if (!list.indexes.some((index) => index.columns.every((column) => filter.includes(column)))) continue
      for (const continued of [false, true]) {
        const plan = planOf(listSql(list, filter, continued))
        expect(
          plan.filter((line) => slow.test(line)),
          filter.join(),
        ).toEqual([])
        expect(plan[0], filter.join()).toMatch(/^SEARCH t USING (COVERING )?INDEX/)
      }
    }
  })

  it.each(whole)('of listing all $name ends with the page', (list) => {
    expect(planOf(listSql(list, [], true))[0]).toMatch(/^SEARCH t USING INTEGER PRIMARY KEY/)
    // In the order of the table itself and not of an index, so that the limit ends the walk.
    const first = planOf(listSql(list, [], false))
    expect(first[0]).toBe('SCAN t')
    expect(first.join()).not.toContain('TEMP B-TREE')
  })

  it('of every other verb is a few searches', () => {
    const proposal = sampleProposal({ number: 1 })
    const { object_key, proposal_id } = proposal.row
    const evidence = sampleEvidence({ number: 2 })
    const refusal = { minute: 'now', tenant_id: 'acme', capability: 'billing.waive', code: 'EXPIRED' }
    const job = { job: sampleJob(proposal), digest: 'sha256:job' }
    const active = { object_key, proposal_ids: [] }
    connection.write('durable', () => appendAll(connection, { ...sampleCreation({ number: 1 }), active, job }))
    const approval = sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) })
    connection.write('durable', () => appendAll(connection, approval))
    connection.write('relaxed', () => insertRead(connection, evidence, sampleAudit(evidence)))
    connection.write('relaxed', () => countRefusal(connection, refusal))
    findProposal(connection, proposal_id)
    activeProposals(connection, object_key)
    findEvidence(connection, evidence.evidence.bundle_id)
    findEntry(connection, 1)
    findReceipt(connection, 'rct_1')
    findJob(connection, job.job.writeback_job_id)
    const { next_cursor } = listRefusals(connection, { limit: 1 })
    expect(next_cursor).toBeNull()

    const statements = [...prepared].filter((sql) => /^\s*(select|insert|update)/.test(sql))
    expect(statements.length).toBeGreaterThan(15)
    for (const sql of statements.filter((each) => !isWalkInOrder(each))) {
      expect(
        planOf(sql).filter((line) => slow.test(line)),
        sql,
      ).toEqual([])
    }
  })

  it('of a piece of forgetting is that of the records in it', async () => {
    prepared.clear()
    const run: Run = async (work) => work(connection)
    await forgetSqlite(run, {
      records_before: '2025-01-01T00:00:00.000Z',
      evidence_before: '2025-01-01T00:00:00.000Z',
      refusals_before: '2025-01-01T00:00:00.000Z',
      dry_run: false,
    })
    runEnding(connection, 'run_1')

    const pieces = [...prepared].filter((sql) => /^\s*(select|update|delete)/.test(sql) && !/count\(\*\)/.test(sql))
    expect(pieces.length).toBeGreaterThan(6)
    for (const sql of pieces) {
      expect(
        planOf(sql).filter((line) => slow.test(line)),
        sql,
      ).toEqual([])
    }
  })

  it('of counting against a quota is that of what is open, and of the newest of the tenant', () => {
    prepared.clear()
    const moments = { as_of: '2025-01-02T00:00:00.000Z', since: '2025-01-01T00:00:00.000Z' }
    useOfQuota(connection, { tenant_id: 'acme', capability: 'billing.waive', open: 5, created: 5, ...moments }, [])

    expect([...prepared].flatMap(planOf)).toEqual([
      'SEARCH proposals USING INDEX proposals_open_by_tenant (tenant_id=?)',
      'SEARCH proposals USING INDEX proposals_by_tenant (tenant_id=? AND rowid<?)',
    ])
  })

  it('of finding what lapsed is that of what is open', () => {
    prepared.clear()
    lapsedProposals(connection, '2025-01-01T00:00:00.000Z', null)

    expect([...prepared].map((sql) => planOf(sql)[0])).toEqual([
      'SEARCH proposals USING INDEX proposals_open (status=? AND rowid>?)',
    ])
  })

  /** These walk a table in its own order and stop at once. */
  function isWalkInOrder(sql: string): boolean {
    return /^select (seq, hash from entries|minute, tenant_id, capability, code, count from refusals) order by/.test(
      sql,
    )
  }
})
