/** SQLite: a file in this process. Calls are synchronous and short; waiting for a lock happens between them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TypedRow } from '../protocol/values.js'
import { sqliteDialect } from '../sql/sqlite.js'
import { createReceipts } from '../sql/sqlite-update.js'
import type { Driver, DriverOptions } from './driver.js'
import { applyUpdate } from './sqlite-apply.js'
import { createSqliteConnections } from './sqlite-connections.js'
import { fromSqliteError, isBusy } from './sqlite-errors.js'
import { assertIdle, type SqliteHandle, select, toTypedRow, transact } from './sqlite-handle.js'
import type { Role } from './sqlite-options.js'
import { sqlitePrivileges } from './sqlite-privileges.js'
import { assertReceiptsTable, type ReceiptPorts, readReceipt, tombstoneOf, writeReceipt } from './sqlite-receipts.js'
import { surveyDatabase } from './sqlite-survey.js'

const LONGEST_PAUSE_MS = 25

/**
 * Opens a SQLite source on first use: `options.path`, or the connections of the host.
 *
 * The file is never created. `statement_timeout_ms` limits the wait for locks; a statement that runs cannot be ended.
 */
export function createSqliteDriver(options: DriverOptions): Driver {
  const connections = createSqliteConnections(options)
  const { fault } = options

  const portsOf = (handle: SqliteHandle): ReceiptPorts => ({
    handle,
    describe: (table) => connections.describe(handle, table, false),
  })

  /** Runs `work` on a connection until no lock is in its way, for as long as a statement may take. */
  const run = async <Result>(role: Role, work: (handle: SqliteHandle) => Result): Promise<Result> => {
    const deadline = performance.now() + options.statement_timeout_ms
    for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        const handle = await connections.open(role)
        return connections.use(handle, work)
      } catch (error) {
        const isLate = performance.now() + pause > deadline
        if (!isBusy(error) || isLate) throw fromSqliteError(error, { source: options.name, role })
      }
      await sleep(pause * (0.5 + Math.random()))
    }
  }

  return {
    engine: 'sqlite',
    dialect: sqliteDialect,

    describe: (table, { fresh = false } = {}) =>
      run('reader', (handle) => {
        assertIdle(handle)
        return connections.describe(handle, table, fresh)
      }),

    survey: (asked = {}) =>
      run('reader', (handle) => {
        assertIdle(handle)
        return surveyDatabase(handle, asked)
      }),

    read: (read, values) =>
      run('reader', (handle) => {
        assertIdle(handle)
        const rows = select(handle, read.text, ...values)
        return rows.map((row): TypedRow => toTypedRow(handle, read.columns, row))
      }),

    update: (change) =>
      run('writer', (handle) =>
        applyUpdate(
          {
            ...portsOf(handle),
            // Nothing may come between the steps, so that what a test returns is not waited for.
            fault: (point) => void fault?.(point, handle.database),
          },
          change,
        ),
      ),

    settle: (claim) =>
      run('writer', (handle) =>
        transact(handle, (commit) => {
          const earlier = readReceipt(portsOf(handle), claim.table, claim.key)
          if (earlier) return earlier
          const tombstone = tombstoneOf(claim)
          writeReceipt(handle, claim.table, tombstone)
          commit()
          return tombstone
        }),
      ),

    findReceipt: (table, key) =>
      run('writer', (handle) => {
        assertIdle(handle)
        return readReceipt(portsOf(handle), table, key)
      }),

    readLocked: (read, values) =>
      run('writer', (handle) =>
        transact(handle, () => {
          const rows = select(handle, read.text, ...values)
          return rows.map((row): TypedRow => toTypedRow(handle, read.columns, row))
        }),
      ),

    migrate: (receipts) =>
      run('writer', (handle) =>
        transact(handle, (commit) => {
          handle.database.exec(createReceipts(receipts))
          assertReceiptsTable(portsOf(handle), receipts)
          commit()
        }),
      ),

    privileges: (role, request) =>
      run(role, (handle) => sqlitePrivileges(handle, request, (ref) => connections.describe(handle, ref, true))),

    close: () => connections.close(),
  }
}
