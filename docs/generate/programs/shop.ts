import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { fixedClock } from '../../../src/testing/index.js'
import { countedIds, createTerminal, type Type } from './terminal.js'

/** A folder with a database and nothing else, as somebody has it who begins. */
export interface Shop {
  readonly type: Type
  write(file: string, content: unknown): void
  read(file: string): string
  /** Runs SQL in the database. */
  sql(statement: string): void
  move(milliseconds: number): void
}

const SEED = `
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
create index invoices_by_tenant on invoices (tenant_id);
create table order_lines (
  order_id text not null,
  line integer not null,
  tenant_id text not null,
  primary key (order_id, line)
);
create table settings (id integer primary key, name text not null);
create view open_invoices as select id, tenant_id from invoices where status = 'open';
insert into invoices (id, tenant_id, customer, status, late_fee_cents) values
  ('INV-3001', 'acme', 'Ann Archer', 'open', 5500),
  ('INV-9001', 'globex', 'Gil Gomez', 'open', 1200);
`

/** Of the agent. */
export const CALLER = { SYNAPSOR_TENANT_ID: 'acme', SYNAPSOR_PRINCIPAL: 'support_agent_17' }

/** Makes a shop in an empty folder, and leaves nothing of it behind. */
export async function withShop<Result>(use: (shop: Shop) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-shop-'))
  const clock = fixedClock('2026-03-02T09:00:00.000Z')
  const sql = (statement: string) => {
    const database = new DatabaseSync(join(folder, 'shop.db'))
    database.exec(statement)
    database.close()
  }
  try {
    sql(SEED)
    return await use({
      type: createTerminal({ folder, runtime: { clock, ids: countedIds() } }),
      write: (file, content) => {
        mkdirSync(dirname(join(folder, file)), { recursive: true })
        writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content))
      },
      read: (file) => readFileSync(join(folder, file), 'utf8'),
      sql,
      move: (milliseconds) => clock.advance(milliseconds),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
