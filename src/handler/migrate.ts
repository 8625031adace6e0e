import type { HandlerDatabase } from './database.js'

/**
 * Creates the receipts table of a handler where it is missing. For a role that may create tables; apps that run their
 * migrations otherwise take the SQL from {@link handlerMigration}. Never done by a handler itself.
 *
 * @example
 * ```ts
 * import { migrateHandler, postgresDatabase } from '@synapsor/runner/handler'
 * import pg from 'pg'
 *
 * await migrateHandler(postgresDatabase(new pg.Pool({ connectionString: process.env.MIGRATION_URL })))
 * ```
 */
export async function migrateHandler<Tx>(database: HandlerDatabase<Tx>): Promise<void> {
  await database.migrate()
}
