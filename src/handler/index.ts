/** The app's side of an executor: `@synapsor/runner/handler`. */
export type { HandlerAnswer, HandlerRequest } from '../protocol/handler.js'
export type { Engine, TableRef } from '../protocol/table.js'
export type { JsonScalar, TypedText } from '../protocol/values.js'
export type { ApprovedChange } from './approved-change.js'
export type { HandlerAuth } from './authorize.js'
export { type CommandHandlerOptions, runCommandHandler } from './command.js'
export type {
  ColumnText,
  FoundRow,
  HandlerDatabase,
  HandlerDatabaseOptions,
  HandlerTransaction,
  ReceiptClaim,
  RowQuery,
  StoredReceipt,
} from './database.js'
export type { HandlerDetails, HandlerJson } from './details.js'
export type { HandlerEffects } from './effects.js'
export { type FastifyInstance, fastifyHandler } from './fastify.js'
export { createWritebackHandler, type WritebackHandler, type WritebackHandlerOptions } from './handler.js'
export type { HandlerLog, HandlerLogger } from './log.js'
export { migrateHandler } from './migrate.js'
export { mysqlDatabase } from './mysql.js'
export type { MysqlConnection, MysqlPool, MysqlQuery } from './mysql-client.js'
export { type NodeHandler, toNodeHandler } from './node.js'
export type { HandlerWork } from './outcome.js'
export type { CapabilityFunction } from './perform.js'
export { postgresDatabase } from './postgres.js'
export type { PgClient, PgPool, PgQuery } from './postgres-client.js'
export { handlerMigration } from './receipts.js'
export { conflict, isRefusal, type Refusal, refuse } from './refusal.js'
export { sqliteDatabase } from './sqlite.js'
export type { SqliteHandle, SqliteStatement } from './sqlite-client.js'
