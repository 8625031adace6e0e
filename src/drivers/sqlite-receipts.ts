/** The receipts table in a SQLite source. Under the write lock, looking first and inserting then is one step. */
import type { TableInfo, TableRef } from '../sql/dialect.js'
import { affinityOf } from '../sql/sqlite.js'
import { insertReceipt, RECEIPT_COLUMNS, selectReceipt } from '../sql/sqlite-update.js'
import type { ReceiptClaim, StoredReceipt } from './driver.js'
import { receiptsMissing, receiptsUnfit, toReceipt } from './receipts.js'
import { isDrift } from './source-errors.js'
import { prepared, type SqliteHandle, select } from './sqlite-handle.js'
import { assertNoTemporaryTriggers } from './sqlite-host.js'
import type { SqliteRow } from './sqlite-library.js'

/** A connection, and what it knows of its tables. */
export interface ReceiptPorts {
  readonly handle: SqliteHandle
  /** Describes a table as the connection sees it now; the same object for as long as the schema stays. */
  readonly describe: (table: TableRef) => TableInfo
}

const PRIMARY_KEY = `select x.name, x.coll from pragma_index_list(?, ?) l join pragma_index_xinfo(l.name, ?) x
  where l.origin = 'pk' and x.key`

/** Descriptions of tables that were found to be fit. */
const fit = new WeakSet<TableInfo>()

/** @throws RunnerError `RECEIPTS_MISSING`, or `PRECONDITION_FAILED` when a receipt there could be lost or forged. */
export function assertReceiptsTable(ports: ReceiptPorts, receipts: TableRef): void {
  const { handle } = ports
  const info = describeReceipts(ports, receipts)
  assertNoTemporaryTriggers(handle, receipts.table)
  if (fit.has(info)) return
  const { source } = handle.label
  if (!RECEIPT_COLUMNS.every((name) => info.columns.has(name))) throw receiptsMissing(source, receipts)
  const isPlain = !info.has_triggers && !info.problems.some(({ severity }) => severity === 'refuse')
  if (!isPlain || !isKeyedByBytes(handle, info)) {
    throw receiptsUnfit(source, receipts, 'a plain table with primary key `key`, no triggers')
  }
  fit.add(info)
}

function describeReceipts({ handle, describe }: ReceiptPorts, receipts: TableRef): TableInfo {
  try {
    return describe(receipts)
  } catch (cause) {
    throw isDrift(cause) ? receiptsMissing(handle.label.source, receipts, cause) : cause
  }
}

/** Under another collation, or stored as numbers, two keys could be one. */
function isKeyedByBytes(handle: SqliteHandle, { ref: { schema = 'main', table }, columns }: TableInfo): boolean {
  const members = select(handle, PRIMARY_KEY, table, schema, schema)
  const [member] = members
  const isText = affinityOf(columns.get('key')?.type ?? '') === 'text'
  return isText && members.length === 1 && member?.name === 'key' && member.coll === 'BINARY'
}

/** @throws RunnerError as {@link assertReceiptsTable} does. */
export function readReceipt(ports: ReceiptPorts, table: TableRef, key: string): StoredReceipt | undefined {
  assertReceiptsTable(ports, table)
  const row = prepared(ports.handle, selectReceipt(table)).get(key)
  return row && toStoredReceipt(row)
}

/** Writes a receipt whose key {@link readReceipt} has found free, in the same transaction. */
export function writeReceipt(handle: SqliteHandle, table: TableRef, receipt: StoredReceipt): void {
  prepared(handle, insertReceipt(table)).run(...RECEIPT_COLUMNS.map((name) => receipt[name]))
}

/** The receipt that bars its key for ever. */
export function tombstoneOf({ key, proposal_hash, anchor }: ReceiptClaim): StoredReceipt {
  const executed_at = new Date().toISOString()
  return { key, kind: 'tombstone', proposal_hash, anchor, previous_version: null, new_version: null, executed_at }
}

function toStoredReceipt(row: SqliteRow): StoredReceipt {
  return toReceipt(RECEIPT_COLUMNS.map((name) => (row[name] === null ? null : String(row[name]))))
}
