/** One SQLite connection with its prepared statements, and how its values become text. */
import { TextDecoder } from 'node:util'
import { RunnerError } from '../errors.js'
import type { TypedRow, TypedText } from '../protocol/values.js'
import type { ColumnInfo } from '../sql/dialect.js'
import { realText } from '../sql/sqlite.js'
import type { FailedConnection } from './sqlite-errors.js'
import {
  allRows,
  isInTransaction,
  prepareExact,
  type SqliteDatabase,
  type SqliteRow,
  type SqliteStatement,
  type SqliteValue,
} from './sqlite-library.js'

/** A connection as the driver uses it. Statements are prepared once; there are as many as the contract asks for. */
export interface SqliteHandle {
  readonly database: SqliteDatabase
  readonly label: FailedConnection
  /** Opened by the driver, which closes it and may set it up as it likes. The host's own stay as they are. */
  readonly owned: boolean
  readonly statements: Map<string, SqliteStatement>
  readonly decoder: TextDecoder
}

const DECODERS: Readonly<Record<string, string | undefined>> = { 'UTF-16le': 'utf-16le', 'UTF-16be': 'utf-16be' }

export function createHandle(database: SqliteDatabase, label: FailedConnection, owned: boolean): SqliteHandle {
  const encoding = String(prepareExact(database, 'pragma encoding').get()?.encoding)
  // A mark at the start is part of the value, and bytes that are no text must not pass for other text.
  const decoder = new TextDecoder(DECODERS[encoding] ?? 'utf-8', { fatal: true, ignoreBOM: true })
  return { database, label, owned, statements: new Map(), decoder }
}

/** The prepared statement for a text, made on first use. */
export function prepared({ database, statements }: SqliteHandle, sql: string): SqliteStatement {
  const known = statements.get(sql)
  if (known) return known
  const statement = prepareExact(database, sql)
  statements.set(sql, statement)
  return statement
}

/** The rows that a statement selects. */
export function select(handle: SqliteHandle, sql: string, ...values: SqliteValue[]): SqliteRow[] {
  return allRows(handle.database, prepared(handle, sql), ...values)
}

/**
 * Runs `work` in one write transaction, without a pause in which other code of this process could slip in. `work` ends
 * it by `commit`; what is not committed when `work` is through is rolled back.
 */
export function transact<Result>(handle: SqliteHandle, work: (commit: () => void) => Result): Result {
  assertIdle(handle)
  handle.database.exec('begin immediate')
  let open = true
  try {
    return work(() => {
      handle.database.exec('commit')
      open = false
    })
  } finally {
    if (open) rollBack(handle)
  }
}

// Not asked of the connection: one that does not know whether it is in a transaction must be rolled back all the same.
function rollBack({ database }: SqliteHandle): void {
  try {
    database.exec('rollback')
  } catch {
    // A connection that cannot even do this is closed, and closing rolls back.
  }
}

/** @throws RunnerError `PRECONDITION_FAILED` while the host has a transaction open: what we do must stand alone. */
export function assertIdle({ database, label }: SqliteHandle): void {
  if (!isInTransaction(database)) return
  throw new RunnerError('PRECONDITION_FAILED', `The ${label.role} of ${label.source} is inside a transaction.`, {
    details: { ...label },
    next: 'Give the runner a connection on which nothing else is in progress.',
  })
}

/** Values of a row that was selected by `selectList`, by column name. */
export function toTypedRow(handle: SqliteHandle, columns: readonly ColumnInfo[], row: SqliteRow): TypedRow {
  return Object.fromEntries(
    columns.map((column, index) => [column.name, toTypedText(handle, column, row[`c${index}`] ?? null)]),
  )
}

/** The type is how the value is stored, so that a change from the number 5 to the text `5` is seen. */
function toTypedText({ decoder }: SqliteHandle, column: ColumnInfo, value: SqliteValue): TypedText {
  if (value === null) return { type: 'null', text: null }
  if (typeof value === 'bigint') return integerText(column, String(value))
  if (typeof value === 'number') return { type: 'real', text: realText(value) }
  if (typeof value === 'string') return { type: 'blob', text: value }
  try {
    return { type: 'text', text: decoder.decode(value) }
  } catch {
    return { type: 'malformed text', text: Buffer.from(value).toString('hex').toUpperCase() }
  }
}

function integerText(column: ColumnInfo, text: string): TypedText {
  const isBoolean = column.kind === 'boolean' && (text === '0' || text === '1')
  return { type: isBoolean ? 'boolean' : 'integer', text }
}

/** The value that is stored as `typed` says. */
export function toSqliteValue(typed: TypedText): SqliteValue {
  const { type, text } = typed
  if (text === null) return null
  if (type === 'integer' || type === 'boolean') return BigInt(text)
  if (type === 'real') return Number(text)
  return type === 'text' ? text : Buffer.from(text, 'hex')
}
