import { join } from 'node:path'
import type { Runner } from '../../src/index.js'
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
  /** Place of the ledger. */
  readonly ledger: string
}

/** A runner over the invoices, with the receipts table in place. */
export async function openRunner({ library }: Bench, { source, env = {}, ledger }: RunnerOptions): Promise<Runner> {
  const logger = { info: () => undefined, warn: () => undefined }
  const runner = library.createRunner(contractOf(source), { env, ledger, logger })
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
