/** What is used of a connection of `mysql2/promise`, and how its answers are read. */
import * as z from 'zod'
import { once } from '../protocol/once.js'

export interface MysqlQuery {
  readonly sql: string
  readonly values?: (string | null)[]
  readonly rowsAsArray: true
  readonly typeCast: true
  readonly nestTables: false
}

/** The methods used of a connection of `mysql2/promise`. */
export interface MysqlConnection {
  query(query: MysqlQuery): Promise<readonly [unknown, unknown]>
  execute(query: MysqlQuery): Promise<readonly [unknown, unknown]>
  release(): void
  destroy(): void
}

/** The method used of a pool of `mysql2/promise`. */
export interface MysqlPool<Connection> {
  getConnection(): Promise<Connection>
}

export type MysqlRow = readonly (string | null)[]

export interface MysqlResult {
  readonly rows: readonly MysqlRow[]
  readonly affected: number
}

/** Whatever the pool is told of the shape of rows. */
const PLAIN = { rowsAsArray: true, typeCast: true, nestTables: false } as const

/** Whatever the pool makes of numbers; everything that is compared is asked for as hexadecimal text. */
const value = once(() => z.union([z.string(), z.null(), z.number().transform(String)]))
const rows = once(() => z.array(z.array(value())))
const header = once(() => z.looseObject({ affectedRows: z.number() }))

/** Runs a prepared statement. */
export async function ask(
  connection: MysqlConnection,
  sql: string,
  values: readonly (string | null)[],
): Promise<MysqlResult> {
  const [given] = await connection.execute({ sql, values: [...values], ...PLAIN })
  return Array.isArray(given)
    ? { rows: rows().parse(given), affected: 0 }
    : { rows: [], affected: header().parse(given).affectedRows }
}

/** Sends a statement without values: those of a transaction and a session cannot all be prepared. */
export async function send(connection: MysqlConnection, sql: string): Promise<void> {
  await connection.query({ sql, ...PLAIN })
}
