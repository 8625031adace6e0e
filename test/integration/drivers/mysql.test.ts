import { createPool } from 'mysql2'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectionOptions } from '../../../src/drivers/connection-options.js'
import type { GuardedUpdate, UpdateOutcome } from '../../../src/drivers/driver.js'
import { renderMigrations } from '../../../src/sql/migrations.js'
import { driverCases } from '../../../src/testing/driver-cases.js'
import {
  addRow,
  type CaseTable,
  changeOf,
  changeRow,
  codeOf,
  countOf,
  HOSTILE_NAMES,
  makeTable,
  readRow,
  readRows,
  withText,
} from '../../../src/testing/driver-world.js'
import { openProxy } from '../../support/proxy.js'
import { type MysqlDriverWorld, mysqlTraits, openMysqlDriverWorld } from './mysql-world.js'

const COLLATIONS = ['utf8mb4_general_ci', 'utf8mb4_unicode_ci', 'utf8mb4_unicode_520_ci', 'utf8mb4_bin']

describe('mysql driver', () => {
  let at: MysqlDriverWorld
  beforeAll(async () => {
    at = await openMysqlDriverWorld()
  })
  afterAll(() => at?.drop())

  for (const { name, run } of driverCases(mysqlTraits)) it(name, () => run(at))

  const receiptsOf = async ({ receipt }: GuardedUpdate) =>
    at.sql(`select kind, new_version from ${at.receipts.table} where \`key\` = '${receipt?.key}'`)

  /** An account with balance and version, as the races need it. */
  const account = async (): Promise<CaseTable> => {
    const table = await makeTable(at, { balance: 'integer', version: 'integer', note: 'text' })
    await addRow(table, 'A-1', { balance: 0, version: 1 })
    return table
  }
  const versioned = { column: 'version', advance: 'integer' } as const

  it.each(COLLATIONS)('lets no hostile tenant or key reach a row under %s', async (collation) => {
    const table = await account()
    await at.sql(`alter table ${table.ref.table} convert to character set utf8mb4 collate ${collation}`)
    const info = await at.driver.describe(table.ref, { fresh: true })
    const moved = { ...table, info }
    await addRow(moved, 'acme')
    const change = { ...(await changeOf(moved, 'acme', { set: { note: 'changed' } })), table: info }
    for (const name of HOSTILE_NAMES) {
      expect(await readRows(moved, 'acme', name)).toEqual([])
      expect(await readRows(moved, name)).toEqual([])
      expect((await at.driver.update(withText(change, 'tenant', name))).outcome).toBe('conflict')
      expect((await at.driver.update(withText(change, 'key', name))).outcome).toBe('conflict')
    }
    expect((await readRow(moved, 'acme')).note?.text).toBeNull()
  })

  it('finds a row by an index, however exactly it compares', async () => {
    const table = await account()
    const read = at.driver.dialect.scopedRead({
      table: table.ref,
      columns: [...table.info.columns.values()],
      key: column(table, 'id'),
      tenant: column(table, 'tenant_id'),
      order_by: column(table, 'id'),
      limit: 1,
    })
    for (let i = 0; i < 50; i += 1) await addRow(table, `B-${i}`)
    const bound = read.bind({ key: 'A-1', tenant: 'acme' }) ?? []
    const [rows] = await at.world.admin.execute({ sql: `explain ${read.text}`, rowsAsArray: true }, [...bound])
    expect(String(rows)).toMatch(/const|ref/)
    expect(String(rows)).toContain('PRIMARY')
  })

  /** A trigger that does nothing is enough for the change to be made in steps. */
  const watchedAccount = async (): Promise<CaseTable> => {
    const table = await account()
    const { table: name } = table.ref
    await at.sql(`create trigger ${name}_t before update on ${name} for each row set new.note = new.note`)
    return { ...table, info: await at.driver.describe(table.ref, { fresh: true }) }
  }

  describe.each([
    ['in one statement', () => account()],
    ['in steps', () => watchedAccount()],
  ])('races, %s', (_, make) => {
    it('applies one change once, however many ask at the same time', async () => {
      const table = await make()
      const change = await changeOf(table, 'A-1', { set: { balance: 10 }, version: versioned })
      const outcomes = await Promise.all(Array.from({ length: 40 }, () => at.driver.update(change)))
      expect(countOf(outcomes.map(({ outcome }) => outcome))).toEqual({ applied: 1, duplicate: 39 })
      expect(await receiptsOf(change)).toEqual([['applied', '2']])
    })

    it('lets one of forty rivals win, and the others leave nothing', async () => {
      const table = await make()
      const rivals = await Promise.all(
        Array.from({ length: 40 }, (_, i) => changeOf(table, 'A-1', { set: { balance: i + 1 }, version: versioned })),
      )
      const outcomes = await Promise.all(rivals.map((change) => at.driver.update(change)))
      expect(countOf(outcomes.map(({ outcome }) => outcome))).toEqual({ applied: 1, conflict: 39 })
      const kept = await Promise.all(rivals.map(receiptsOf))
      expect(kept.flat()).toEqual([['applied', '2']])
      expect((await readRow(table, 'A-1')).version?.text).toBe('2')
    })

    it('loses no update of writers that read, change and apply', async () => {
      const table = await make()
      const increment = async (): Promise<UpdateOutcome['outcome']> => {
        const { balance } = await readRow(table, 'A-1')
        const next = Number(balance?.text) + 1
        return (await at.driver.update(await changeOf(table, 'A-1', { set: { balance: next }, version: versioned })))
          .outcome
      }
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const own: string[] = []
          for (let i = 0; i < 15; i += 1) own.push(await increment())
          return own
        }),
      )
      const { applied = 0, conflict = 0, ...others } = countOf(outcomes.flat())
      expect(others).toEqual({})
      expect(applied + conflict).toBe(120)
      // A change is made of a row that was read twice, so that the balance can stay behind the version, never the reverse.
      expect((await readRow(table, 'A-1')).version?.text).toBe(String(applied + 1))
    })

    it('settles every race of an apply and a revoke one way', async () => {
      const table = await make()
      for (let round = 0; round < 300; round += 1) {
        const change = await changeOf(table, 'A-1', { set: { balance: round + 1 }, version: versioned })
        if (!change.receipt) throw new Error('The change has no receipt.')
        const before = (await readRow(table, 'A-1')).version?.text
        const [updated, settled] = await Promise.all([
          at.driver.update(change),
          at.driver.settle(change.receipt ?? never()),
        ])
        const after = (await readRow(table, 'A-1')).version?.text
        if (settled.kind === 'applied') {
          expect(updated.outcome).toBe('applied')
          expect(Number(after)).toBe(Number(before) + 1)
        } else {
          expect(updated).toMatchObject({ outcome: 'duplicate', receipt: { kind: 'tombstone' } })
          expect(after).toBe(before)
        }
      }
    })
  })

  it('settles one key once, however many ask', async () => {
    const table = await account()
    const { receipt } = await changeOf(table, 'A-1', { set: { balance: 1 } })
    if (!receipt) throw new Error('The change has no receipt.')
    const settled = await Promise.all(Array.from({ length: 40 }, () => at.driver.settle(receipt)))
    expect(new Set(settled.map((one) => JSON.stringify(one))).size).toBe(1)
  })

  it('sees a row that changed without its version', async () => {
    const table = await account()
    const change = await changeOf(table, 'A-1', { set: { balance: 5 }, version: versioned })
    await changeRow(table, 'A-1', { balance: 3 })
    expect(await at.driver.update(change)).toEqual({ outcome: 'conflict', current_version: '1' })
    expect(await receiptsOf(change)).toEqual([])
  })

  it('rolls back when the column stores another value than the approved one', async () => {
    const table = await makeTable(at, { fee: 'decimal' })
    await addRow(table, 'A-1', { fee: '1.00' })
    const change = await changeOf(table, 'A-1', { set: { fee: '2.00' } })
    const rounded = { ...change, after: [{ column: 'fee', value: { type: 'decimal(12,2)', text: '2.005' } }] }
    expect(await at.driver.update(rounded)).toEqual({
      outcome: 'failed',
      code: 'AFTER_IMAGE_MISMATCH',
      columns: ['fee'],
    })
    expect((await readRow(table, 'A-1')).fee?.text).toBe('1.00')
    expect(await receiptsOf(change)).toEqual([])
  })

  it('rolls back when a trigger changes another column', async () => {
    const table = await account()
    await at.sql(
      `create trigger ${table.ref.table}_note before update on ${table.ref.table} for each row set new.note = 'x'`,
    )
    const info = await at.driver.describe(table.ref, { fresh: true })
    const change = await changeOf({ ...table, info }, 'A-1', { set: { balance: 5 }, version: versioned })
    expect(await at.driver.update(change)).toEqual({
      outcome: 'failed',
      code: 'AFTER_IMAGE_MISMATCH',
      columns: ['note'],
    })
    expect((await readRow(table, 'A-1')).balance?.text).toBe('0')
  })

  it('takes the version that a trigger gave for the new one', async () => {
    const table = await account()
    const { table: name } = table.ref
    await at.sql(
      `create trigger ${name}_version before update on ${name} for each row set new.version = old.version + 10`,
    )
    const info = await at.driver.describe(table.ref, { fresh: true })
    const version = { column: 'version', advance: 'database' } as const
    const change = await changeOf({ ...table, info }, 'A-1', { set: { balance: 5 }, version })
    expect(await at.driver.update(change)).toEqual({ outcome: 'applied', previous_version: '1', new_version: '11' })
    expect(await receiptsOf(change)).toEqual([['applied', '11']])
  })

  it('leaves columns alone that the server moves by itself', async () => {
    const table = await account()
    const { table: name } = table.ref
    await at.sql(
      `alter table ${name} add moved timestamp(6) not null default now(6) on update now(6), add doubled int as (balance * 2) stored`,
    )
    const info = await at.driver.describe(table.ref, { fresh: true })
    const change = await changeOf({ ...table, info }, 'A-1', { set: { balance: 5 }, version: versioned })
    expect((await at.driver.update(change)).outcome).toBe('applied')
    expect(await at.sql(`select doubled from ${name}`)).toEqual([['10']])
  })

  it('moves a timestamp on even where the row is ahead of the clock', async () => {
    const table = await makeTable(at, { at: 'wall_clock', note: 'text' })
    await addRow(table, 'A-1', { at: '2999-01-01 00:00:00.999999' })
    const version = { column: 'at', advance: 'timestamp' } as const
    const change = await changeOf(table, 'A-1', { set: { note: 'x' }, version })
    expect(await at.driver.update(change)).toMatchObject({
      outcome: 'applied',
      new_version: '2999-01-01 00:00:01.000000',
    })
  })

  it('notices a table that was altered a moment before', async () => {
    const table = await account()
    const change = await changeOf(table, 'A-1', { set: { balance: 5 }, version: versioned })
    await at.sql(`alter table ${table.ref.table} drop column note`)
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(await at.driver.update(change)).toEqual({ outcome: 'drift' })
    expect(await receiptsOf(change)).toEqual([])
  })

  it.each([
    ['NOT_TRANSACTIONAL', 'alter table $ engine = MyISAM'],
    ['CHARSET', 'alter table $ modify note varchar(200) character set latin1'],
    ['NO_UNIQUE_KEY', 'alter table $ drop primary key'],
  ])('refuses a table that is %s', async (problem, statement) => {
    const table = await account()
    await at.sql(statement.replace('$', table.ref.table))
    const info = await at.driver.describe(table.ref, { fresh: true })
    expect(info.problems).toContainEqual(expect.objectContaining({ severity: 'refuse', code: problem }))
    const change = await changeOf({ ...table, info }, 'A-1', { set: { balance: 5 }, version: versioned })
    expect(await codeOf(() => at.driver.update(change))).toBe('PRECONDITION_FAILED')
    expect((await readRow(table, 'A-1')).balance?.text).toBe('0')
  })

  it('is busy, and has changed nothing, while another holds the row', async () => {
    const table = await account()
    const change = await changeOf(table, 'A-1', { set: { balance: 5 }, version: versioned })
    const release = await at.lock(table.ref, 'A-1')
    try {
      expect(await codeOf(() => at.driver.update(change))).toBe('BUSY')
    } finally {
      await release()
    }
    expect(await receiptsOf(change)).toEqual([])
    expect((await at.driver.update(change)).outcome).toBe('applied')
  })

  describe.each([
    ['in one statement', () => account()],
    ['in steps', () => watchedAccount()],
  ])('with a short time limit, %s', (_, make) => {
    const holdReceipt = async ({ receipt }: GuardedUpdate) => {
      const holder = await createConnection(at.world.adminUrl)
      await holder.beginTransaction()
      const row = [receipt?.key ?? null, receipt?.proposal_hash ?? null, receipt?.anchor ?? null]
      await holder.execute(`insert into ${at.receipts.table} values (?, 'applied', ?, ?, null, null, now(6))`, row)
      return () => holder.end()
    }

    it.each([100, 500, 1000])('of %s ms is busy while another holds the row', async (statement_timeout_ms) => {
      const table = await make()
      const change = await changeOf(table, 'A-1', { set: { balance: 5 }, version: versioned })
      const driver = at.open({ statement_timeout_ms })
      const release = await at.lock(table.ref, 'A-1')
      try {
        expect(await codeOf(() => driver.update(change))).toBe('BUSY')
      } finally {
        await release()
      }
      expect((await driver.update(change)).outcome).toBe('applied')
    })

    it('is busy while others hold the row and then the receipt', async () => {
      const table = await make()
      const change = await changeOf(table, 'A-1', { set: { balance: 5 }, version: versioned })
      const driver = at.open({ statement_timeout_ms: 100 })
      const release = await at.lock(table.ref, 'A-1')
      const releaseReceipt = await holdReceipt(change)
      setTimeout(() => void release(), 600)
      try {
        expect(await codeOf(() => driver.update(change))).toBe('BUSY')
      } finally {
        await releaseReceipt()
      }
      expect((await driver.update(change)).outcome).toBe('applied')
    })
  })

  it('answers drift in another database with a table alike', async () => {
    const elsewhere = await openMysqlDriverWorld()
    try {
      const table = await account()
      await elsewhere.sql(String((await at.sql(`show create table ${table.ref.table}`))[0]?.[1]))
      const twin = { world: elsewhere, ref: table.ref, info: await elsewhere.driver.describe(table.ref) }
      await addRow(twin, 'A-1', { balance: 0, version: 1 })
      expect(twin.info.fingerprint).not.toBe(table.info.fingerprint)

      const change = await changeOf(table, 'A-1', { set: { balance: 5 }, version: versioned })
      expect(await elsewhere.driver.update(change)).toEqual({ outcome: 'drift' })
      expect((await readRow(twin, 'A-1')).balance?.text).toBe('0')
      expect((await at.driver.update(change)).outcome).toBe('applied')
    } finally {
      await elsewhere.drop()
    }
  })

  it('says why it cannot log in', async () => {
    const { readerUrl } = at.world
    const wrong = new URL(readerUrl)
    wrong.password = 'wrong'
    const nowhere = new URL(readerUrl)
    nowhere.port = '1'
    const open = (reader_url: string) => at.open({ reader_url }).describe({ table: 'any' })
    expect(await codeOf(() => open(wrong.href))).toBe('SOURCE_AUTH')
    expect(await codeOf(() => open(nowhere.href))).toBe('SOURCE_UNAVAILABLE')
    expect(await codeOf(() => open('postgres://x'))).toBe('SOURCE_UNAVAILABLE')
    expect(await codeOf(() => open(`${readerUrl}?ssl-mode=REQUIRED`))).toBe('SOURCE_TLS')
  })

  it('may not write through the reader', async () => {
    const table = await account()
    const change = await changeOf(table, 'A-1', { set: { balance: 5 }, version: versioned })
    const driver = at.open({ writer_url: at.world.readerUrl })
    expect(await codeOf(() => driver.update(change))).toBe('SOURCE_FORBIDDEN')
  })

  it('says that the receipts table is missing', async () => {
    const table = await account()
    const change = await changeOf(table, 'A-1', { set: { balance: 5 }, version: versioned })
    if (!change.receipt) throw new Error('The change has no receipt.')
    const elsewhere = { ...change, receipt: { ...change.receipt, table: { table: 'no_receipts' } } }
    expect(await codeOf(() => at.driver.update(elsewhere))).toBe('RECEIPTS_MISSING')
    expect(await codeOf(() => at.driver.settle(elsewhere.receipt))).toBe('RECEIPTS_MISSING')
  })

  it.each(['mysql2', 'mysql2/promise'])('works on pools of the host made with %s', async (client) => {
    const table = await account()
    const pools = (['reader', 'writer'] as const).map((role) => {
      const url = role === 'reader' ? at.world.readerUrl : at.world.writerUrl
      const pool = createPool({ uri: url, ...connectionOptions('mysql', role) })
      return client === 'mysql2' ? pool : pool.promise()
    })
    const [reader, writer] = pools
    const driver = at.open({ connections: { reader, writer } })
    const hosted = { ...table, world: { ...at, driver } }
    const change = await changeOf(hosted, 'A-1', { set: { balance: 5 }, version: versioned })
    expect((await driver.update({ ...change, dry_run: true })).outcome).toBe('applied')
    expect((await driver.update(change)).outcome).toBe('applied')
    expect((await driver.update(change)).outcome).toBe('duplicate')
    expect((await driver.settle(change.receipt ?? never())).kind).toBe('applied')
    expect((await readRow(hosted, 'A-1')).balance?.text).toBe('5')
    await driver.close()
    await Promise.all(pools.map((pool) => pool?.end()))
  })

  it('refuses pools that do not speak utf8mb4, and what is no pool', async () => {
    const pool = createPool({ uri: at.world.readerUrl, charset: 'latin1' })
    const open = (reader: unknown) => at.open({ connections: { reader, writer: pool } }).describe({ table: 'any' })
    expect(await codeOf(() => open(pool))).toBe('PRECONDITION_FAILED')
    expect(await codeOf(() => open({}))).toBe('PRECONDITION_FAILED')
    pool.end()
  })

  it('needs no more than the grants that it lists', async () => {
    const table = await account()
    const { readerUrl, writerUrl, adminUrl } = at.world
    const names = ['r', 'w'].map((role) => `grant_${role}_${Math.random().toString(36).slice(2, 10)}`)
    const [reader = '', writer = ''] = names
    for (const name of names) await at.sql(`create user ${name} identified by 'secret'`)
    const as = (url: string, name: string): string => {
      const own = new URL(url)
      own.username = name
      own.password = 'secret'
      return own.href
    }
    const driver = at.open({ reader_url: as(readerUrl, reader), writer_url: as(writerUrl, writer) })
    const { grants } = renderMigrations('mysql', {
      reader,
      writer,
      receipts: at.receipts,
      tables: [
        { ref: table.ref, readable: ['id', 'tenant_id', 'balance', 'version'], writable: ['balance', 'version'] },
      ],
    })
    const admin = await createConnection({ uri: adminUrl, multipleStatements: true })
    await admin.query(grants ?? '')
    await admin.end()

    const info = await driver.describe(table.ref)
    const limited = { ...table, info, world: { ...at, driver } }
    const change = await changeOf(limited, 'A-1', { set: { balance: 5 }, version: versioned })
    expect((await driver.update(change)).outcome).toBe('applied')
    expect((await driver.update(change)).outcome).toBe('duplicate')
    const note = await changeOf(table, 'A-1', { set: { note: 'x' } })
    expect(await codeOf(() => driver.update({ ...note, table: info }))).toBe('SOURCE_FORBIDDEN')
    await driver.close()
    for (const name of names) await at.sql(`drop user ${name}`)
  })

  it('reads every type as one text', async () => {
    const table = await makeTable(at, {})
    const { table: name } = table.ref
    await at.sql(
      `alter table ${name} add tiny tinyint unsigned, add wide bigint unsigned, add padded int(5) zerofill, add bits bit(3),
       add bytes varbinary(5), add single float, add twice double, add label enum('a,b', 'it''s'), add many set('x', 'y'),
       add at time(3), add y year, add long_text longtext`,
    )
    await at.sql(
      `insert into ${name} values ('A-1', 'acme', 255, 18446744073709551615, 7, 5, x'00ff', 0.1, 0.1, 'it''s', 'x,y',
       '-01:02:03.5', 2026, repeat('ü', 70000))`,
    )
    const info = await at.driver.describe(table.ref, { fresh: true })
    const row = await readRow({ ...table, info }, 'A-1')
    const texts = Object.fromEntries(Object.entries(row).map(([column, { text }]) => [column, text]))
    expect(texts).toEqual({
      id: 'A-1',
      tenant_id: 'acme',
      tiny: '255',
      wide: '18446744073709551615',
      padded: '00007',
      bits: '5',
      bytes: '00FF',
      single: '0.1',
      twice: '0.1',
      label: "it's",
      many: 'x,y',
      at: '-01:02:03.500',
      y: '2026',
      long_text: 'ü'.repeat(70_000),
    })
    const change = await changeOf({ ...table, info }, 'A-1', {
      set: { wide: '18446744073709551614', twice: 0.25, label: 'a,b', long_text: 'short' },
    })
    expect((await at.driver.update(change)).outcome).toBe('applied')
  })

  describe('on a bad network', () => {
    const attempt = async (through: { readonly writer_url: string }, change: GuardedUpdate): Promise<string> => {
      const driver = at.open({ ...through, statement_timeout_ms: 500 })
      try {
        return (await driver.update(change)).outcome
      } catch (error) {
        if (error instanceof Error && 'code' in error) return String(error.code)
        throw error
      } finally {
        await driver.close()
      }
    }

    it.each([
      ['in one statement', () => account()],
      ['in steps', () => watchedAccount()],
    ])(
      'never says that nothing happened when it did, and never writes twice, %s',
      async (_, make) => {
        const table = await make()
        const proxy = await openProxy(at.world.writerUrl)
        const through = { writer_url: proxy.through(at.world.writerUrl) }
        const seen: string[] = []
        let whole = 0
        const fresh = (balance: number) => changeOf(table, 'A-1', { set: { balance }, version: versioned })
        try {
          proxy.disturb(undefined)
          expect(await attempt(through, await fresh(-1))).toBe('applied')
          whole = proxy.passed
          for (let round = 0; round < 150; round += 1) {
            const change = await fresh(round + 1)
            const before = Number((await readRow(table, 'A-1')).version?.text)
            // Half of the cuts come somewhere, half of them near the commit, which is over in a few bytes.
            const last = whole - 60 + ((round * 7) % 60)
            const after = round % 2 === 0 ? (round * 197) % whole : last
            proxy.disturb({ kind: round % 3 === 0 ? 'mute' : 'cut', after })
            const first = await attempt(through, change)
            proxy.disturb(undefined)
            const again = await at.driver.update(change)
            const version = Number((await readRow(table, 'A-1')).version?.text)

            expect(version).toBe(before + 1)
            expect(await receiptsOf(change)).toHaveLength(1)
            expect(['applied', 'OUTCOME_UNKNOWN', 'SOURCE_UNAVAILABLE']).toContain(first)
            if (first === 'applied') expect(again.outcome).toBe('duplicate')
            if (first === 'SOURCE_UNAVAILABLE') expect(again.outcome).toBe('applied')
            seen.push(`${first} then ${again.outcome}`)
          }
        } finally {
          await proxy.close()
        }
        expect(Object.keys(countOf(seen)).sort()).toEqual(
          expect.arrayContaining(['OUTCOME_UNKNOWN then duplicate', 'SOURCE_UNAVAILABLE then applied']),
        )
      },
      240_000,
    )

    it('does not wait for ever for a server that has fallen silent', async () => {
      const table = await account()
      const proxy = await openProxy(at.world.writerUrl)
      const change = await changeOf(table, 'A-1', { set: { balance: 1 }, version: versioned })
      try {
        proxy.disturb({ kind: 'hole', after: 6000 })
        const startedAt = performance.now()
        expect(['SOURCE_UNAVAILABLE', 'OUTCOME_UNKNOWN', 'BUSY']).toContain(
          await attempt({ writer_url: proxy.through(at.world.writerUrl) }, change),
        )
        expect(performance.now() - startedAt).toBeLessThan(8000)
      } finally {
        await proxy.close()
      }
    })
  })
})

function column({ info }: CaseTable, name: string) {
  const found = info.columns.get(name)
  if (!found) throw new Error(`There is no column ${name}.`)
  return found
}

function never(): never {
  throw new Error('The change has no receipt.')
}
