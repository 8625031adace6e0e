import assert from 'node:assert/strict'
import type { GuardedUpdate } from '../drivers/driver.js'
import {
  addRow,
  type CaseTable,
  changeOf,
  changeRow,
  codeOf,
  type DriverCase,
  type DriverWorld,
  HOSTILE_NAMES,
  makeTable,
  outcomeOf,
  readRow,
  withText,
} from './driver-world.js'

const counted = { version: { column: 'version', advance: 'integer' } } as const

async function invoices(world: DriverWorld): Promise<CaseTable> {
  return makeTable(world, { note: 'text', other: 'text', version: 'integer' })
}

/** As `changeOf`, but the clock has passed the moment until which it may be carried out. */
async function lateChange(table: CaseTable, id: string): Promise<GuardedUpdate> {
  const change = await changeOf(table, id, { set: { note: 'new' } })
  const not_after = new Date('2026-01-01T00:00:00.000Z')
  return { ...change, not_after, now: () => new Date(not_after.getTime() + 1) }
}

async function noteOf(table: CaseTable, id: string): Promise<string | null | undefined> {
  return (await readRow(table, id)).note?.text
}

/** What an update must not touch. */
export const guardCases: readonly DriverCase[] = [
  {
    name: 'answers conflict when the row was changed, and changes nothing',
    needs: ['integer'],
    async run(world) {
      const table = await invoices(world)
      await addRow(table, 'INV-1', { note: 'old', version: 1 })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, ...counted })
      await changeRow(table, 'INV-1', { other: 'x', version: 2 })

      assert.deepEqual(await world.driver.update(change), { outcome: 'conflict', current_version: '2' })
      assert.equal(await noteOf(table, 'INV-1'), 'old')
      assert.equal(await world.driver.findReceipt(world.receipts, change.receipt?.key ?? ''), undefined)
    },
  },
  {
    name: 'answers conflict when a reviewed column was changed and the version was not',
    needs: ['integer'],
    async run(world) {
      const table = await invoices(world)
      await addRow(table, 'INV-1', { note: 'old', version: 1 })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, ...counted })
      await changeRow(table, 'INV-1', { note: 'OLD' })

      assert.equal(await outcomeOf(world, change), 'conflict')
      assert.equal(await noteOf(table, 'INV-1'), 'OLD')
    },
  },
  {
    name: 'compares reviewed texts byte by byte',
    async run(world) {
      const table = await makeTable(world, { note: 'key' })
      for (const [i, now] of ['OLD', 'old ', 'öld', 'old\u200b', '', null].entries()) {
        await addRow(table, `INV-${i}`, { note: 'old' })
        const change = await changeOf(table, `INV-${i}`, { set: { note: 'new' } })
        await changeRow(table, `INV-${i}`, { note: now })
        assert.equal(await outcomeOf(world, change), 'conflict', JSON.stringify(now))
        assert.equal(await noteOf(table, `INV-${i}`), now)
      }
    },
  },
  {
    name: 'answers conflict when the row was changed and changed back',
    needs: ['integer'],
    async run(world) {
      const table = await invoices(world)
      await addRow(table, 'INV-1', { note: 'old', version: 1 })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, ...counted })
      await changeRow(table, 'INV-1', { note: 'x', version: 2 })
      await changeRow(table, 'INV-1', { note: 'old', version: 3 })
      assert.equal(await outcomeOf(world, change), 'conflict')
      assert.equal(await noteOf(table, 'INV-1'), 'old')
    },
  },
  {
    name: 'answers conflict when the row is gone or another tenant has it',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'old' })
      await addRow(table, 'INV-2', { note: 'old' })
      const [moved, gone] = [
        await changeOf(table, 'INV-1', { set: { note: 'new' } }),
        await changeOf(table, 'INV-2', { set: { note: 'new' } }),
      ]
      await changeRow(table, 'INV-1', { tenant_id: 'ACME' })
      const { dialect } = world.driver
      await world.sql(`delete from ${dialect.table(table.ref)} where ${dialect.quote('id')} = 'INV-2'`)

      assert.equal(await outcomeOf(world, moved), 'conflict')
      assert.equal(await outcomeOf(world, gone), 'conflict')
      assert.equal((await readRow(table, 'INV-1', 'ACME')).note?.text, 'old')
    },
  },
  {
    name: 'changes no row for a hostile tenant or key',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'acme', { note: 'old' })
      const change = await changeOf(table, 'acme', { set: { note: 'new' } })
      for (const name of HOSTILE_NAMES) {
        assert.equal(await outcomeOf(world, withText(change, 'tenant', name)), 'conflict', JSON.stringify(name))
        assert.equal(await outcomeOf(world, withText(change, 'key', name)), 'conflict', JSON.stringify(name))
      }
      assert.equal(await noteOf(table, 'acme'), 'old')
      assert.equal(await outcomeOf(world, change), 'applied')
    },
  },
  {
    name: 'answers drift when a column that it needs is gone or of another type',
    needs: ['integer'],
    async run(world) {
      const { dialect } = world.driver
      const table = await makeTable(world, { note: 'text', count: 'integer' })
      await addRow(table, 'INV-1', { note: 'old', count: 1 })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      await outcomeOf(world, await changeOf(table, 'INV-1', { set: { note: 'old' } }))
      await world.sql(`alter table ${dialect.table(table.ref)} drop column ${dialect.quote('note')}`)
      assert.equal(await outcomeOf(world, change), 'drift')

      const again = await world.driver.describe(table.ref, { fresh: true })
      const counting = await changeOf({ ...table, info: again }, 'INV-1', { set: { count: 2 } })
      await world.sql(`alter table ${dialect.table(table.ref)} drop column ${dialect.quote('count')}`)
      const type = world.traits.types.text
      await world.sql(`alter table ${dialect.table(table.ref)} add column ${dialect.quote('count')} ${type}`)
      assert.equal(await outcomeOf(world, counting), 'drift')
    },
  },
  {
    name: 'answers drift when the table is gone',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'old' })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      await world.sql(`drop table ${world.driver.dialect.table(table.ref)}`)
      assert.equal(await outcomeOf(world, change), 'drift')
    },
  },
  {
    name: 'changes nothing when a trigger that changes the row appeared since the table was described',
    needs_triggers: true,
    async run(world) {
      const table = await makeTable(world, { note: 'text', other: 'text' })
      await addRow(table, 'INV-1', { note: 'old', other: 'kept' })
      assert.equal(await outcomeOf(world, await changeOf(table, 'INV-1', { set: { note: 'old' } })), 'applied')
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      for (const statement of world.traits.trigger?.(table.ref, 'other', `'changed'`) ?? []) await world.sql(statement)
      assert.equal(await outcomeOf(world, change), world.traits.hides_triggers ? 'failed' : 'drift')
      assert.equal(await noteOf(table, 'INV-1'), 'old')
    },
  },
  {
    name: 'answers expired once it is too late, changes nothing and leaves no receipt',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'old' })
      const late = await lateChange(table, 'INV-1')
      assert.deepEqual(await world.driver.update(late), { outcome: 'expired' })
      assert.equal(await noteOf(table, 'INV-1'), 'old')
      assert.equal(await world.driver.findReceipt(world.receipts, late.receipt?.key ?? ''), undefined)

      assert.equal(await outcomeOf(world, { ...late, now: () => late.not_after ?? new Date() }), 'applied')
      assert.equal(await outcomeOf(world, late), 'duplicate')
    },
  },
  {
    name: 'answers expired once it is too late in a table with a trigger',
    needs_triggers: true,
    async run(world) {
      const plain = await makeTable(world, { note: 'text', other: 'text' })
      await addRow(plain, 'INV-1', { note: 'old', other: 'kept' })
      for (const statement of world.traits.trigger?.(plain.ref, 'other', `'kept'`) ?? []) await world.sql(statement)
      const table = { ...plain, info: await world.driver.describe(plain.ref, { fresh: true }) }
      const late = await lateChange(table, 'INV-1')
      assert.deepEqual(await world.driver.update(late), { outcome: 'expired' })
      assert.equal(await noteOf(table, 'INV-1'), 'old')
      assert.equal(await world.driver.findReceipt(world.receipts, late.receipt?.key ?? ''), undefined)
      assert.equal(await outcomeOf(world, { ...late, now: () => late.not_after ?? new Date() }), 'applied')
    },
  },
  {
    name: 'says that the receipts table is missing, before anything is written',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'old' })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      assert.ok(change.receipt)
      const claim = { ...change.receipt, table: { ...world.receipts, table: 'no_such_receipts' } }
      assert.equal(await codeOf(() => world.driver.update({ ...change, receipt: claim })), 'RECEIPTS_MISSING')
      assert.equal(await codeOf(() => world.driver.settle(claim)), 'RECEIPTS_MISSING')
      assert.equal(await noteOf(table, 'INV-1'), 'old')
    },
  },
  {
    name: 'refuses a table in which nothing identifies a row',
    async run(world) {
      const { dialect } = world.driver
      const keyed = await makeTable(world, { note: 'text' })
      const ref = { ...keyed.ref, table: `${keyed.ref.table}_n` }
      const { key, text } = world.traits.types
      const columns = `${dialect.quote('id')} ${key}, ${dialect.quote('tenant_id')} ${key}, ${dialect.quote('note')} ${text}`
      await world.sql(`create table ${dialect.table(ref)} (${columns}) ${world.traits.table_options ?? ''}`)
      await world.admit(ref)
      const info = await world.driver.describe(ref)
      assert.ok(info.problems.some(({ code }) => code === 'NO_UNIQUE_KEY'))
      const table = { world, ref, info }
      await addRow(table, 'INV-1', { note: 'old' })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      assert.equal(await codeOf(() => world.driver.update(change)), 'PRECONDITION_FAILED')
      assert.equal(await noteOf(table, 'INV-1'), 'old')
    },
  },
  {
    name: 'refuses a view',
    async run(world) {
      const { dialect } = world.driver
      const table = await makeTable(world, { note: 'text' })
      const ref = { ...table.ref, table: `${table.ref.table}_v` }
      await world.sql(`create view ${dialect.table(ref)} as select * from ${dialect.table(table.ref)}`)
      await world.admit(ref)
      const info = await world.driver.describe(ref)
      assert.ok(info.problems.some(({ code, severity }) => code === 'NOT_A_TABLE' && severity === 'refuse'))
    },
  },
]
