import { type MysqlConnectionOptions, hostPoolOptions as mysqlPoolOptions } from './mysql-options.js'
import { hostPoolOptions, type PgConnectionOptions } from './postgres-options.js'
import { hostConnectionOptions, type SqliteConnectionOptions } from './sqlite-options.js'

/** What the connections of an engine are made with, by engine. */
export interface ConnectionOptions {
  readonly postgres: PgConnectionOptions
  readonly mysql: MysqlConnectionOptions
  readonly sqlite: SqliteConnectionOptions
}

const byEngine: {
  readonly [Engine in keyof ConnectionOptions]: (role: 'reader' | 'writer') => ConnectionOptions[Engine]
} = {
  postgres: hostPoolOptions,
  mysql: mysqlPoolOptions,
  sqlite: hostConnectionOptions,
}

/**
 * The options that a host makes its own pool with, beside its connection string, before it gives the pool to the
 * runner. They pin what the texts of values depend on, and keep the reader from writing. A pool without them is
 * refused with `PRECONDITION_FAILED` when it is first used.
 *
 * @example
 * ```ts
 * import { connectionOptions, createRunner, loadConfig } from '@synapsor/runner'
 * import pg from 'pg'
 *
 * const pool = (role: 'reader' | 'writer', connectionString: string) =>
 *   new pg.Pool({ connectionString, ...connectionOptions('postgres', role) })
 *
 * const billing = {
 *   reader: pool('reader', 'postgres://reader@db.example/shop'),
 *   writer: pool('writer', 'postgres://writer@db.example/shop'),
 * }
 * const runner = createRunner(loadConfig('synapsor.runner.json'), { connections: { billing } })
 * ```
 */
export function connectionOptions<Engine extends keyof ConnectionOptions>(
  engine: Engine,
  role: 'reader' | 'writer',
): ConnectionOptions[Engine] {
  return byEngine[engine](role)
}
