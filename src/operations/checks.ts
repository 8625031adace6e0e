import { isDrift } from '../drivers/source-errors.js'
import { tableRef } from '../executors/sql.js'
import type { LedgerCheck } from '../ledger/ledger.js'
import type { TableRef } from '../protocol/table.js'
import type { Ports } from './ports.js'

/** One thing that the runner needs. `run` rejects with a RunnerError that says why it cannot be used. */
export type Check = LedgerAsked | SourceCheck

interface LedgerAsked {
  readonly name: 'ledger'
  readonly ledger: true
  run(): Promise<LedgerCheck>
}

/** Of one source. */
export interface SourceCheck {
  readonly name: `source:${string}` | `receipts:${string}`
  /** What holds when `run` resolves. */
  readonly fine: string
  run(): Promise<void>
}

/** Everything that the runner needs of its ledger and its sources. None of them writes anything. */
export function checksOf(ports: Ports): readonly Check[] {
  const sources = Object.keys(ports.contract.config.sources)
  return [
    { name: 'ledger', ledger: true, run: () => ports.ledger.check() },
    ...sources.map((name) => sourceCheck(ports, name)),
    ...sources.flatMap((name) => receiptsChecks(ports, name)),
  ]
}

/** What the runner needs of one source. */
export function sourceChecksOf(ports: Ports, name: string): readonly SourceCheck[] {
  return [sourceCheck(ports, name), ...receiptsChecks(ports, name)]
}

function receiptsChecks(ports: Ports, name: string): readonly SourceCheck[] {
  return isWritten(ports, name) && ports.sources.plan(name).has_writer ? receiptsCheck(ports, name) : []
}

/** Whether something of the contract writes this source with SQL of ours. */
export function isWritten({ contract }: Ports, name: string): boolean {
  if (contract.config.mode !== 'review' || contract.config.sources[name]?.read_only !== false) return false
  return [...contract.capabilities.values()].some(
    ({ source, change }) => source === name && change?.executor.type === 'sql_update',
  )
}

function sourceCheck(ports: Ports, name: string): SourceCheck {
  return {
    name: `source:${name}`,
    fine: `Source ${name} answers its reader.`,
    run: () => askSource(ports, name),
  }
}

function receiptsCheck(ports: Ports, name: string): readonly SourceCheck[] {
  const { receipts } = ports.sources.plan(name)
  if (receipts === null) return []
  return [
    {
      name: `receipts:${name}`,
      fine: `The receipts table of source ${name} is in place, and its writer may use it.`,
      run: () => askReceipts(ports, name, receipts),
    },
  ]
}

/** Describing any table goes all the way to the database, through the reader. One that is missing was asked for all the same. */
async function askSource(ports: Ports, name: string): Promise<void> {
  const source = await ports.sources.open(name)
  const [capability] = [...ports.contract.capabilities.values()].filter((each) => each.source === name)
  const table = capability === undefined ? UNKNOWN_TABLE : tableRef(capability)
  try {
    await source.driver.describe(table, { fresh: true })
  } catch (error) {
    if (!isDrift(error)) throw error
  }
}

const UNKNOWN_TABLE: TableRef = { table: 'synapsor_writeback_receipts' }

/** No receipt has this key. Looking for it holds the table against what a receipts table must be, through the writer. */
async function askReceipts(ports: Ports, name: string, receipts: TableRef): Promise<void> {
  const source = await ports.sources.open(name)
  await source.driver.findReceipt(receipts, 'no-receipt')
}
