/** The receipts table of PostgreSQL, and the grants that reader and writer need. */

import type { TableRef } from './dialect.js'
import type { MigrationRequest } from './migrations.js'
import { postgresDialect, quote, quoteTable } from './postgres.js'
import { readerNeeds, renderGrant, type TableNeed, writerNeeds } from './table-grants.js'

/** Creates the table. Keys are compared byte by byte; what is stored once is never changed. */
export function createReceipts(receipts: TableRef): string {
  return `create table if not exists ${quoteTable(receipts)} (
  key text collate "C" primary key,
  kind text not null check (kind in ('applied', 'tombstone')),
  proposal_hash text not null,
  anchor text not null,
  previous_version text,
  new_version text,
  executed_at timestamptz not null default clock_timestamp()
)`
}

const COLUMNS = 'key, kind, proposal_hash, anchor, previous_version, new_version'
const EXECUTED_AT = `to_char(executed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Binds the key. */
export function selectReceipt(receipts: TableRef): string {
  return `select ${COLUMNS}, ${EXECUTED_AT} from ${quoteTable(receipts)} where key = $1::text`
}

/** Binds key, proposal hash, anchor, previous and new version. */
export function insertReceipt(receipts: TableRef): string {
  return `insert into ${quoteTable(receipts)} (${COLUMNS}) values ($1::text, 'applied', $2::text, $3::text, $4::text, $5::text)`
}

/** Binds key, proposal hash and anchor. Waits for a transaction in flight on the key; no row comes back when it is taken. */
export function insertTombstone(receipts: TableRef): string {
  return `insert into ${quoteTable(receipts)} (key, kind, proposal_hash, anchor)
values ($1::text, 'tombstone', $2::text, $3::text) on conflict (key) do nothing
returning ${COLUMNS}, ${EXECUTED_AT}`
}

/** What the two roles need and no more. */
export function grants({ receipts, tables, reader, writer }: MigrationRequest): string {
  const schemas = new Set([...tables.map(({ ref }) => ref), ...(receipts ? [receipts] : [])].map(schemaOf))
  const grant = (need: TableNeed, role: string) => renderGrant(postgresDialect, need, quote(role))
  const ofWriter = writerNeeds({ receipts, tables })
  const roles = [...new Set([reader, ...(ofWriter.length > 0 ? [writer] : [])])].map(quote).join(', ')
  return [
    ...[...schemas].map((schema) => `grant usage on schema ${quote(schema)} to ${roles};`),
    ...readerNeeds({ receipts, tables }).map((need) => grant(need, reader)),
    ...ofWriter.map((need) => grant(need, writer)),
  ].join('\n')
}

function schemaOf({ schema = 'public' }: TableRef): string {
  return schema
}
