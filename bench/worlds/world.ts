import { join } from 'node:path'
import type { Config, Runner, WorkflowFunctions } from '../../src/index.js'
import type { Ledger } from '../../src/ledger/ledger.js'
import { contractOf, type SourceOfContract } from '../contract.js'
import type { Bench } from '../figure.js'

/** A database of invoices under a runner, and the same work done on the database's bare client. */
export interface World {
  readonly engine: 'postgres' | 'mysql'
  /** What the runner reads and writes through, for a driver of one's own. */
  readonly urls: { readonly reader_url: string; readonly writer_url: string }
  readonly runner: Runner
  /** Reads the visible columns of one invoice by key and tenant, prepared. */
  select(number: number): Promise<unknown>
  /** Updates one invoice by its key, prepared, committed by itself. */
  update(number: number): Promise<unknown>
  close(): Promise<void>
}

export interface RunnerOptions {
  readonly source: SourceOfContract
  readonly env?: Readonly<Record<string, string>>
  /** Place of the ledger, or the ledger itself. */
  readonly ledger: string | Ledger
  /** The contract over the source. */
  readonly contract?: (source: SourceOfContract) => Config
  readonly workflows?: WorkflowFunctions
}

/** A runner over the invoices, with the receipts table in place. */
export async function openRunner(
  { library }: Bench,
  { source, env = {}, ledger, contract = contractOf, workflows = {} }: RunnerOptions,
): Promise<Runner> {
  const logger = { info: () => undefined, warn: () => undefined }
  const runner = library.createRunner(contract(source), { env, ledger, workflows, logger })
  await runner.migrate('shop')
  return runner
}

export const READ_URL = 'SHOP_READ_URL'
export const WRITE_URL = 'SHOP_WRITE_URL'

export function serverSource(engine: World['engine']): SourceOfContract {
  return { engine, read_url_env: READ_URL, write_url_env: WRITE_URL }
}

export function ledgerIn(folder: string): string {
  return join(folder, 'ledger.db')
}

/** A commit that does not wait for the disk would make the reference cheaper than it is anywhere else. */
export function assertDurable(engine: string, isDurable: boolean): void {
  if (!isDurable) throw new Error(`The ${engine} server commits without waiting for the disk: use another.`)
}
