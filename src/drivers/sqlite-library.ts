/**
 * The one place that knows which SQLite library there is. Its client is synchronous, so what calls it keeps each
 * statement short and waits for locks outside of it.
 */
import { pathToFileURL } from 'node:url'
import { RunnerError } from '../errors.js'

/** What SQLite gives back for one value once integers are read exactly. */
export type SqliteValue = null | bigint | number | string | Uint8Array

export type SqliteRow = Readonly<Record<string, SqliteValue>>

/** The methods used of a prepared statement. `node:sqlite` and better-sqlite3 name the exact reading of integers differently. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { readonly changes: number | bigint }
  get(...values: SqliteValue[]): SqliteRow | undefined
  all(...values: SqliteValue[]): SqliteRow[]
  setReadBigInts?(enabled: boolean): unknown
  safeIntegers?(enabled: boolean): unknown
}

/** The methods used of a connection. Those of `node:sqlite`, `@photostructure/sqlite` and better-sqlite3 fit. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  close(): unknown
  readonly isTransaction?: boolean
  readonly inTransaction?: boolean
}

interface SqliteLibrary {
  readonly DatabaseSync: new (location: string, options: { readonly readOnly: boolean }) => SqliteDatabase
}

/** Older ones can lose committed pages when several processes share a write-ahead log. */
const OLDEST_SAFE_SQLITE = [3, 51, 3] as const

/** How {@link openSqlite} opens a file. */
export interface SqliteOpenOptions {
  /** `create` makes the file when it is missing; the other two fail then. */
  readonly mode: 'read' | 'write' | 'create'
  /** How long one statement may block the process for a lock, in milliseconds. @defaultValue `0` */
  readonly busy_timeout_ms?: number
}

/**
 * Opens a SQLite file with the built-in library, or with `@photostructure/sqlite` where that is missing, too old or
 * experimental.
 *
 * @param path - Absolute path of the file.
 * @throws RunnerError `PLATFORM_UNSUPPORTED` when neither library is there. What SQLite itself throws is passed on.
 */
export async function openSqlite(path: string, options: SqliteOpenOptions): Promise<SqliteDatabase> {
  const { DatabaseSync } = await loadSqlite()
  const mode = { read: 'ro', write: 'rw', create: 'rwc' }[options.mode]
  const database = new DatabaseSync(`${pathToFileURL(path).href}?mode=${mode}`, { readOnly: options.mode === 'read' })
  database.exec(`pragma busy_timeout = ${Math.trunc(options.busy_timeout_ms ?? 0)}`)
  return database
}

/** Prepares a statement that reads every integer as a `bigint`, so that none is rounded. */
export function prepareExact(database: SqliteDatabase, sql: string): SqliteStatement {
  const statement = database.prepare(sql)
  statement.setReadBigInts?.(true)
  statement.safeIntegers?.(true)
  return statement
}

/**
 * All rows of a statement that only reads. `@photostructure/sqlite` leaves the result code out of what `all` throws,
 * though not of what `get` throws: asked again in that way, the failure tells what it is.
 */
export function allRows(database: SqliteDatabase, statement: SqliteStatement, ...values: SqliteValue[]): SqliteRow[] {
  try {
    return statement.all(...values)
  } catch (error) {
    if (hasResultCode(error) || isInTransaction(database)) throw error
  }
  // In a transaction, so that a lock that was in the way cannot come back between the two.
  database.exec('begin')
  try {
    statement.get(...values)
    return statement.all(...values)
  } finally {
    database.exec('rollback')
  }
}

/** True while a transaction is open on the connection, ours or the host's. */
export function isInTransaction(database: SqliteDatabase): boolean {
  return database.isTransaction ?? database.inTransaction ?? false
}

/** True for a connection of the host that has the methods used here and can tell whether a transaction is open on it. */
export function isSqliteDatabase(value: unknown): value is SqliteDatabase {
  if (typeof value !== 'object' || value === null) return false
  const tells = 'isTransaction' in value || 'inTransaction' in value
  return tells && ['prepare', 'exec', 'close'].every((name) => hasMethod(value, name))
}

function hasResultCode(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return 'errcode' in error || ('code' in error && /^SQLITE_/.test(String(error.code)))
}

/** Before it, the built-in library prints a warning that it is experimental, wherever it is loaded. */
const FIRST_QUIET_NODE = 24

async function loadSqlite(): Promise<SqliteLibrary> {
  const isQuiet = Number(process.versions.node.split('.')[0]) >= FIRST_QUIET_NODE
  const builtIn = isQuiet ? builtInSqlite() : undefined
  if (builtIn !== undefined) return builtIn
  try {
    return await installedSqlite()
  } catch (cause) {
    const loud = builtInSqlite()
    if (loud !== undefined) return loud
    throw cause
  }
}

function builtInSqlite(): SqliteLibrary | undefined {
  // Asked before the module is loaded, since loading it can print a warning.
  if (!isSafe(process.versions.sqlite)) return undefined
  const library: unknown = process.getBuiltinModule('node:sqlite')
  return isLibrary(library) ? library : undefined
}

async function installedSqlite(): Promise<SqliteLibrary> {
  try {
    const library: unknown = await import('@photostructure/sqlite')
    if (isLibrary(library)) return library
  } catch (cause) {
    throw unsupported(cause)
  }
  throw unsupported(undefined)
}

function unsupported(cause: unknown): RunnerError {
  const wanted = OLDEST_SAFE_SQLITE.join('.')
  return new RunnerError('PLATFORM_UNSUPPORTED', `There is no SQLite ${wanted} or newer in this Node.js.`, {
    next: 'Install the optional package: npm install @photostructure/sqlite',
    details: { package: '@photostructure/sqlite' },
    cause,
  })
}

function isSafe(version: string | undefined): boolean {
  if (version === undefined) return false
  const parts = version.split('.').map(Number)
  const [major = 0, minor = 0, patch = 0] = parts
  const [oldestMajor, oldestMinor, oldestPatch] = OLDEST_SAFE_SQLITE
  if (major !== oldestMajor) return major > oldestMajor
  if (minor !== oldestMinor) return minor > oldestMinor
  return patch >= oldestPatch
}

function isLibrary(value: unknown): value is SqliteLibrary {
  return typeof value === 'object' && value !== null && hasMethod(value, 'DatabaseSync')
}

function hasMethod(value: object, name: string): boolean {
  return name in value && typeof Reflect.get(value, name) === 'function'
}
