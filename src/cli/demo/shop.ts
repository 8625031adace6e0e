import { openSqlite, type SqliteDatabase } from '../../drivers/sqlite-library.js'

/** One invoice, as somebody sees it who looks into the database past the runner. */
export interface Invoice {
  readonly late_fee_cents: number
  readonly waiver_reason: string | null
  readonly version: number
}

/** The company's own database: what happens to it outside of the runner. */
export interface Shop {
  read(id: string): Invoice
  /** Another program of the company raises a fee, and moves the version of the row as it should. */
  raiseFee(id: string, cents: number): void
  close(): void
}

const SEED = `
create table invoices (
  id text primary key,
  tenant_id text not null,
  customer text not null,
  status text not null,
  late_fee_cents integer not null,
  waiver_reason text,
  internal_note text not null default 'Not for agents.',
  version integer not null default 1
);
insert into invoices (id, tenant_id, customer, status, late_fee_cents) values
  ('INV-3001', 'acme', 'Ann Archer', 'overdue', 5500),
  ('INV-3002', 'acme', 'Bo Berg', 'overdue', 2500),
  ('INV-3003', 'acme', 'Cy Cole', 'overdue', 1500),
  ('INV-3004', 'acme', 'Di Dahl', 'overdue', 9500),
  ('INV-9001', 'globex', 'Gil Gomez', 'overdue', 1200);
`

/** Creates the database with five invoices of two tenants. */
export async function createShop(path: string): Promise<Shop> {
  const database = await openSqlite(path, { mode: 'create', busy_timeout_ms: 1000 })
  database.exec('pragma journal_mode = wal')
  database.exec(SEED)
  return {
    read: (id) => readInvoice(database, id),
    raiseFee: (id, cents) =>
      void database
        .prepare('update invoices set late_fee_cents = ?, version = version + 1 where id = ?')
        .run(cents, id),
    close: () => void database.close(),
  }
}

function readInvoice(database: SqliteDatabase, id: string): Invoice {
  const row = database.prepare('select late_fee_cents, waiver_reason, version from invoices where id = ?').get(id)
  const reason = row?.waiver_reason
  return {
    late_fee_cents: Number(row?.late_fee_cents),
    waiver_reason: typeof reason === 'string' ? reason : null,
    version: Number(row?.version),
  }
}
