import { createHash } from 'node:crypto'
import type { Driver, GuardedUpdate } from '../../src/drivers/driver.js'
import type { ScopedRead, TableInfo } from '../../src/sql/dialect.js'
import { invoiceId, TENANT } from '../contract.js'
import type { Bench, Figure } from '../figure.js'
import { compare, describeEffort, totalCalls } from '../measure.js'
import { onEachServer, type World } from '../worlds/index.js'

const GOALS = { postgres: 1.5, mysql: 2.0 }
const RECEIPTS = { table: 'synapsor_writeback_receipts' }

/** The guarded transaction alone, on a table without triggers, against a bare UPDATE by primary key. */
export const applyStatement: Figure = {
  name: 'apply-statement',
  measure: (bench) => {
    const effort = bench.quick ? { calls: 500, times: 2, warmup: 200 } : { calls: 1000, times: 3, warmup: 200 }
    const each = totalCalls(effort)
    return onEachServer(bench, 2 * each, async (world) => {
      const driver = await openDriver(bench, world)
      try {
        const changes = await prepareChanges(driver, each)
        const times = await compare({
          ...effort,
          ours: (call) => update(driver, changes[call]),
          reference: (call) => world.update(each + call),
        })
        const { engine } = world
        return {
          name: 'apply-statement',
          engine,
          ...times,
          goal: GOALS[engine],
          unit: 'ms',
          note: describeEffort(effort),
        }
      } finally {
        await driver.close()
      }
    })
  },
}

function openDriver({ library }: Bench, { engine, urls }: World): Promise<Driver> {
  return library.openDriver(engine, { name: 'shop', ...urls, statement_timeout_ms: 3000 })
}

async function update(driver: Driver, change: GuardedUpdate | undefined): Promise<void> {
  if (change === undefined) throw new Error('There are fewer changes than calls.')
  const { outcome } = await driver.update(change)
  if (outcome !== 'applied') throw new Error(`A change was not applied: ${outcome}.`)
}

/** The changes that approved proposals on the first invoices would ask for. */
async function prepareChanges(driver: Driver, count: number): Promise<readonly GuardedUpdate[]> {
  const table = await driver.describe({ table: 'invoices' })
  const read = driver.dialect.scopedRead({
    table: table.ref,
    columns: ['id', 'tenant_id', 'late_fee_cents', 'waiver_reason', 'updated_at'].map((name) => column(table, name)),
    key: column(table, 'id'),
    tenant: column(table, 'tenant_id'),
    order_by: column(table, 'id'),
    limit: 1,
  })
  const changes: GuardedUpdate[] = []
  for (let number = 0; number < count; number++) changes.push(await prepareChange(driver, { table, read, number }))
  return changes
}

interface Invoice {
  readonly table: TableInfo
  readonly read: ScopedRead
  readonly number: number
}

async function prepareChange(driver: Driver, { table, read, number }: Invoice): Promise<GuardedUpdate> {
  const values = read.bind({ key: invoiceId(number), tenant: TENANT }) ?? []
  const [row = {}] = await driver.read(read, values)
  const { id, tenant_id, late_fee_cents, waiver_reason, updated_at } = row
  if (!id || !tenant_id || !late_fee_cents || !waiver_reason || !updated_at) throw new Error('An invoice is missing.')
  const reason = driver.dialect.toColumn(column(table, 'waiver_reason'), 'outage')
  const fee = driver.dialect.toColumn(column(table, 'late_fee_cents'), number % 10_000)
  if (!reason.ok || !fee.ok) throw new Error('A value does not fit its column.')
  return {
    receipt: { table: RECEIPTS, key: `wrp_${sha256(`key ${number}`).slice(0, 32)}`, ...digests(number) },
    table,
    key: { column: 'id', value: id },
    tenant: { column: 'tenant_id', value: tenant_id },
    before: [
      { column: 'late_fee_cents', value: late_fee_cents },
      { column: 'waiver_reason', value: waiver_reason },
    ],
    after: [
      { column: 'late_fee_cents', value: fee.value },
      { column: 'waiver_reason', value: reason.value },
    ],
    version: { column: 'updated_at', expected: updated_at, advance: 'timestamp' },
    dry_run: false,
  }
}

function digests(number: number): { readonly proposal_hash: string; readonly anchor: string } {
  return { proposal_hash: `sha256:${sha256(`proposal ${number}`)}`, anchor: `sha256:${sha256(`entry ${number}`)}` }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function column({ columns }: TableInfo, name: string) {
  const found = columns.get(name)
  if (found === undefined) throw new Error(`The invoices have no column ${name}.`)
  return found
}
