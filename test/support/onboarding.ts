import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../src/drivers/sqlite-library.js'
import { fixedClock } from '../../src/testing/index.js'
import { type CliResult, runAt, wordsOf } from './cli.js'

/** An empty folder in which command lines run. */
export interface Folder {
  readonly path: string
  run(line: string | readonly string[], options?: Parameters<typeof runAt>[3]): Promise<CliResult>
  read(file: string): string
  has(file: string): boolean
  /** Every file in it, relative, sorted. */
  files(): readonly string[]
  remove(): void
}

export function createFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'synapsor-onboarding-'))
  const clock = fixedClock('2026-03-01T09:00:00.000Z')
  return {
    path,
    run: (line, options = {}) => runAt(path, typeof line === 'string' ? wordsOf(line) : line, { clock }, options),
    read: (file) => readFileSync(join(path, file), 'utf8'),
    has: (file) => existsSync(join(path, file)),
    files: () =>
      readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
        .sort(),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

export const SHOP = `
create table invoices (
  id text primary key,
  tenant_id text not null,
  customer text not null,
  status text not null check (status in ('open', 'paid', 'void')),
  late_fee_cents integer not null check (late_fee_cents between 0 and 10000),
  waiver_reason text,
  api_token text,
  version integer not null default 1
);
create table order_lines (
  order_id text not null,
  line integer not null,
  tenant_id text not null,
  primary key (order_id, line)
);
create table settings (id integer primary key, name text not null);
create index invoices_by_tenant on invoices (tenant_id);
insert into invoices (id, tenant_id, customer, status, late_fee_cents) values
  ('INV-1', 'acme', 'Ann Archer', 'open', 5500),
  ('INV-9', 'globex', 'Gil Gomez', 'open', 1200);
`

/** A file of SQLite in the folder. */
export async function createShop({ path }: Folder, sql: string = SHOP, name = 'shop.db'): Promise<void> {
  const database = await openSqlite(join(path, name), { mode: 'create', busy_timeout_ms: 1000 })
  database.exec(sql)
  database.close()
}

/** Of the agent. */
export const CALLER = { SYNAPSOR_TENANT_ID: 'acme', SYNAPSOR_PRINCIPAL: 'support_agent' }
