import type { TableRef } from '../protocol/table.js'
import { sqliteDialect } from '../sql/sqlite.js'
import { DEFAULT_RECEIPTS, type HandlerDatabase, type HandlerTransaction, SAVEPOINT } from './database.js'
import { busy, commitUnanswered, endedFromOutside, receiptsMissing } from './failure.js'
import { handlerMigration } from './receipts.js'
import { isInTransaction, type SqliteHandle, type SqliteRow, select, textIn } from './sqlite-client.js'
import { fromSqlite, isMissing } from './sqlite-errors.js'
import { findRows } from './sqlite-rows.js'

/**
 * A SQLite database, through a connection of the app. Functions get that connection in an open write transaction.
 *
 * Requests take turns on it. A function may be asynchronous, and whatever else the process does on the same connection
 * meanwhile is then part of the transaction: give the handler a connection of its own.
 *
 * @param handle - A `DatabaseSync` of `node:sqlite` or `@photostructure/sqlite`, or a `Database` of better-sqlite3. How
 * long it waits for a lock is its own `busy_timeout`.
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
  { receipts = { table: DEFAULT_RECEIPTS } }: { readonly receipts?: TableRef } = {},
): HandlerDatabase<Handle> {
  return {
    engine: 'sqlite',
    receipts,
    transaction: (work) =>
      inTurn(handle, async () => {
        if (isInTransaction(handle)) throw busy()
        let isOpen = true
        try {
          handle.exec('begin immediate')
          return await work({
            ...stepsOf(handle, receipts),
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
    migrate: () => inTurn(handle, async () => void handle.exec(handlerMigration('sqlite', { receipts }))),
  }
}

/** The last in the queue of each connection. */
const queues = new WeakMap<SqliteHandle, Promise<unknown>>()

async function inTurn<Result>(handle: SqliteHandle, work: () => Promise<Result>): Promise<Result> {
  const before = queues.get(handle) ?? Promise.resolve()
  const turn = before.then(work, work)
  queues.set(
    handle,
    turn.catch(() => undefined),
  )
  return turn
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

function rollBack(handle: SqliteHandle): void {
  try {
    handle.exec('rollback')
  } catch {
    // It was over already: SQLite itself rolls back after some failures.
  }
}

type Steps = Omit<HandlerTransaction<unknown>, 'tx' | 'commit'>

function stepsOf(handle: SqliteHandle, receipts: TableRef): Steps {
  const table = sqliteDialect.table(receipts)
  const find = (key: string): SqliteRow | undefined => {
    try {
      return select(handle, selectStored(table), key)[0]
    } catch (error) {
      throw isMissing(error) ? receiptsMissing(receipts, error) : error
    }
  }
  return {
    claim: async ({ key, receipt_id, proposal_id, proposal_hash, request_digest }) => {
      const row = find(key)
      if (row) {
        return {
          receipt_id: textIn(row, 'receipt_id') ?? '',
          proposal_hash: textIn(row, 'proposal_hash'),
          request_digest: textIn(row, 'request_digest') ?? '',
          answer: textIn(row, 'answer'),
        }
      }
      handle.prepare(insertClaim(table)).run(key, receipt_id, proposal_id, proposal_hash, request_digest)
      handle.exec(`savepoint ${SAVEPOINT}`)
      return undefined
    },
    lockRows: async (query) => findRows(handle, query),
    readRows: async (query) => findRows(handle, query),
    undo: async () => unlessEnded(() => handle.exec(`rollback to savepoint ${SAVEPOINT}`)),
    record: async (key, answer) => {
      unlessEnded(() => handle.exec(`release savepoint ${SAVEPOINT}`))
      handle.prepare(updateAnswer(table)).run(answer, key)
      if (textIn(find(key), 'answer') !== answer) throw endedFromOutside(undefined)
    },
  }
}

function unlessEnded(step: () => unknown): void {
  try {
    step()
  } catch (error) {
    throw isMissing(error) ? endedFromOutside(error) : error
  }
}

function insertClaim(table: string): string {
  return `insert into ${table} (idempotency_key, receipt_id, proposal_id, proposal_hash, request_digest)
values (?, ?, ?, ?, ?)`
}

function selectStored(table: string): string {
  return `select receipt_id, proposal_hash, request_digest, answer from ${table} where idempotency_key = ?`
}

function updateAnswer(table: string): string {
  return `update ${table} set answer = ? where idempotency_key = ? and answer is null`
}
