import { RunnerError } from '../errors.js'
import {
  DEFAULT_LOCK_WAIT_MS,
  DEFAULT_RECEIPTS,
  type HandlerDatabase,
  type HandlerDatabaseOptions,
} from './database.js'
import { commitUnanswered, unreachable } from './failure.js'
import { ask, type MysqlConnection, type MysqlPool, send } from './mysql-client.js'
import { fromMysql } from './mysql-errors.js'
import { mysqlSteps } from './mysql-steps.js'
import { createTableMemory } from './mysql-tables.js'
import { handlerMigration } from './receipts.js'

/**
 * A MySQL or MariaDB database, through the app's own pool of `mysql2/promise`. Functions get a connection of that pool
 * in an open transaction, at READ COMMITTED, with the session settings of the app. Its tables must be InnoDB.
 *
 * @param pool - What `createPool` of `mysql2/promise` gives. Its sessions must be strict, as servers are unless they
 * are told otherwise: with `STRICT_TRANS_TABLES` or `STRICT_ALL_TABLES` in `sql_mode`. One connection of it is held for
 * as long as a request takes, the time of its function included, which nothing limits.
 *
 * @example
 * ```ts
 * import { mysqlDatabase } from '@synapsor/runner/handler'
 * import mysql from 'mysql2/promise'
 *
 * export const database = mysqlDatabase(mysql.createPool({ uri: process.env.DATABASE_URL ?? '' }))
 * ```
 */
export function mysqlDatabase<Connection extends MysqlConnection>(
  pool: MysqlPool<Connection>,
  options: HandlerDatabaseOptions = {},
): HandlerDatabase<Connection> {
  const { receipts = { table: DEFAULT_RECEIPTS }, lock_wait_ms = DEFAULT_LOCK_WAIT_MS } = options
  const tables = createTableMemory()
  return {
    engine: 'mysql',
    receipts,
    transaction: (work) =>
      onConnection(pool, async (connection) => {
        let isOver = false
        const lockWait = await limitWaits(connection, lock_wait_ms)
        await send(connection, 'set transaction isolation level read committed')
        await send(connection, 'start transaction read write')
        let isRestored = false
        const restoreWaits = async () => {
          isRestored = true
          await setWaits(connection, lockWait)
        }
        const limit = () => setWaits(connection, wholeSeconds(lock_wait_ms))
        const steps = mysqlSteps(connection, { receipts, limitWaits: limit, restoreWaits, tables })
        const result = await work({
          ...steps,
          tx: connection,
          commit: async () => {
            isOver = true
            await commit(connection)
          },
        })
        if (!isOver) await send(connection, 'rollback')
        // What is committed stays so, whatever becomes of the connection.
        if (!isRestored) await restoreWaits().catch(() => connection.destroy())
        return result
      }),
    migrate: () => onConnection(pool, (connection) => send(connection, handlerMigration('mysql', { receipts }))),
  }
}

/** Gives the connection back to its pool, or ends it when anything failed: what a session is in then, nobody knows. */
async function onConnection<Connection extends MysqlConnection, Result>(
  pool: MysqlPool<Connection>,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.getConnection().catch((cause: unknown) => {
    throw unreachable(cause)
  })
  let isSound = false
  try {
    const result = await work(connection)
    isSound = true
    return result
  } catch (error) {
    // Not left to the end of the connection, which comes a moment later.
    await send(connection, 'rollback').catch(() => undefined)
    throw fromMysql(error)
  } finally {
    if (isSound) connection.release()
    else connection.destroy()
  }
}

const SESSION = 'select @@session.sql_mode, cast(@@session.innodb_lock_wait_timeout as char)'

/**
 * Has waits for locks end in time, and gives what to set back before the app's function runs.
 *
 * @throws RunnerError `PRECONDITION_FAILED` where the session would cut values that do not fit, without a word.
 */
async function limitWaits(connection: MysqlConnection, lock_wait_ms: number): Promise<number> {
  const { rows } = await ask(connection, SESSION, [])
  const [mode, wait] = rows[0] ?? []
  if (!/STRICT_(TRANS|ALL)_TABLES/.test(mode ?? '')) {
    throw new RunnerError('PRECONDITION_FAILED', "The sessions of the app's pool are not strict.", {
      next: 'Have sql_mode contain STRICT_TRANS_TABLES or STRICT_ALL_TABLES.',
    })
  }
  await setWaits(connection, wholeSeconds(lock_wait_ms))
  return Number(wait)
}

function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000))
}

async function setWaits(connection: MysqlConnection, seconds: number): Promise<void> {
  await send(connection, `set session innodb_lock_wait_timeout = ${Math.trunc(seconds)}`)
}

/** An error that the server itself reports for a commit does not prove that nothing was committed. */
async function commit(connection: MysqlConnection): Promise<void> {
  await send(connection, 'commit').catch((cause: unknown) => {
    throw commitUnanswered(cause)
  })
}
