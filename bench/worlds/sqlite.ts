import { join } from 'node:path'
import type { Runner } from '../../src/index.js'
import type { Library } from '../build.js'
import { TENANT } from '../contract.js'
import type { Bench } from '../figure.js'
import { ledgerIn, openRunner } from './world.js'

const SCHEMA = `create table invoices (
  id text primary key not null,
  tenant_id text not null,
  customer text not null,
  status text not null,
  late_fee_cents integer not null,
  waiver_reason text,
  amount decimal(12,2) not null,
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
)`

/** A file of invoices under a runner. */
export interface SqliteWorld {
  readonly folder: string
  readonly runner: Runner
  close(): Promise<void>
}

/** An SQLite file with so many invoices. The ledger is the given file, or a new one. */
export async function openSqliteWorld(bench: Bench, rows: number, ledger?: string): Promise<SqliteWorld> {
  const folder = bench.folder()
  const path = join(folder, 'shop.db')
  await createShop(bench.library, path, rows)
  const runner = await openRunner(bench, {
    source: { engine: 'sqlite', path },
    ledger: ledger ?? ledgerIn(folder),
  })
  return { folder, runner, close: () => runner.close() }
}

export async function createShop(library: Pick<Library, 'openSqlite'>, path: string, rows: number): Promise<void> {
  const database = await library.openSqlite(path, { mode: 'create' })
  try {
    database.exec('pragma journal_mode = wal')
    database.exec(SCHEMA)
    database.exec(`
      with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n + 1 < ${rows})
      insert into invoices (id, tenant_id, customer, status, late_fee_cents, amount)
      select printf('INV-%06d', n), '${TENANT}', 'Customer ' || n, 'open', 5500, 120.5 from numbers`)
  } finally {
    database.close()
  }
}
