/** The guarded update of one row in SQLite: one write transaction, from the lock to the commit without a pause. */
import { RunnerError } from '../errors.js'
import { sameValue, type TypedRow, type TypedText } from '../protocol/values.js'
import { assertFineMoment, isLaterMoment, laterMoment } from '../protocol/versions.js'
import type { ColumnInfo, TableInfo, TableRef } from '../sql/dialect.js'
import { isCanonical } from '../sql/sqlite.js'
import { type RowScope, selectRow, updateRow } from '../sql/sqlite-update.js'
import { assertSafe, type ChangeColumns, findColumns } from './change-columns.js'
import type { ColumnValue, FaultPoint, GuardedUpdate, StoredReceipt, UpdateOutcome } from './driver.js'
import { isDrift } from './source-errors.js'
import { isBusy, refusalOf } from './sqlite-errors.js'
import { prepared, type SqliteHandle, select, toSqliteValue, toTypedRow, transact } from './sqlite-handle.js'
import { assertEnforcing } from './sqlite-host.js'
import { type ReceiptPorts, readReceipt, writeReceipt } from './sqlite-receipts.js'
import { unlessTooLate } from './too-late.js'

export interface ApplyPorts extends ReceiptPorts {
  readonly fault: (point: FaultPoint) => void
}

interface Found extends ChangeColumns {
  readonly table: TableInfo
}

type Version = NonNullable<GuardedUpdate['version']>

const MAX_INT64 = 2n ** 63n - 1n

/** Applies the change, or rolls everything back and says why. Busy locks are thrown as SQLite reports them. */
export function applyUpdate(ports: ApplyPorts, change: GuardedUpdate): UpdateOutcome {
  const { handle, fault } = ports
  fault('connected')
  return transact(handle, (commit) => {
    fault('begun')
    // First, since what was applied stays applied whatever became of the table since.
    const earlier = change.receipt && readReceipt(ports, change.receipt.table, change.receipt.key)
    if (earlier) return { outcome: 'duplicate', receipt: earlier }

    assertEnforcing(handle, change.table.ref.table)
    const table = describeAgain(ports, change.table.ref)
    const columns = table?.fingerprint === change.table.fingerprint ? findColumns(table, change) : undefined
    if (!table || !columns) return { outcome: 'drift' }
    assertSafe(table, columns)

    const changed = changeRow(ports, { table, ...columns }, change)
    if (changed.outcome !== 'applied') return changed
    leaveReceipt(handle, change, changed)
    fault('receipt_written')
    const outcome = unlessTooLate(change, changed)
    return outcome.outcome === 'applied' && !change.dry_run ? commitChange(ports, commit, outcome) : outcome
  })
}

function describeAgain({ describe }: ApplyPorts, ref: TableRef): TableInfo | undefined {
  try {
    return describe(ref)
  } catch (error) {
    if (isDrift(error)) return undefined
    throw error
  }
}

function changeRow({ handle, fault }: ApplyPorts, found: Found, change: GuardedUpdate): UpdateOutcome {
  const row = rowOf(handle, found, change)
  const seen = row.read()
  if (seen.length > 1) return { outcome: 'failed', code: 'ROW_COUNT' }
  const [before] = seen
  const version = change.version
  if (!before) return { outcome: 'conflict', current_version: null }
  if (!isAsProposed(change, before)) {
    return { outcome: 'conflict', current_version: (version && before[version.column]?.text) ?? null }
  }

  const next = version && nextVersion(handle, version)
  if (next === 'exhausted') return { outcome: 'failed', code: 'VERSION_NOT_ADVANCED' }
  const failure = row.update([...change.after, ...(next ? [next] : [])])
  fault('row_updated')
  if (failure) return failure
  return checkRow(found.table, change, { before, after: row.read()[0] })
}

interface Row {
  read(): readonly TypedRow[]
  update(values: readonly ColumnValue[]): UpdateOutcome | undefined
}

/** The row of the change. No row has a key or tenant that its column would spell differently. */
function rowOf(handle: SqliteHandle, { table, key, tenant }: Found, change: GuardedUpdate): Row {
  const scope: RowScope = { table: table.ref, key, tenant }
  const columns = [...table.columns.values()]
  const named: readonly (readonly [ColumnInfo, string])[] = [
    [key, change.key.value.text ?? ''],
    ...(tenant ? ([[tenant, change.tenant?.value.text ?? '']] as const) : []),
  ]
  const canExist = named.every(([column, text]) => isCanonical(column, text))
  const bound = named.flatMap(([, text]) => [text, text])
  return {
    read: () => {
      const rows = canExist ? select(handle, selectRow(scope, columns), ...bound) : []
      return rows.map((row) => toTypedRow(handle, columns, row))
    },
    update: (values) => {
      const names = values.map(({ column }) => column)
      const statement = prepared(handle, updateRow(scope, names))
      return refused(() => {
        const { changes } = statement.run(...values.map(({ value }) => toSqliteValue(value)), ...bound)
        return Number(changes) === 1 ? undefined : { outcome: 'failed', code: 'ROW_COUNT' }
      })
    },
  }
}

