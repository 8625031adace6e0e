import { inject } from 'vitest'
import {
  createMysqlWorld as createMysqlWorldOn,
  createPostgresWorld as createPostgresWorldOn,
  type MysqlWorld,
  type MysqlWorldOptions,
  type PostgresWorld,
  type PostgresWorldOptions,
} from '../databases/index.js'

export type { MysqlWorld, MysqlWorldOptions, PostgresWorld, PostgresWorldOptions } from '../databases/index.js'

/** A PostgreSQL database of this test file alone, with a reader and a writer. Drop it when done. */
export function createPostgresWorld(options?: PostgresWorldOptions): Promise<PostgresWorld> {
  return createPostgresWorldOn(inject('postgresAdminUrl'), options)
}

/** A MariaDB or MySQL database of this test file alone, with a reader and a writer. Drop it when done. */
export function createMysqlWorld(options?: MysqlWorldOptions): Promise<MysqlWorld> {
  return createMysqlWorldOn(inject('mysqlAdminUrl'), options)
}
