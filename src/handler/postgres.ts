import {
  DEFAULT_LOCK_WAIT_MS,
  DEFAULT_RECEIPTS,
  type HandlerDatabase,
  type HandlerDatabaseOptions,
} from './database.js'
import { busy, commitUnanswered, notCommitted, unreachable } from './failure.js'
import { ask, type PgClient, type PgPool } from './postgres-client.js'
import { fromPostgres, isLostRace } from './postgres-errors.js'
import { limitWaits, postgresSteps } from './postgres-steps.js'
import { handlerMigration } from './receipts.js'

/**
 * A PostgreSQL database, through the app's own pool of `pg`. Functions get a client of that pool in an open
 * transaction, at READ COMMITTED, with the session settings of the app.
 *
 * @param pool - A `pg.Pool`. One client of it is held for as long as a request takes, the time of its function included,
 * which nothing limits.
 *
 * @example
 * ```ts
 * import { migrateHandler, postgresDatabase } from '@synapsor/runner/handler'
 * import pg from 'pg'
 *
 * const database = postgresDatabase(new pg.Pool({ connectionString: process.env.DATABASE_URL }))
 * await migrateHandler(database)
 * ```
 */
export function postgresDatabase<Client extends PgClient>(
  pool: PgPool<Client>,
  options: HandlerDatabaseOptions = {},
): HandlerDatabase<Client> {
  const { receipts = { table: DEFAULT_RECEIPTS }, lock_wait_ms = DEFAULT_LOCK_WAIT_MS } = options
  return {
    engine: 'postgres',
    receipts,
    transaction: (work) =>
      onClient(pool, async (client) => {
        let isOver = false
        await ask(client, 'begin isolation level read committed read write')
        const lockTimeout = await limitWaits(client, lock_wait_ms)
        const steps = postgresSteps(client, { receipts, lockTimeout, lock_wait_ms })
        const result = await work({
          ...steps,
          tx: client,
          commit: async () => {
            isOver = true
            await commit(client)
          },
        })
        if (!isOver) await ask(client, 'rollback')
        return result
      }),
    migrate: () =>
      onClient(pool, async (client) => void (await ask(client, handlerMigration('postgres', { receipts })))),
  }
}

/** Gives the client back to its pool, or ends it when something failed and nobody knows what it is in the middle of. */
async function onClient<Client extends PgClient, Result>(
  pool: PgPool<Client>,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool)
  // Without somebody who listens, a connection that is lost while nothing is asked of it ends the process.
  const ignore = () => undefined
  client.on?.('error', ignore)
  let isSound = false
  try {
    const result = await work(client)
    isSound = true
    return result
  } catch (error) {
    // Not left to the end of the connection, which comes a moment later.
    await ask(client, 'rollback').catch(ignore)
    throw fromPostgres(error)
  } finally {
    client.removeListener?.('error', ignore)
    client.release(!isSound)
  }
}

async function connect<Client>(pool: PgPool<Client>): Promise<Client> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw unreachable(cause)
  })
  return client
}

/** A transaction that had failed answers COMMIT with ROLLBACK, and no error. */
async function commit(client: PgClient): Promise<void> {
  const { command } = await ask(client, 'commit').catch((cause: unknown) => {
    throw isLostRace(cause) ? busy(cause) : commitUnanswered(cause)
  })
  if (command !== 'COMMIT') throw notCommitted()
}