function isAsProposed({ before, version }: GuardedUpdate, row: TypedRow): boolean {
  const expected = version ? [...before, { column: version.column, value: version.expected }] : before
  return expected.every(({ column, value }) => sameValue(row[column], value))
}

/** The version to set, `null` where the database itself moves it. */
function nextVersion({ label }: SqliteHandle, version: Version): ColumnValue | null | 'exhausted' {
  const { column, expected, advance } = version
  const { type, text } = expected
  if (text !== null) assertFineMoment(column, text)
  if (advance === 'database') return null
  if (advance === 'integer' && type === 'integer' && text !== null) {
    const next = BigInt(text) + 1n
    return next > MAX_INT64 ? 'exhausted' : { column, value: { type, text: String(next) } }
  }
  const later = advance === 'timestamp' && type === 'text' && text !== null ? laterMoment(text, now()) : undefined
  if (later !== undefined) return { column, value: { type, text: later } }
  throw new RunnerError('PRECONDITION_FAILED', `The version in ${column} cannot be advanced as ${advance}.`, {
    details: { source: label.source, column, advance },
    next: 'Keep an integer or an RFC 3339 time in UTC in it, or set conflict_guard.advance to database.',
  })
}

function now(): bigint {
  return BigInt(Date.now()) * 1000n
}

/** Triggers may have changed the row again, so every column is looked at. */
function checkRow(
  table: TableInfo,
  change: GuardedUpdate,
  { before, after }: { readonly before: TypedRow; readonly after: TypedRow | undefined },
): UpdateOutcome {
  if (!after) return { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH', columns: [change.key.column] }
  const { version } = change
  const approved = new Map(change.after.map(({ column, value }) => [column, value]))
  const wrong = [...table.columns.values()]
    .filter(({ name, generated }) => approved.has(name) || (!generated && name !== version?.column))
    .filter(({ name }) => !sameValue(after[name], approved.get(name) ?? before[name]))
    .map(({ name }) => name)
  if (wrong.length > 0) return { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH', columns: wrong }
  if (version && !isAdvanced(version, after[version.column])) return { outcome: 'failed', code: 'VERSION_NOT_ADVANCED' }
  return {
    outcome: 'applied',
    previous_version: version?.expected.text ?? null,
    new_version: (version && after[version.column]?.text) ?? null,
  }
}

function isAdvanced({ expected, advance }: Version, after: TypedText | undefined): boolean {
  if (advance === 'database') return !sameValue(expected, after)
  if (expected.text === null || after?.text == null || after.type !== expected.type) return false
  if (advance === 'integer') return BigInt(after.text) === BigInt(expected.text) + 1n
  return isLaterMoment(expected.text, after.text) === true
}

function leaveReceipt(
  handle: SqliteHandle,
  { receipt }: GuardedUpdate,
  { previous_version, new_version }: Pick<StoredReceipt, 'previous_version' | 'new_version'>,
): void {
  if (!receipt) return
  const { table, key, proposal_hash, anchor } = receipt
  const executed_at = new Date().toISOString()
  writeReceipt(handle, table, {
    key,
    kind: 'applied',
    proposal_hash,
    anchor,
    previous_version,
    new_version,
    executed_at,
  })
}

/** A lock that is busy and a constraint checked at the end leave the transaction open; any other failure leaves doubt. */
function commitChange({ handle, fault }: ApplyPorts, commit: () => void, applied: UpdateOutcome): UpdateOutcome {
  fault('commit_sent')
  try {
    commit()
  } catch (cause) {
    const code = refusalOf(cause)
    if (code) return { outcome: 'failed', code }
    if (isBusy(cause)) throw cause
    const message = `The commit in ${handle.label.source} failed while it was being written.`
    throw new RunnerError('OUTCOME_UNKNOWN', message, { details: { source: handle.label.source }, cause })
  }
  fault('committed')
  return applied
}

function refused(work: () => UpdateOutcome | undefined): UpdateOutcome | undefined {
  try {
    return work()
  } catch (error) {
    const code = refusalOf(error)
    if (code) return { outcome: 'failed', code }
    throw error
  }
}
