/** The receipts table in a SQLite source. Under the write lock, looking first and inserting then is one step. */
import { isRunnerError, RunnerError } from '../errors.js'
import type { TableRef } from '../sql/dialect.js'
import { insertReceipt, selectReceipt } from '../sql/sqlite-update.js'
import type { ReceiptClaim, StoredReceipt } from './driver.js'
import { isMissingName } from './sqlite-errors.js'
import { prepared, type SqliteHandle } from './sqlite-handle.js'
import type { SqliteRow } from './sqlite-library.js'

/** @throws RunnerError `RECEIPTS_MISSING`. */
export function readReceipt(handle: SqliteHandle, table: TableRef, key: string): StoredReceipt | undefined {
  const row = onReceipts(handle, table, () => prepared(handle, selectReceipt(table)).get(key))
  return row && toStoredReceipt(row)
}

/** @throws RunnerError `RECEIPTS_MISSING`. */
export function writeReceipt(handle: SqliteHandle, table: TableRef, receipt: StoredReceipt): void {
  const { key, kind, proposal_hash, anchor, previous_version, new_version, executed_at } = receipt
  const { changes } = onReceipts(handle, table, () =>
    prepared(handle, insertReceipt(table)).run(
      key,
      kind,
      proposal_hash,
      anchor,
      previous_version,
      new_version,
      executed_at,
    ),
  )
  if (Number(changes) === 1) return
  throw new RunnerError('PRECONDITION_FAILED', `The receipts table ${table.table} did not take a receipt.`, {
    details: { source: handle.label.source, table: table.table },
    next: 'Make it with the SQL of runner.migrations(), without triggers.',
  })
}

/** The receipt that bars its key for ever. */
export function tombstoneOf({ key, proposal_hash, anchor }: ReceiptClaim): StoredReceipt {
  const executed_at = new Date().toISOString()
  return { key, kind: 'tombstone', proposal_hash, anchor, previous_version: null, new_version: null, executed_at }
}

function onReceipts<Result>({ label }: SqliteHandle, { table }: TableRef, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    if (isRunnerError(cause) || !isMissingName(cause)) throw cause
    throw new RunnerError('RECEIPTS_MISSING', `There is no receipts table ${table} in ${label.source}.`, {
      details: { source: label.source, table },
      cause,
    })
  }
}

function toStoredReceipt(row: SqliteRow): StoredReceipt {
  const text = (name: string): string => String(row[name])
  const version = (name: string): string | null => (row[name] === null ? null : text(name))
  return {
    key: text('key'),
    kind: row.kind === 'applied' ? 'applied' : 'tombstone',
    proposal_hash: text('proposal_hash'),
    anchor: text('anchor'),
    previous_version: version('previous_version'),
    new_version: version('new_version'),
    executed_at: text('executed_at'),
  }
}
