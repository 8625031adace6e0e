import assert from 'node:assert/strict'
import {
  addRow,
  codeOf,
  columnOf,
  type DriverCase,
  HOSTILE_NAMES,
  makeTable,
  readOf,
  readRow,
  readRows,
} from './driver-world.js'

/** What describing and reading must promise. */
export const readCases: readonly DriverCase[] = [
  {
    name: 'reads a row of the tenant, and of no other',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'ours' })
      await addRow(table, 'INV-2', { tenant_id: 'other', note: 'theirs' })

      assert.equal((await readRow(table, 'INV-1')).note?.text, 'ours')
      assert.deepEqual(await readRows(table, 'INV-2'), [])
      assert.deepEqual(await readRows(table, 'INV-3'), [])
    },
  },
  {
    name: 'takes no hostile name for a tenant that it resembles',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1')
      for (const name of HOSTILE_NAMES) assert.deepEqual(await readRows(table, 'INV-1', name), [])
    },
  },
  {
    name: 'takes no hostile name for a key that it resembles',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'acme')
      await addRow(table, 'plain')
      for (const name of HOSTILE_NAMES) assert.deepEqual(await readRows(table, name), [])
    },
  },
  {
    name: 'finds a number by its one spelling and by no other',
    needs: ['bigint'],
    async run(world) {
      const table = await makeTable(world, { number: 'bigint' })
      await addRow(table, 'INV-1', { number: '9007199254740993' })
      const read = world.driver.dialect.scopedRead({
        table: table.ref,
        columns: [columnOf(table.info, 'id')],
        key: columnOf(table.info, 'number'),
        order_by: columnOf(table.info, 'id'),
        limit: 3,
      })
      const find = async (key: string) => {
        const bound = read.bind({ key })
        return bound === undefined ? [] : world.driver.read(read, bound)
      }

      assert.equal((await find('9007199254740993')).length, 1)
      const others = [
        '9007199254740992',
        '09007199254740993',
        '+9007199254740993',
        ' 9007199254740993',
        '9007199254740993 ',
      ]
      const odd = ['9007199254740993.0', '9.007199254740993e15', '', 'x', '-', '٣', '99999999999999999999', '0x1']
      for (const key of [...others, ...odd]) assert.deepEqual(await find(key), [])
    },
  },
  {
    name: 'reads every value as the text that was stored',
    needs: ['bigint', 'decimal', 'instant', 'date'],
    async run(world) {
      const table = await makeTable(world, { big: 'bigint', fee: 'decimal', at: 'instant', on: 'date', note: 'text' })
      const values = {
        big: '9007199254740993',
        fee: '1234567890.10',
        at: '2026-03-29T02:30:00.123456Z',
        on: '2026-03-29',
        note: ' Ünïcode 😀 with blanks  ',
      }
      await addRow(table, 'INV-1', values)
      const row = await readRow(table, 'INV-1')

      assert.equal(row.big?.text, '9007199254740993')
      assert.equal(row.fee?.text, '1234567890.10')
      assert.match(row.at?.text ?? '', /2026-03-29[T ]02:30:00\.123456/)
      assert.equal(row.on?.text, '2026-03-29')
      assert.equal(row.note?.text, values.note)
    },
  },
  {
    name: 'keeps NULL and the empty text apart',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: '' })
      await addRow(table, 'INV-2', { note: null })
      assert.equal((await readRow(table, 'INV-1')).note?.text, '')
      assert.equal((await readRow(table, 'INV-2')).note?.text, null)
    },
  },
  {
    name: 'reads JSON as text, with numbers that no parser has touched',
    needs: ['json'],
    async run(world) {
      const table = await makeTable(world, { data: 'json' })
      const { dialect } = world.driver
      const columns = `${dialect.quote('id')}, ${dialect.quote('tenant_id')}, ${dialect.quote('data')}`
      await world.sql(
        `insert into ${dialect.table(table.ref)} (${columns}) values ('INV-1', 'acme', '{"big": 9007199254740993}')`,
      )
      assert.match((await readRow(table, 'INV-1')).data?.text ?? '', /9007199254740993/)
    },
  },
  {
    name: 'says that a table is missing when it is described',
    async run(world) {
      const ref = { ...(world.schema === undefined ? {} : { schema: world.schema }), table: 'no_such_table' }
      assert.equal(await codeOf(() => world.driver.describe(ref)), 'SCHEMA_DRIFT')
    },
  },
  {
    name: 'says that a column is missing when it is read',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      const read = readOf(table)
      const { dialect } = world.driver
      await world.sql(`alter table ${dialect.table(table.ref)} drop column ${dialect.quote('note')}`)
      const bound = read.bind({ key: 'INV-1', tenant: 'acme' })
      assert.ok(bound)
      assert.equal(await codeOf(() => world.driver.read(read, bound)), 'SCHEMA_DRIFT')
    },
  },
  {
    name: 'describes a table anew when asked, under another fingerprint when it has changed',
    async run(world) {
      const { info, ref } = await makeTable(world, { note: 'text' })
      const { dialect } = world.driver
      assert.equal((await world.driver.describe(ref, { fresh: true })).fingerprint, info.fingerprint)

      const type = world.traits.types.text
      await world.sql(`alter table ${dialect.table(ref)} add column ${dialect.quote('extra')} ${type}`)

      const changed = await world.driver.describe(ref, { fresh: true })
      assert.notEqual(changed.fingerprint, info.fingerprint)
      assert.ok(changed.columns.has('extra'))
    },
  },
  {
    name: 'describes what identifies a row',
    async run(world) {
      const { info } = await makeTable(world, { note: 'text' })
      assert.deepEqual(info.unique_keys, [['id']])
      assert.equal(info.has_triggers, false)
      assert.deepEqual(
        info.problems.filter(({ severity }) => severity === 'refuse'),
        [],
      )
    },
  },
  {
    name: 'shows another fingerprint for a table that got a trigger',
    needs_triggers: 'shown',
    async run(world) {
      const { info, ref } = await makeTable(world, { note: 'text' })
      for (const statement of world.traits.trigger?.(ref, 'note', `'x'`) ?? []) await world.sql(statement)
      const changed = await world.driver.describe(ref, { fresh: true })
      assert.equal(changed.has_triggers, true)
      assert.notEqual(changed.fingerprint, info.fingerprint)
    },
  },
]
