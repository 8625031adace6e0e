import { copyFile, writeFile } from 'node:fs/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { GuardedUpdate } from '../../../src/drivers/driver.js'
import { openSqlite, type SqliteDatabase } from '../../../src/drivers/sqlite-library.js'
import { driverCases } from '../../../src/testing/driver-cases.js'
import {
  addRow,
  type CaseTable,
  changeOf,
  codeOf,
  columnOf,
  countOf,
  readRow,
  readRows,
} from '../../../src/testing/driver-world.js'
import { openSqliteDriverWorld, type SqliteDriverWorld, sqliteTraits } from './sqlite-world.js'

describe.each(['wal', 'delete'] as const)('sqlite driver, journal mode %s', (journal) => {
  let at: SqliteDriverWorld
  beforeAll(async () => {
    at = await openSqliteDriverWorld(journal)
  })
  afterAll(() => at?.drop())

  for (const { name, run } of driverCases(sqliteTraits)) it(name, () => run(at))
})

describe('sqlite driver', () => {
  let at: SqliteDriverWorld
  const handles: SqliteDatabase[] = []
  beforeAll(async () => {
    at = await openSqliteDriverWorld('wal')
  })
  afterEach(() => {
    for (const handle of handles.splice(0)) handle.close()
  })
  afterAll(() => at?.drop())

  const handle = async (path = at.path): Promise<SqliteDatabase> => {
    const opened = await openSqlite(path, { mode: 'create', busy_timeout_ms: 1000 })
    handles.push(opened)
    return opened
  }

  let tables = 0
  /** A table with columns of the test's own, `id` and `tenant_id` before them. */
  const tableOf = async (columns: string, options = ''): Promise<CaseTable> => {
    tables += 1
    const ref = { table: `own_${tables}` }
    await at.sql(`create table ${ref.table} (id text primary key, tenant_id text not null, ${columns}) ${options}`)
    return { world: at, ref, info: await at.driver.describe(ref, { fresh: true }) }
  }
  const insert = (table: CaseTable, column: string, literal: string) =>
    at.sql(`insert into ${table.ref.table} (id, tenant_id, ${column}) values ('A-1', 'acme', ${literal})`)
  const stored = async (table: CaseTable, column: string) =>
    (await at.sql(`select typeof(${column}), ${column} from ${table.ref.table}`))[0]

  describe('values', () => {
    it.each([
      ['integer', '9223372036854775807', { type: 'integer', text: '9223372036854775807' }],
      ['real', '1', { type: 'real', text: '1.0' }],
      ['real', '0.1', { type: 'real', text: '0.1' }],
      ['real', '1e300', { type: 'real', text: '1e+300' }],
      ['real', '9e999', { type: 'real', text: 'Infinity' }],
      ['decimal(10,2)', "'55.00'", { type: 'integer', text: '55' }],
      ['decimal(10,2)', "'55.50'", { type: 'real', text: '55.5' }],
      ['text', "'5'", { type: 'text', text: '5' }],
      ['text', "'a' || char(0) || 'b'", { type: 'text', text: 'a\u0000b' }],
      ['text', "cast(x'ff41' as text)", { type: 'malformed text', text: 'FF41' }],
      ['text', "char(65279) || 'bom'", { type: 'text', text: '\ufeffbom' }],
      ['blob', "x'00ff'", { type: 'blob', text: '00FF' }],
      ['boolean', '1', { type: 'boolean', text: '1' }],
      ['boolean', '2', { type: 'integer', text: '2' }],
      ['text', 'null', { type: 'null', text: null }],
    ])('reads %s %s as it is stored', async (type, literal, expected) => {
      const table = await tableOf(`value ${type}`)
      await insert(table, 'value', literal)
      expect((await readRow(table, 'A-1')).value).toEqual(expected)
    })

    it.each([
      ['integer', 5, 'integer', '5'],
      ['real', 5, 'real', '5'],
      ['real', 0.1, 'real', '0.1'],
      ['decimal(10,2)', '12.50', 'real', '12.5'],
      ['decimal(10,2)', '12', 'integer', '12'],
      ['text', '12', 'text', '12'],
      ['boolean', true, 'integer', '1'],
      ['datetime', '2026-01-01T00:00:00.000Z', 'text', '2026-01-01T00:00:00.000Z'],
      ['date', '2026-01-01', 'text', '2026-01-01'],
      ['', 'anything', 'text', 'anything'],
    ])('stores in %s what was approved: %s', async (type, value, storage, text) => {
      const table = await tableOf(`value ${type}`)
      await insert(table, 'value', 'null')
      const change = await changeOf(table, 'A-1', { set: { value } })
      expect((await at.driver.update(change)).outcome).toBe('applied')
      expect(await stored(table, 'value')).toEqual([storage, text])
      expect((await readRow(table, 'A-1')).value).toEqual(change.after[0]?.value)
    })

    it.each([
      ['uuid', '12e4'],
      ['string', '007'],
      ['json', '1'],
      ['decimal(30,20)', '0.12345678901234567890'],
      ['decimal(40,0)', '9223372036854775809'],
      ['integer', '9223372036854775808'],
      ['blob', 'x'],
    ])('refuses beforehand what %s would turn into something else', async (type, value) => {
      const table = await tableOf(`value ${type}`)
      expect(at.driver.dialect.toColumn(columnOf(table.info, 'value'), value).ok).toBe(false)
    })

    it('sees that a number became a text that looks like it', async () => {
      const table = await tableOf('value, note text')
      await insert(table, 'value', '5')
      const change = await changeOf(table, 'A-1', { set: { note: 'x' } })
      const before = { column: 'value', value: { type: 'integer', text: '5' } }
      await at.sql(`update ${table.ref.table} set value = '5'`)
      const guarded = { ...change, before: [...change.before, before] }
      expect((await at.driver.update(guarded)).outcome).toBe('conflict')
    })

    it('keeps the rules of a strict table', async () => {
      const table = await tableOf('value int, note text', 'strict')
      await insert(table, 'value', '5')
      const change = await changeOf(table, 'A-1', { set: { value: 6 } })
      const text = { column: 'value', value: { type: 'text', text: 'six' } }
      expect(await at.driver.update({ ...change, after: [text] })).toEqual({ outcome: 'failed', code: 'VALUE_REFUSED' })
      expect((await at.driver.update(change)).outcome).toBe('applied')
    })

    it('reads a file that is kept in UTF-16', async () => {
      const path = `${at.path}.utf16`
      const admin = await handle(path)
      admin.exec("pragma encoding = 'UTF-16le'; create table t (id text primary key, tenant_id text, note text)")
      admin.exec("insert into t values ('A-1', 'acme', 'ünï 😀')")
      const driver = at.open({ path })
      await driver.migrate(at.receipts)
      const table = { world: { ...at, driver }, ref: { table: 't' }, info: await driver.describe({ table: 't' }) }
      expect((await readRow(table, 'A-1')).note?.text).toBe('ünï 😀')
      expect(await readRows(table, 'A-1', 'ACME')).toEqual([])
      expect((await driver.update(await changeOf(table, 'A-1', { set: { note: 'neu' } }))).outcome).toBe('applied')
    })
  })

  describe('keys', () => {
    it('finds an integer key by its one spelling', async () => {
      await at.sql('create table numbered (id integer primary key, note text)')
      await at.sql("insert into numbered values (1, 'one'), (10, 'ten')")
      const info = await at.driver.describe({ table: 'numbered' })
      const id = columnOf(info, 'id')
      const read = at.driver.dialect.scopedRead({ table: info.ref, columns: [id], key: id, order_by: id, limit: 3 })
      const find = async (key: string) => {
        const bound = read.bind({ key })
        return bound ? (await at.driver.read(read, bound)).length : 0
      }
      expect(await find('1')).toBe(1)
      for (const key of ['1.0', '1e0', ' 1 ', '01', '+1', '0x1', '10e0', '1e1', '']) expect(await find(key)).toBe(0)
      // Without the check beforehand the statement itself holds.
      for (const key of ['1.0', '1e0', ' 1 ', '01', '1e1']) {
        expect(await at.driver.read(read, [key, key])).toEqual([])
      }
    })

    it('finds a row by its key without reading the others', async () => {
      const table = await tableOf('note text')
      const read = at.driver.dialect.scopedRead({
        table: table.ref,
        columns: [columnOf(table.info, 'note')],
        key: columnOf(table.info, 'id'),
        tenant: columnOf(table.info, 'tenant_id'),
        order_by: columnOf(table.info, 'id'),
        limit: 1,
      })
      const plan = (await at.sql(`explain query plan ${read.text.replaceAll('?', "'x'")}`)).flat().join(' ')
      expect(plan).toMatch(/SEARCH .* USING INDEX/)
    })

    it.each([
      [
        'a table without rowid',
        'create table $ (id text, tenant_id text, note text, primary key (tenant_id, id)) without rowid',
        [],
      ],
      ['a table without key', 'create table $ (id text, tenant_id text, note text)', ['NO_UNIQUE_KEY']],
      [
        'a unique key that may be NULL',
        'create table $ (id text unique, tenant_id text, note text)',
        ['NO_UNIQUE_KEY'],
      ],
      [
        'a partial unique index',
        "create table $ (id text not null, tenant_id text, note text); create unique index $_i on $ (id) where note = ''",
        ['NO_UNIQUE_KEY'],
      ],
      ['a view', 'create view $ as select 1 as id', ['NOT_A_TABLE']],
      ['a virtual table', 'create virtual table $ using fts5(id, tenant_id)', ['NOT_A_TABLE']],
    ])('says of %s whether it can be written', async (_, statement, problems) => {
      tables += 1
      at.admin.exec(statement.replaceAll('$', `shape_${tables}`))
      const info = await at.driver.describe({ table: `shape_${tables}` })
      expect(info.problems.map(({ code }) => code)).toEqual(problems)
    })

    it('takes no missing column for a string', async () => {
      const table = await tableOf('note text')
      await insert(table, 'note', "'x'")
      const column = { ...columnOf(table.info, 'note'), name: 'acme' }
      const read = at.driver.dialect.scopedRead({
        table: table.ref,
        columns: [column],
        tenant: column,
        order_by: column,
        limit: 1,
      })
      expect(await codeOf(() => at.driver.read(read, ['acme', 'acme']))).toBe('SCHEMA_DRIFT')
    })

    it('reads the real table where a temporary one has its name', async () => {
      const table = await tableOf('note text')
      await insert(table, 'note', "'real'")
      const host = await handle()
      host.exec(`create temp table ${table.ref.table} (id text, tenant_id text, note text)`)
      host.exec(`insert into temp.${table.ref.table} values ('A-1', 'acme', 'shadow')`)
      const driver = at.open({ connections: { reader: host, writer: host } })
      expect((await readRow({ ...table, world: { ...at, driver } }, 'A-1')).note?.text).toBe('real')
    })
  })

  describe('updates', () => {
    const dated = async (version: string) => {
      const table = await tableOf('note text, updated_at text not null')
      await at.sql(`insert into ${table.ref.table} values ('A-1', 'acme', 'x', '${version}')`)
      return table
    }

    it.each([
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.12345Z',
      '2026-01-01 00:00:00',
      '2026-01-01T00:00:00+02:00',
      '2026-01-01T00:00',
    ])('refuses the version %s, which two writes can share', async (version) => {
      const table = await dated(version)
      for (const advance of ['timestamp', 'database'] as const) {
        const guard = { column: 'updated_at', advance }
        const change = await changeOf(table, 'A-1', { set: { note: 'y' }, version: guard })
        expect(await codeOf(() => at.driver.update(change))).toBe('PRECONDITION_FAILED')
      }
      expect((await readRow(table, 'A-1')).note?.text).toBe('x')
    })

    it.each([
      ['2026-01-01T00:00:00.000000Z', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/],
      ['2026-01-01 00:00:00.000000', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/],
      ['2026-01-01T00:00:00.123456+02:00', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+02:00$/],
      ['2999-12-31T23:59:59.999999Z', /^3000-01-01T00:00:00\.000000Z$/],
    ])('moves the version %s on in its own form', async (version, form) => {
      const table = await dated(version)
      const advance = { column: 'updated_at', advance: 'timestamp' } as const
      const outcome = await at.driver.update(await changeOf(table, 'A-1', { set: { note: 'y' }, version: advance }))
      expect(outcome).toMatchObject({
        outcome: 'applied',
        previous_version: version,
        new_version: expect.stringMatching(form),
      })
    })

    it('does not let a table replace the rows that are in the way', async () => {
      const table = await tableOf('name text unique on conflict replace')
      await addRow(table, 'A-1', { name: 'one' })
      await addRow(table, 'A-2', { name: 'two' })
      const change = await changeOf(table, 'A-1', { set: { name: 'two' } })
      expect(await at.driver.update(change)).toEqual({ outcome: 'failed', code: 'CONSTRAINT_VIOLATION' })
      expect(await readRows(table, 'A-2')).toHaveLength(1)
    })

    it('rolls back when a constraint is only checked at the end', async () => {
      const parent = await tableOf('note text')
      const table = await tableOf(`parent text references ${parent.ref.table}(id) deferrable initially deferred`)
      await addRow(table, 'A-1', { parent: null })
      const change = await changeOf(table, 'A-1', { set: { parent: 'nobody' } })
      expect(await at.driver.update(change)).toEqual({ outcome: 'failed', code: 'CONSTRAINT_VIOLATION' })
      expect((await readRow(table, 'A-1')).parent?.text).toBeNull()
      expect(await at.driver.findReceipt(at.receipts, change.receipt?.key ?? '')).toBeUndefined()
    })

    it('rolls back when a trigger refuses the update, aloud or in silence', async () => {
      for (const action of ['abort', 'fail', 'rollback', 'ignore']) {
        const table = await tableOf('note text')
        await insert(table, 'note', "'old'")
        const raise = action === 'ignore' ? 'raise(ignore)' : `raise(${action}, 'no')`
        at.admin.exec(
          `create trigger ${table.ref.table}_t before update on ${table.ref.table} begin select ${raise}; end`,
        )
        const info = await at.driver.describe(table.ref)
        const change = await changeOf({ ...table, info }, 'A-1', { set: { note: 'new' } })
        const code = action === 'ignore' ? 'ROW_COUNT' : 'CONSTRAINT_VIOLATION'
        expect(await at.driver.update(change)).toEqual({ outcome: 'failed', code })
        expect((await readRow(table, 'A-1')).note?.text).toBe('old')
      }
    })

    it('answers for a change that was applied before the table was altered', async () => {
      const table = await tableOf('note text, other text')
      await insert(table, 'note', "'old'")
      const change = await changeOf(table, 'A-1', { set: { note: 'new' } })
      expect((await at.driver.update(change)).outcome).toBe('applied')
      await at.sql(`alter table ${table.ref.table} drop column other`)
      expect((await at.driver.update(change)).outcome).toBe('duplicate')
    })

    it('applies one of many when several drivers work on one file', async () => {
      const table = await tableOf('note text, version integer not null')
      await at.sql(`insert into ${table.ref.table} values ('A-1', 'acme', 'x', 1)`)
      const drivers = Array.from({ length: 8 }, () => at.open())
      const version = { column: 'version', advance: 'integer' } as const
      const changes: GuardedUpdate[] = []
      for (let i = 0; i < 40; i += 1) changes.push(await changeOf(table, 'A-1', { set: { note: `${i}` }, version }))
      const outcomes = await Promise.all(changes.map((change, i) => drivers[i % 8]?.update(change)))
      expect(countOf(outcomes.map((one) => one?.outcome ?? ''))).toEqual({ applied: 1, conflict: 39 })
    })

    it('leaves the process free while it waits for a lock', async () => {
      const table = await tableOf('note text')
      await insert(table, 'note', "'old'")
      const change = await changeOf(table, 'A-1', { set: { note: 'new' } })
      const unlock = await at.lock(table.ref, 'A-1')
      let longest = 0
      let last = performance.now()
      const pulse = setInterval(() => {
        longest = Math.max(longest, performance.now() - last)
        last = performance.now()
      }, 1)
      setTimeout(() => void unlock(), 300)
      expect((await at.driver.update(change)).outcome).toBe('applied')
      clearInterval(pulse)
      expect(longest).toBeLessThan(200)
    })
  })

  describe('connections of the host', () => {
    const world = async () => {
      const table = await tableOf('note text')
      await insert(table, 'note', "'old'")
      return { table, change: await changeOf(table, 'A-1', { set: { note: 'new' } }) }
    }

    it('serves with one connection for both roles, and leaves it open', async () => {
      const { table, change } = await world()
      const host = await handle()
      const driver = at.open({ connections: { reader: host, writer: host } })
      expect((await driver.update(change)).outcome).toBe('applied')
      expect((await readRow({ ...table, world: { ...at, driver } }, 'A-1')).note?.text).toBe('new')
      await driver.close()
      expect(host.prepare('select 1 as one').get()).toEqual({ one: 1 })
    })

    it('refuses a connection on which a transaction is open, and leaves that transaction alone', async () => {
      const { table, change } = await world()
      const host = await handle()
      const driver = at.open({ connections: { reader: host, writer: host } })
      host.exec('begin')
      expect(await codeOf(() => driver.update(change))).toBe('PRECONDITION_FAILED')
      expect(await codeOf(() => readRow({ ...table, world: { ...at, driver } }, 'A-1'))).toBe('PRECONDITION_FAILED')
      host.exec('commit')
      expect((await driver.update(change)).outcome).toBe('applied')
    })

    it('refuses what is no connection', async () => {
      const driver = at.open({ connections: { reader: {}, writer: null } })
      expect(await codeOf(() => driver.describe({ table: 'any' }))).toBe('PRECONDITION_FAILED')
    })

    it('refuses a connection that cannot tell whether a transaction is open on it', async () => {
      const { change } = await world()
      const host = await handle()
      const mute = {
        prepare: (sql: string) => host.prepare(sql),
        exec: (sql: string) => host.exec(sql),
        close: () => host.close(),
      }
      const driver = at.open({ connections: { reader: host, writer: mute } })
      expect(await codeOf(() => driver.update(change))).toBe('PRECONDITION_FAILED')
    })

    it.each([
      ['foreign_keys', 'off', 'on'],
      ['ignore_check_constraints', 'on', 'off'],
      ['writable_schema', 'on', 'off'],
    ])('refuses a connection whose %s was turned %s', async (setting, wrong, right) => {
      const { table, change } = await world()
      // Without its own defence, which would keep the schema from being made writable.
      const host = new DatabaseSync(at.path, { defensive: false })
      handles.push(host)
      const driver = at.open({ connections: { reader: host, writer: host } })
      expect((await driver.update({ ...change, dry_run: true })).outcome).toBe('applied')
      host.exec(`pragma ${setting} = ${wrong}`)
      await expect(driver.update(change)).rejects.toMatchObject({
        code: 'PRECONDITION_FAILED',
        details: { settings: [setting] },
      })
      expect((await readRow(table, 'A-1')).note?.text).toBe('old')
      host.exec(`pragma ${setting} = ${right}`)
      expect((await driver.update(change)).outcome).toBe('applied')
    })

    it('refuses a connection with temporary triggers on what it would write', async () => {
      const { table, change } = await world()
      const host = await handle()
      const driver = at.open({ connections: { reader: host, writer: host } })
      for (const watched of [table.ref.table.toUpperCase(), at.receipts.table]) {
        host.exec(`create temp trigger unseen after update on main.${watched} begin select 1; end`)
        expect(await codeOf(() => driver.update(change))).toBe('PRECONDITION_FAILED')
        host.exec('drop trigger temp.unseen')
      }
      expect((await readRow(table, 'A-1')).note?.text).toBe('old')
      expect((await driver.update(change)).outcome).toBe('applied')
    })

    it('tells a defect of the client library as one', async () => {
      const broken = {
        isTransaction: false,
        prepare: () => {
          throw new TypeError('Cannot read properties of undefined')
        },
        exec: () => {},
        close: () => {},
      }
      const driver = at.open({ connections: { reader: broken, writer: broken } })
      expect(await codeOf(() => driver.describe({ table: 'any' }))).toBe('INTERNAL')
    })

    it('warns of a connection that does not wait for the disk', async () => {
      const { table } = await world()
      const host = await handle()
      host.exec('pragma synchronous = off')
      const driver = at.open({ connections: { reader: host, writer: host } })
      const info = await driver.describe(table.ref)
      expect(info.fingerprint).toBe(table.info.fingerprint)
    })
  })

  describe('receipts', () => {
    const COLUMNS = `kind text not null, proposal_hash text not null, anchor text not null, previous_version text,
      new_version text, executed_at text not null`
    const KEYED = `create table $ (key text not null primary key, ${COLUMNS})`

    it.each([
      ['other columns', 'RECEIPTS_MISSING', 'create table $ (key text not null primary key, kind text not null)'],
      ['no primary key', 'PRECONDITION_FAILED', `create table $ (key text not null, ${COLUMNS})`],
      [
        'a wider primary key',
        'PRECONDITION_FAILED',
        `create table $ (key text not null, ${COLUMNS}, primary key (key, anchor))`,
      ],
      [
        'keys that are compared loosely',
        'PRECONDITION_FAILED',
        `create table $ (key text collate nocase not null primary key, ${COLUMNS})`,
      ],
      [
        'keys that are stored as numbers',
        'PRECONDITION_FAILED',
        `create table $ (key numeric not null primary key, ${COLUMNS})`,
      ],
      ['a trigger', 'PRECONDITION_FAILED', `${KEYED}; create trigger $_t after insert on $ begin delete from $; end`],
      [
        'only a view',
        'PRECONDITION_FAILED',
        `create table $_rows (key text not null primary key, ${COLUMNS}); create view $ as select * from $_rows`,
      ],
    ])('are not kept in a table with %s', async (_, code, statements) => {
      const table = await tableOf('note text')
      await insert(table, 'note', "'old'")
      const change = await changeOf(table, 'A-1', { set: { note: 'new' } })
      if (!change.receipt) throw new Error('The change has no receipt.')
      const receipts = { table: `receipts_${tables}` }
      at.admin.exec(statements.replaceAll('$', receipts.table))

      const claim = { ...change.receipt, table: receipts }
      expect(await codeOf(() => at.driver.migrate(receipts))).toBe(code)
      expect(await codeOf(() => at.driver.update({ ...change, receipt: claim }))).toBe(code)
      expect(await codeOf(() => at.driver.settle(claim))).toBe(code)
      expect(await codeOf(() => at.driver.findReceipt(receipts, claim.key))).toBe(code)
      expect((await readRow(table, 'A-1')).note?.text).toBe('old')
    })

    it('are not kept any more once the table has got a trigger', async () => {
      const table = await tableOf('note text')
      await insert(table, 'note', "'old'")
      const receipts = { table: `receipts_${tables}` }
      await at.driver.migrate(receipts)
      const change = await changeOf(table, 'A-1', { set: { note: 'new' } })
      if (!change.receipt) throw new Error('The change has no receipt.')
      const guarded = { ...change, receipt: { ...change.receipt, table: receipts } }
      expect((await at.driver.update({ ...guarded, dry_run: true })).outcome).toBe('applied')
      at.admin.exec(
        `create trigger ${receipts.table}_t before insert on ${receipts.table} begin select raise(ignore); end`,
      )
      expect(await codeOf(() => at.driver.update(guarded))).toBe('PRECONDITION_FAILED')
      expect((await readRow(table, 'A-1')).note?.text).toBe('old')
    })
  })

  describe('files', () => {
    it('never creates a file that is missing', async () => {
      const path = `${at.path}.missing`
      const driver = at.open({ path })
      expect(await codeOf(() => driver.describe({ table: 'any' }))).toBe('SOURCE_UNAVAILABLE')
      expect(await codeOf(() => driver.migrate(at.receipts))).toBe('SOURCE_UNAVAILABLE')
      await expect(copyFile(path, `${path}.copy`)).rejects.toMatchObject({ code: 'ENOENT' })
    })

    it('says that a file is no database', async () => {
      const path = `${at.path}.text`
      await writeFile(path, 'This is a letter, and a long one at that. '.repeat(200))
      expect(await codeOf(() => at.open({ path }).describe({ table: 'any' }))).toBe('SOURCE_UNAVAILABLE')
    })

    it('opens a file with any characters in its name', async () => {
      const path = `${at.path} ü?#%41&mode=memory`
      const admin = await handle(path)
      admin.exec('create table t (id text primary key)')
      expect((await at.open({ path }).describe({ table: 't' })).unique_keys).toEqual([['id']])
    })

    it('says that a file may not be written', async () => {
      const table = await tableOf('note text')
      await insert(table, 'note', "'old'")
      const change = await changeOf(table, 'A-1', { set: { note: 'new' } })
      const host = await openSqlite(at.path, { mode: 'read' })
      handles.push(host)
      const driver = at.open({ connections: { reader: host, writer: host } })
      expect(await codeOf(() => driver.update(change))).toBe('SOURCE_FORBIDDEN')
      expect((await at.driver.update(change)).outcome).toBe('applied')
    })

    it('has changed nothing when the file is full', async () => {
      const path = `${at.path}.full`
      const admin = await handle(path)
      admin.exec('create table t (id text primary key, tenant_id text not null, note text)')
      admin.exec("insert into t values ('A-1', 'acme', 'old')")
      const host = await handle(path)
      const driver = at.open({ path, connections: { reader: host, writer: host } })
      await driver.migrate(at.receipts)
      const info = await driver.describe({ table: 't' })
      const table = { world: { ...at, driver }, ref: info.ref, info }
      const change = await changeOf(table, 'A-1', { set: { note: 'x'.repeat(100_000) } })
      host.exec('pragma max_page_count = 1')
      expect(await codeOf(() => driver.update(change))).toBe('SOURCE_UNAVAILABLE')
      expect(admin.prepare('select note from t').get()).toEqual({ note: 'old' })
      host.exec('pragma max_page_count = 1000000')
      expect((await driver.update(change)).outcome).toBe('applied')
    })
  })
})
