/** The statements of a guarded update in SQLite. */
import type { ColumnInfo, TableRef } from './dialect.js'
import { sameBytes, selectList, sqliteDialect } from './sqlite.js'

const { quote, table } = sqliteDialect

/** The columns that name one row of one tenant. Each is bound twice, in this order. */
export interface RowScope {
  readonly table: TableRef
  readonly key: ColumnInfo
  readonly tenant: ColumnInfo | null
}

/** Reads every listed column of the row. */
export function selectRow(scope: RowScope, columns: readonly ColumnInfo[]): string {
  return `select ${selectList(columns)} from ${table(scope.table)} where ${rowCondition(scope)} limit 2`
}

/**
 * Sets columns of the row: their values first, then key and tenant. `or abort` overrules a table whose constraints are
 * declared to replace the rows that are in the way.
 */
export function updateRow(scope: RowScope, columns: readonly string[]): string {
  const assignments = columns.map((column) => `${quote(column)} = ?`)
  return `update or abort ${table(scope.table)} set ${assignments.join(', ')} where ${rowCondition(scope)}`
}

function rowCondition({ key, tenant }: RowScope): string {
  return [key, ...(tenant === null ? [] : [tenant])].map(sameBytes).join(' and ')
}

/** Columns of the receipts table, in the order in which they are written and read. */
export const RECEIPT_COLUMNS = [
  'key',
  'kind',
  'proposal_hash',
  'anchor',
  'previous_version',
  'new_version',
  'executed_at',
] as const

/** Creates the receipts table. Without `strict`, which would lock older SQLite versions out of the whole file. */
export function createReceipts(receipts: TableRef): string {
  return `create table if not exists ${table(receipts)} (
  ${quote('key')} text not null primary key,
  kind text not null check (kind in ('applied', 'tombstone')),
  proposal_hash text not null,
  anchor text not null,
  previous_version text,
  new_version text,
  executed_at text not null
) without rowid;
`
}

export function selectReceipt(receipts: TableRef): string {
  return `select ${RECEIPT_COLUMNS.map(quote).join(', ')} from ${table(receipts)} where ${quote('key')} = ?`
}

/** Fails when the key is taken, whatever the table declares for that case. */
export function insertReceipt(receipts: TableRef): string {
  const places = RECEIPT_COLUMNS.map(() => '?').join(', ')
  return `insert or abort into ${table(receipts)} (${RECEIPT_COLUMNS.map(quote).join(', ')}) values (${places})`
}
