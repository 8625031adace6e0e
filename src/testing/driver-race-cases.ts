import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GuardedUpdate } from '../drivers/driver.js'
import {
  addRow,
  changeOf,
  codeOf,
  countOf,
  type DriverCase,
  type DriverWorld,
  makeTable,
  outcomeOf,
  readRow,
  withText,
} from './driver-world.js'

const RIVALS = 40
const ROUNDS = 60

/** An outcome, `busy` where an engine gave up on a lock: nothing was changed, and the same call may come again. */
async function outcomeOrBusy(world: DriverWorld, change: GuardedUpdate): Promise<string> {
  try {
    return await outcomeOf(world, change)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'BUSY') return 'busy'
    throw error
  }
}

/** What must hold whoever comes first. */
export const raceCases: readonly DriverCase[] = [
  {
    name: 'applies a change once however many try at one time',
    needs: ['integer'],
    async run(world) {
      const table = await makeTable(world, { note: 'text', version: 'integer' })
      await addRow(table, 'INV-1', { note: 'old', version: 1 })
      const version = { column: 'version', advance: 'integer' } as const
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, version })

      const outcomes = await Promise.all(Array.from({ length: RIVALS }, () => outcomeOrBusy(world, change)))

      const { applied = 0, duplicate = 0, busy = 0 } = countOf(outcomes)
      assert.equal(applied, 1, JSON.stringify(countOf(outcomes)))
      assert.equal(applied + duplicate + busy, RIVALS, JSON.stringify(countOf(outcomes)))
      assert.equal((await readRow(table, 'INV-1')).version?.text, '2')
    },
  },
  {
    name: 'applies a change once without a version, when the values alone are compared',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'same' })
      const change = await changeOf(table, 'INV-1', { set: { note: 'same' } })
      const outcomes = await Promise.all(Array.from({ length: RIVALS }, () => outcomeOrBusy(world, change)))
      const { applied = 0, duplicate = 0, busy = 0 } = countOf(outcomes)
      assert.equal(applied, 1, JSON.stringify(countOf(outcomes)))
      assert.equal(applied + duplicate + busy, RIVALS, JSON.stringify(countOf(outcomes)))
    },
  },
  {
    name: 'lets one of many rivals through',
    needs: ['integer'],
    async run(world) {
      const table = await makeTable(world, { note: 'text', version: 'integer' })
      await addRow(table, 'INV-1', { note: 'old', version: 1 })
      const version = { column: 'version', advance: 'integer' } as const
      const changes: GuardedUpdate[] = []
      for (let i = 0; i < RIVALS; i += 1) {
        changes.push(await changeOf(table, 'INV-1', { set: { note: `by ${i}` }, version }))
      }

      const outcomes = await Promise.all(changes.map((change) => outcomeOrBusy(world, change)))

      const { applied = 0, conflict = 0, busy = 0 } = countOf(outcomes)
      assert.equal(applied, 1, JSON.stringify(countOf(outcomes)))
      assert.equal(applied + conflict + busy, RIVALS, JSON.stringify(countOf(outcomes)))
      const row = await readRow(table, 'INV-1')
      assert.deepEqual([row.version?.text, row.note?.text], ['2', `by ${outcomes.indexOf('applied')}`])
    },
  },
  {
    name: 'settles a key that was never used, after which it stays unused',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'old' })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      assert.ok(change.receipt)

      const tombstone = await world.driver.settle(change.receipt)
      assert.equal(tombstone.kind, 'tombstone')
      assert.deepEqual(await world.driver.settle(change.receipt), tombstone)

      assert.deepEqual(await world.driver.update(change), { outcome: 'duplicate', receipt: tombstone })
      assert.equal((await readRow(table, 'INV-1')).note?.text, 'old')
    },
  },
  {
    name: 'settles a key that was applied with its receipt',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'old' })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      assert.ok(change.receipt)
      await world.driver.update(change)
      assert.equal((await world.driver.settle(change.receipt)).kind, 'applied')
      assert.equal((await readRow(table, 'INV-1')).note?.text, 'new')
    },
  },
  {
    name: 'agrees with itself and with the row when applying races settling',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      for (let i = 0; i < ROUNDS; i += 1) {
        await addRow(table, `INV-${i}`, { note: 'old' })
        const change = await changeOf(table, `INV-${i}`, { set: { note: 'new' } })
        const { receipt } = change
        assert.ok(receipt)
        const applying = outcomeOrBusy(world, change)
        await sleep((i % 6) / 2)
        const [applied, settled] = await Promise.all([applying, world.driver.settle(receipt)])

        const { note } = await readRow(table, `INV-${i}`)
        const told = `${applied} ${settled.kind} ${note?.text}`
        assert.ok(['applied applied new', 'duplicate tombstone old', 'busy tombstone old'].includes(told), told)
      }
    },
  },
  {
    name: 'gives up on a row that somebody else keeps locked, and has changed nothing',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'old' })
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      const unlock = await world.lock(table.ref, 'INV-1')
      try {
        assert.equal(await codeOf(() => world.driver.update(change)), 'BUSY')
      } finally {
        await unlock()
      }
      assert.equal((await readRow(table, 'INV-1')).note?.text, 'old')
      assert.equal(await world.driver.findReceipt(world.receipts, change.receipt?.key ?? ''), undefined)
      assert.equal(await outcomeOf(world, change), 'applied')
    },
  },
  {
    name: 'tells nothing that a row holds in what it throws',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'canary-in-the-row' })
      const change = await changeOf(table, 'INV-1', { set: { note: 'canary-in-the-change' } })
      const unlock = await world.lock(table.ref, 'INV-1')
      const errors: unknown[] = []
      try {
        await world.driver.update(withText(change, 'tenant', 'acme')).catch((error: unknown) => errors.push(error))
      } finally {
        await unlock()
      }
      assert.equal(errors.length, 1)
      assert.doesNotMatch(JSON.stringify(errors) + String(errors[0]), /canary|acme|INV-1|:\/\//)
    },
  },
]
