/** Statements on one connection to MySQL: values bound, answers as text, every wait with an end. */
import type { PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2'
import { refusal } from './mysql-errors.js'

export type MysqlRow = readonly (string | null)[]

export interface MysqlResult {
  readonly rows: readonly MysqlRow[]
  /** Rows that were found, whether or not their values changed. */
  readonly affected: number
}

/** One connection, held for as long as its work takes. */
export interface MysqlSession {
  readonly connection: PoolConnection
  /** Runs one prepared statement; the connection is destroyed when no answer comes in time. */
  run(text: string, values?: readonly (string | null)[]): Promise<MysqlResult>
  /** Sends a statement without values as it is: what sets up a session or ends a transaction cannot all be prepared. */
  send(text: string): Promise<void>
}

/** Runs statements on a connection, each until its answer or until `deadline` milliseconds have passed. */
export function sessionOn(connection: PoolConnection, deadline: number, source: string): MysqlSession {
  const ask = (submit: (done: (error: unknown, result?: MysqlResult) => void) => void): Promise<MysqlResult> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        connection.destroy()
        reject(refusal('SOURCE_UNAVAILABLE', source, new Error('No answer in time.')))
      }, deadline)
      submit((error, result) => {
        clearTimeout(timer)
        if (result === undefined) reject(error)
        else resolve(result)
      })
    })

  return {
    connection,
    run: (text, values = []) =>
      ask((done) => {
        connection.execute<RowDataPacket[][] | ResultSetHeader>(
          { sql: text, rowsAsArray: true },
          [...values],
          (error, result) => (error ? done(error) : done(null, toResult(result))),
        )
      }),
    send: async (text) => {
      await ask((done) => {
        connection.query<ResultSetHeader>(text, (error, result) => (error ? done(error) : done(null, toResult(result))))
      })
    },
  }
}

type Answer = RowDataPacket[][] | RowDataPacket[][][] | ResultSetHeader

function toResult(result: Answer): MysqlResult {
  if (!Array.isArray(result)) return { rows: [], affected: result.affectedRows }
  // A compound statement answers with the rows of what it selected, and a header behind them.
  const [first] = result
  const isCompound = result.length > 0 && !Array.isArray(result.at(-1)) && Array.isArray(first)
  const rows: readonly unknown[] = isCompound ? first : result
  return { rows: rows.map((row) => (Array.isArray(row) ? row.map(toText) : [])), affected: 0 }
}

function toText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}
