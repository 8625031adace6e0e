/** The connections of one source, opened on first use and opened anew after they failed. */
import { RunnerError } from '../errors.js'
import type { TableInfo, TableRef } from '../sql/dialect.js'
import type { DriverOptions } from './driver.js'
import { describeTable, schemaVersion } from './sqlite-describe.js'
import { fromSqliteError, isBusy } from './sqlite-errors.js'
import { createHandle, type SqliteHandle } from './sqlite-handle.js'
import { hostConnection } from './sqlite-host.js'
import { openSqlite } from './sqlite-library.js'
import { BUSY_TIMEOUT_MS, type Role, setupStatements } from './sqlite-options.js'

export interface SqliteConnections {
  open(role: Role): Promise<SqliteHandle>
  describe(handle: SqliteHandle, table: TableRef, fresh: boolean): TableInfo
  /** Runs `work`, and drops a connection of ours that failed in it, so that the next call opens a sound one. */
  use<Result>(handle: SqliteHandle, work: (handle: SqliteHandle) => Result): Result
  close(): Promise<void>
}

interface Described {
  readonly version: string
  readonly info: TableInfo
}

export function createSqliteConnections(options: DriverOptions): SqliteConnections {
  const opened = new Map<Role, Promise<SqliteHandle>>()
  const described = new WeakMap<SqliteHandle, Map<string, Described>>()
  const dropped = new WeakSet<SqliteHandle>()

  const forget = (role: Role, connection: Promise<SqliteHandle>): void => {
    if (opened.get(role) === connection) opened.delete(role)
  }

  return {
    open(role) {
      const known = opened.get(role)
      if (known) return known
      const connection = openHandle(role, options)
      opened.set(role, connection)
      connection.catch(() => forget(role, connection))
      return connection
    },

    describe(handle, table, fresh) {
      const tables = described.get(handle) ?? new Map<string, Described>()
      described.set(handle, tables)
      const version = schemaVersion(handle, table)
      const name = JSON.stringify([table.schema ?? 'main', table.table])
      const known = tables.get(name)
      if (known?.version === version && !fresh) return known.info
      const info = describeTable(handle, table)
      tables.set(name, { version, info })
      return info
    },

    use(handle, work) {
      try {
        return work(handle)
      } catch (error) {
        const isOurs = handle.owned && !dropped.has(handle)
        if (isOurs && isBroken(fromSqliteError(error, handle.label))) {
          dropped.add(handle)
          opened.delete(handle.label.role)
          closeQuietly(handle)
        }
        throw error
      }
    },

    async close() {
      const handles = await Promise.allSettled(opened.values())
      opened.clear()
      for (const handle of handles) if (handle.status === 'fulfilled' && handle.value.owned) closeQuietly(handle.value)
    },
  }
}

function isBroken({ code }: RunnerError): boolean {
  return code === 'SOURCE_UNAVAILABLE' || code === 'OUTCOME_UNKNOWN'
}

async function openHandle(role: Role, options: DriverOptions): Promise<SqliteHandle> {
  const label = { source: options.name, role }
  try {
    return options.connections
      ? createHandle(hostConnection(role, options), label, false)
      : await openFile(role, options)
  } catch (error) {
    throw isBusy(error) ? error : fromSqliteError(error, label)
  }
}

async function openFile(role: Role, { name, path }: DriverOptions): Promise<SqliteHandle> {
  if (path === undefined) {
    throw new RunnerError('SOURCE_UNAVAILABLE', `Source ${name} has neither a path nor connections of the host.`, {
      details: { source: name },
      next: 'Give the source a path, or give the connections in the runtime.',
    })
  }
  const mode = role === 'reader' ? 'read' : 'write'
  const database = await openSqlite(path, { mode, busy_timeout_ms: BUSY_TIMEOUT_MS })
  try {
    database.exec(setupStatements(role))
    return createHandle(database, { source: name, role }, true)
  } catch (error) {
    database.close()
    throw error
  }
}

function closeQuietly({ database }: SqliteHandle): void {
  try {
    database.close()
  } catch {
    // It was closed already, or its file is gone: either way nothing is left to close.
  }
}
