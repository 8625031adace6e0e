/** The receipts table of a handler: one row for each key, whose primary key alone decides who does the work. */
import type { Engine, TableRef } from '../protocol/table.js'
import { quoteTable as mysqlTable } from '../sql/mysql.js'
import { quoteTable as postgresTable } from '../sql/postgres.js'
import { sqliteDialect } from '../sql/sqlite.js'
import { DEFAULT_RECEIPTS } from './database.js'

/** Longer keys are refused, so that none is cut. */
export const MAX_KEY_BYTES = 200

const CREATE: Readonly<Record<Engine, (table: TableRef) => string>> = {
  postgres: (table) => `create table if not exists ${postgresTable(table)} (
  idempotency_key text collate "C" primary key,
  receipt_id text not null,
  proposal_id text not null,
  proposal_hash text,
  request_digest text not null,
  answer text,
  created_at timestamptz not null default clock_timestamp()
)`,
  mysql: (table) => `create table if not exists ${mysqlTable(table)} (
  idempotency_key varbinary(${MAX_KEY_BYTES}) not null primary key,
  receipt_id varchar(64) not null,
  proposal_id varchar(200) not null,
  proposal_hash varchar(80),
  request_digest varchar(80) not null,
  answer mediumtext,
  created_at timestamp(6) not null default current_timestamp(6)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin`,
  sqlite: (table) => `create table if not exists ${sqliteDialect.table(table)} (
  idempotency_key text not null primary key,
  receipt_id text not null,
  proposal_id text not null,
  proposal_hash text,
  request_digest text not null,
  answer text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) without rowid`,
}

/**
 * The SQL that creates the receipts table of a handler. Run it with the migrations of the app, by a role that may
 * create tables; the app's own role then needs to select, insert and update there, and nothing else.
 *
 * @param engine - `postgres`, `mysql` (MariaDB too) or `sqlite`.
 * @returns One statement, which does nothing where the table is there.
 *
 * @example
 * ```ts
 * import { handlerMigration } from '@synapsor/runner/handler'
 *
 * console.log(handlerMigration('postgres'))
 * console.log(handlerMigration('postgres', { receipts: { schema: 'billing', table: 'writeback_receipts' } }))
 * ```
 */
export function handlerMigration(engine: Engine, { receipts }: { readonly receipts?: TableRef } = {}): string {
  return `${CREATE[engine](receipts ?? { table: DEFAULT_RECEIPTS })};`
}
