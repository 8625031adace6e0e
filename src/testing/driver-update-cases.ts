import assert from 'node:assert/strict'
import type { GuardedUpdate } from '../drivers/driver.js'
import {
  addRow,
  type CaseTable,
  changeOf,
  type DriverCase,
  type DriverWorld,
  makeTable,
  outcomeOf,
  readRow,
} from './driver-world.js'

const counted = { version: { column: 'version', advance: 'integer' } } as const

async function invoices(world: DriverWorld): Promise<CaseTable> {
  return makeTable(world, { note: 'text', other: 'text', version: 'integer' })
}

async function noteOf(table: CaseTable, id: string): Promise<string | null | undefined> {
  return (await readRow(table, id)).note?.text
}

/** What an update must do, and undo. */
export const updateCases: readonly DriverCase[] = [
  {
    name: 'applies a change once, and answers a repetition with the first receipt',
    needs: ['integer'],
    async run(world) {
      const table = await invoices(world)
      await addRow(table, 'INV-1', { note: 'old', other: 'kept', version: 7 })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, ...counted })

      assert.deepEqual(await world.driver.update(change), {
        outcome: 'applied',
        previous_version: '7',
        new_version: '8',
      })
      const again = await world.driver.update(change)

      assert.ok(again.outcome === 'duplicate' && change.receipt)
      const { executed_at, ...receipt } = again.receipt
      const { key, proposal_hash, anchor } = change.receipt
      assert.deepEqual(receipt, {
        key,
        proposal_hash,
        anchor,
        kind: 'applied',
        previous_version: '7',
        new_version: '8',
      })
      assert.ok(Math.abs(Date.parse(executed_at) - Date.now()) < 3_600_000, `Not the present time: ${executed_at}`)
      assert.deepEqual(await world.driver.findReceipt(world.receipts, key), again.receipt)
      const row = await readRow(table, 'INV-1')
      assert.deepEqual([row.note?.text, row.other?.text, row.version?.text], ['new', 'kept', '8'])
    },
  },
  {
    name: 'answers with the receipt as it is stored, whatever the repetition claims',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'old' })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      assert.ok(change.receipt)
      await world.driver.update(change)

      const again = await world.driver.update({
        ...change,
        receipt: { ...change.receipt, proposal_hash: 'sha256:other' },
      })

      assert.ok(again.outcome === 'duplicate')
      assert.equal(again.receipt.proposal_hash, change.receipt.proposal_hash)
    },
  },
  {
    name: 'tells receipt keys apart by case, accents and blanks',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: '0' })
      const first = await changeOf(table, 'INV-1', { set: { note: '1' } })
      assert.ok(first.receipt)
      const { key } = first.receipt
      await world.driver.update(first)
      for (const [i, other] of [key.toUpperCase(), `${key} `, key.replace('c', 'ç')].entries()) {
        const next = await changeOf(table, 'INV-1', { set: { note: `${i + 2}` } })
        const outcome = await outcomeOf(world, { ...next, receipt: { ...first.receipt, key: other } })
        assert.equal(outcome, 'applied', `The key was taken for another: ${JSON.stringify(other)}`)
      }
    },
  },
  {
    name: 'counts a matched row even when no value changes',
    needs: ['integer'],
    async run(world) {
      const table = await invoices(world)
      await addRow(table, 'INV-1', { note: 'same', version: 1 })
      const change = await changeOf(table, 'INV-1', { set: { note: 'same' }, ...counted })
      assert.deepEqual(await world.driver.update(change), {
        outcome: 'applied',
        previous_version: '1',
        new_version: '2',
      })
      const unversioned = await changeOf(table, 'INV-1', { set: { note: 'same' } })
      assert.equal(await outcomeOf(world, unversioned), 'applied')
    },
  },
  {
    name: 'moves a time version on at every change, even one that lies ahead of the clock',
    needs: ['instant'],
    async run(world) {
      const table = await makeTable(world, { note: 'text', updated_at: 'instant' })
      await addRow(table, 'INV-1', { note: '0', updated_at: '2037-01-01T00:00:00.999999Z' })
      const versions: (string | null)[] = []
      for (let i = 1; i <= 20; i += 1) {
        const version = { column: 'updated_at', advance: 'timestamp' } as const
        const outcome = await world.driver.update(await changeOf(table, 'INV-1', { set: { note: `${i}` }, version }))
        assert.ok(outcome.outcome === 'applied')
        versions.push(outcome.new_version)
      }
      assert.equal(new Set(versions).size, 20)
      const seconds = versions.map((version) => (version ?? '').slice(0, 19))
      assert.deepEqual(seconds, [...seconds].sort())
      assert.match(seconds[0] ?? '', /^2037-01-01[T ]00:00:01$/)
    },
  },
  {
    name: 'refuses a change whose version nothing moves on',
    needs: ['integer'],
    async run(world) {
      const table = await invoices(world)
      await addRow(table, 'INV-1', { note: 'old', version: 1 })
      const version = { column: 'version', advance: 'database' } as const
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, version })
      assert.deepEqual(await world.driver.update(change), { outcome: 'failed', code: 'VERSION_NOT_ADVANCED' })
      assert.equal(await noteOf(table, 'INV-1'), 'old')
    },
  },
  {
    name: 'accepts a version that the database moves on',
    needs: ['integer'],
    needs_triggers: true,
    async run(world) {
      const table = await invoices(world)
      await addRow(table, 'INV-1', { note: 'old', version: 1 })
      for (const statement of world.traits.trigger?.(table.ref, 'version', '5') ?? []) await world.sql(statement)
      const fresh = { ...table, info: await world.driver.describe(table.ref, { fresh: true }) }
      const version = { column: 'version', advance: 'database' } as const
      const change = await changeOf(fresh, 'INV-1', { set: { note: 'new' }, version })
      assert.deepEqual(await world.driver.update(change), {
        outcome: 'applied',
        previous_version: '1',
        new_version: '5',
      })
      assert.equal(await noteOf(table, 'INV-1'), 'new')
    },
  },
  {
    name: 'rolls back when a trigger changes a column that nobody approved',
    needs_triggers: true,
    async run(world) {
      const table = await makeTable(world, { note: 'text', other: 'text' })
      await addRow(table, 'INV-1', { note: 'old', other: 'kept' })
      for (const statement of world.traits.trigger?.(table.ref, 'other', `'changed'`) ?? []) await world.sql(statement)
      const fresh = { ...table, info: await world.driver.describe(table.ref, { fresh: true }) }
      const change = await changeOf(fresh, 'INV-1', { set: { note: 'new' } })

      const expected = { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH', columns: ['other'] }
      assert.deepEqual(await world.driver.update(change), expected)

      const row = await readRow(table, 'INV-1')
      assert.deepEqual([row.note?.text, row.other?.text], ['old', 'kept'])
      assert.equal(await world.driver.findReceipt(world.receipts, change.receipt?.key ?? ''), undefined)
    },
  },
  {
    name: 'rolls back when a trigger changes what was approved',
    needs_triggers: true,
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'old' })
      for (const statement of world.traits.trigger?.(table.ref, 'note', `'changed'`) ?? []) await world.sql(statement)
      const fresh = { ...table, info: await world.driver.describe(table.ref, { fresh: true }) }
      const change = await changeOf(fresh, 'INV-1', { set: { note: 'new' } })
      const expected = { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH', columns: ['note'] }
      assert.deepEqual(await world.driver.update(change), expected)
      assert.equal(await noteOf(table, 'INV-1'), 'old')
    },
  },
  {
    name: 'rolls back when the column stores another number than was approved',
    needs: ['decimal'],
    async run(world) {
      const table = await makeTable(world, { fee: 'decimal' })
      await addRow(table, 'INV-1', { fee: '7.00' })
      const change = await changeOf(table, 'INV-1', { set: { fee: '1.00' } })
      const [fee] = change.after
      assert.ok(fee)
      for (const text of ['1.005', '1', '01.00', 'x']) {
        const unlike: GuardedUpdate = { ...change, after: [{ ...fee, value: { ...fee.value, text } }] }
        assert.equal(await outcomeOf(world, unlike), 'failed', text)
        assert.equal((await readRow(table, 'INV-1')).fee?.text, '7.00')
      }
    },
  },
  {
    name: 'rolls back when a constraint is violated',
    async run(world) {
      const table = await makeTable(world, { name: 'key' }, 'name')
      await addRow(table, 'INV-1', { name: 'one' })
      await addRow(table, 'INV-2', { name: 'two' })
      const change = await changeOf(table, 'INV-1', { set: { name: 'two' } })

      assert.deepEqual(await world.driver.update(change), { outcome: 'failed', code: 'CONSTRAINT_VIOLATION' })
      assert.equal((await readRow(table, 'INV-1')).name?.text, 'one')
      assert.equal(await world.driver.findReceipt(world.receipts, change.receipt?.key ?? ''), undefined)
    },
  },
  {
    name: 'leaves nothing behind after a dry run',
    needs: ['integer'],
    async run(world) {
      const table = await invoices(world)
      await addRow(table, 'INV-1', { note: 'old', version: 1 })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, ...counted })
      const rehearsal = await world.driver.update({ ...change, dry_run: true })
      assert.deepEqual(rehearsal, { outcome: 'applied', previous_version: '1', new_version: '2' })
      assert.equal(await noteOf(table, 'INV-1'), 'old')
      assert.equal(await world.driver.findReceipt(world.receipts, change.receipt?.key ?? ''), undefined)
      assert.equal(await outcomeOf(world, change), 'applied')
    },
  },
  {
    name: 'applies without receipts where the source holds none',
    needs: ['integer'],
    async run(world) {
      const table = await invoices(world)
      await addRow(table, 'INV-1', { note: 'old', version: 1 })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, ...counted, with_receipt: false })
      assert.equal(await outcomeOf(world, change), 'applied')
      assert.deepEqual(await world.driver.update(change), { outcome: 'conflict', current_version: '2' })
    },
  },
]
