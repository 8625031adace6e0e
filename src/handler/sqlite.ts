import {
  DEFAULT_LOCK_WAIT_MS,
  DEFAULT_RECEIPTS,
  type HandlerDatabase,
  type HandlerDatabaseOptions,
} from './database.js'
import { busy, commitUnanswered } from './failure.js'
import { handlerMigration } from './receipts.js'
import { isInTransaction, type SqliteHandle } from './sqlite-client.js'
import { fromSqlite } from './sqlite-errors.js'
import { rollBack, sqliteSteps } from './sqlite-steps.js'
import { inTurn } from './turns.js'

/**
 * A SQLite database, through a connection of the app. Functions get that connection in an open write transaction.
 *
 * Requests take turns on it. A function may be asynchronous, and whatever else the process does on the same connection
 * meanwhile is then part of the transaction: give the handler a connection of its own. A function that never ends has
 * all others wait; each is answered 503 after `lock_wait_ms`, or at once when 1,000 wait already, with nothing done.
 *
 * @param handle - A `DatabaseSync` of `node:sqlite` or `@photostructure/sqlite`, or a `Database` of better-sqlite3. How
 * long it waits for a lock of another connection is its own `busy_timeout`.
 *
 * @example
 * ```ts
 * import { migrateHandler, sqliteDatabase } from '@synapsor/runner/handler'
 * import { DatabaseSync } from '@photostructure/sqlite'
 *
 * const database = sqliteDatabase(new DatabaseSync('billing.db'))
 * await migrateHandler(database)
 * ```
 */
export function sqliteDatabase<Handle extends SqliteHandle>(
  handle: Handle,
  options: HandlerDatabaseOptions = {},
): HandlerDatabase<Handle> {
  const { receipts = { table: DEFAULT_RECEIPTS }, lock_wait_ms = DEFAULT_LOCK_WAIT_MS } = options
  const queue = { of: handle, wait_ms: lock_wait_ms }
  return {
    engine: 'sqlite',
    receipts,
    transaction: (work) =>
      inTurn(queue, async () => {
        if (isInTransaction(handle)) throw busy()
        let isOpen = true
        try {
          handle.exec('begin immediate')
          return await work({
            ...sqliteSteps(handle, receipts),
            tx: handle,
            commit: async () => {
              commit(handle)
              isOpen = false
            },
          })
        } catch (error) {
          throw fromSqlite(error)
        } finally {
          if (isOpen) rollBack(handle)
        }
      }),
    migrate: () => inTurn(queue, async () => void handle.exec(handlerMigration('sqlite', { receipts }))),
  }
}

function commit(handle: SqliteHandle): void {
  try {
    handle.exec('commit')
  } catch (error) {
    // Only a lock that is in the way proves that the transaction is still open, to be rolled back.
    const known = fromSqlite(error)
    throw known === error ? commitUnanswered(error) : known
  }
}
