/** What is used of a connection to SQLite, and how its answers are read. */
import { realText } from '../sql/sqlite.js'

export interface SqliteStatement {
  run(...values: (string | null)[]): unknown
  all(...values: (string | null)[]): unknown[]
}

/** The methods used of a connection. Those of `node:sqlite`, `@photostructure/sqlite` and better-sqlite3 fit. */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  readonly isTransaction?: boolean
  readonly inTransaction?: boolean
}

/** Values of a row by the names of its columns. */
export type SqliteRow = Readonly<Record<string, unknown>>

export function select(handle: SqliteHandle, sql: string, ...values: (string | null)[]): readonly SqliteRow[] {
  return handle
    .prepare(sql)
    .all(...values)
    .map(toRow)
}

function toRow(row: unknown): SqliteRow {
  return typeof row === 'object' && row !== null ? Object.fromEntries(Object.entries(row)) : {}
}

/** A value that was selected as text, or as a number that is not whole. */
export function textIn(row: SqliteRow | undefined, name: string): string | null {
  const value = row?.[name]
  if (value === null || value === undefined) return null
  return typeof value === 'number' ? realText(value) : String(value)
}

export function isInTransaction(handle: SqliteHandle): boolean {
  return handle.isTransaction ?? handle.inTransaction ?? false
}
