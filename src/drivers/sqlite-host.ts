/** Connections that the host gives: what they have to be, and how they have to be set while a change is written. */
import { RunnerError } from '../errors.js'
import type { DriverOptions } from './driver.js'
import { type SqliteHandle, select } from './sqlite-handle.js'
import { isSqliteDatabase, type SqliteDatabase } from './sqlite-library.js'
import type { Role } from './sqlite-options.js'

/** What SQLite must be told for a table to be kept as it is declared. The host can tell it otherwise at any time. */
const ENFORCING: readonly (readonly [string, bigint])[] = [
  ['foreign_keys', 1n],
  ['ignore_check_constraints', 0n],
  ['writable_schema', 0n],
]
const SETTINGS = `select ${ENFORCING.map(([name]) => name).join(', ')}
  from ${ENFORCING.map(([name]) => `pragma_${name}`).join(', ')}`
const TEMPORARY_TRIGGERS = `select name from temp.sqlite_schema where type = 'trigger' and tbl_name = ? collate nocase`

/** @throws RunnerError `PRECONDITION_FAILED` when the host gave something else for the role. */
export function hostConnection(role: Role, { name, connections }: DriverOptions): SqliteDatabase {
  const connection = connections?.[role]
  if (isSqliteDatabase(connection)) return connection
  throw new RunnerError(
    'PRECONDITION_FAILED',
    `The ${role} given for ${name} is not a SQLite connection that tells whether a transaction is open on it.`,
    {
      details: { source: name, role },
      next: 'Give a DatabaseSync of node:sqlite, or a Database of better-sqlite3.',
    },
  )
}

/**
 * Holds that a connection of the host keeps the rules of the table. Asked inside the transaction of each change, in
 * which nobody else has a turn; the driver's own connections are set up once and for all.
 *
 * @throws RunnerError `PRECONDITION_FAILED`.
 */
export function assertEnforcing(handle: SqliteHandle, table: string): void {
  if (handle.owned) return
  const [settings = {}] = select(handle, SETTINGS)
  const wrong = ENFORCING.filter(([name, value]) => settings[name] !== value).map(([name]) => name)
  if (wrong.length > 0) {
    throw new RunnerError(
      'PRECONDITION_FAILED',
      `The writer given for ${handle.label.source} does not keep what the schema demands: ${wrong.join(', ')}.`,
      {
        details: { source: handle.label.source, settings: wrong },
        next: 'Give a connection with foreign_keys on, and ignore_check_constraints and writable_schema off.',
      },
    )
  }
  assertNoTemporaryTriggers(handle, table)
}

/** @throws RunnerError `PRECONDITION_FAILED` when the host has made triggers that only its own connection knows of. */
export function assertNoTemporaryTriggers(handle: SqliteHandle, table: string): void {
  if (handle.owned || select(handle, TEMPORARY_TRIGGERS, table).length === 0) return
  const { source } = handle.label
  throw new RunnerError('PRECONDITION_FAILED', `The writer given for ${source} has temporary triggers on ${table}.`, {
    details: { source, table },
    next: 'Drop them, or give the runner a connection of its own.',
  })
}
