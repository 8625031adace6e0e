import { allRows, type SqliteDatabase, type SqliteStatement } from '../drivers/sqlite-library.js'
import { isRunnerError, RunnerError } from '../errors.js'
import type { Durability } from './ledger.js'
import { type Row, unreadable } from './rows.js'
import { isSqliteError } from './sqlite-errors.js'

/** What a statement of the ledger can be given. */
export type Value = string | number | null

/** One open ledger: kept statements and transactions. Everything here is synchronous and short. */
export interface Connection {
  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, ...values: Value[]): number
  get(sql: string, ...values: Value[]): Row | undefined
  all(sql: string, ...values: Value[]): Row[]
  exec(sql: string): void
  /** Runs `work` under the write lock: all of it or nothing. */
  write<Result>(durability: Durability, work: () => Result): Result
  /** Runs `work` on one snapshot. */
  read<Result>(work: () => Result): Result
  close(): void
}

/**
 * One connection serves both durabilities. A second one would drop its page cache at each write of the first, while
 * changing the setting costs a microsecond. It cannot be changed inside a transaction.
 */
export function connect(database: SqliteDatabase): Connection {
  const statements = new Map<string, SqliteStatement>()
  let synchronous: Durability | undefined

  const prepare = (sql: string): SqliteStatement => {
    const kept = statements.get(sql)
    if (kept !== undefined) return kept
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  const synchronise = (durability: Durability): void => {
    if (synchronous === durability) return
    database.exec(durability === 'durable' ? 'pragma synchronous = full' : 'pragma synchronous = normal')
    synchronous = durability
  }

  const transaction = <Result>(begin: string, work: () => Result): Result => {
    prepare(begin).run()
    try {
      const result = work()
      prepare('commit').run()
      return result
    } catch (error) {
      rollBack(prepare('rollback'))
      throw error
    }
  }

  return {
    run: (sql, ...values) => Number(prepare(sql).run(...whole(values)).changes),
    get: (sql, ...values) => exact(() => prepare(sql).get(...whole(values))),
    all: (sql, ...values) => exact(() => allRows(database, prepare(sql), ...whole(values))),
    exec: (sql) => {
      database.exec(sql)
    },
    write: (durability, work) => {
      synchronise(durability)
      return transaction('begin immediate', work)
    },
    read: (work) => transaction('begin', work),
    close: () => {
      statements.clear()
      try {
        // A client may keep the file open until its statements are collected, so the log is emptied here and not left
        // to the last close. While another process reads, it stays, and nothing is lost.
        database.exec('pragma wal_checkpoint(truncate)')
      } finally {
        database.close()
      }
    },
  }
}

/** No number of a ledger is larger than JavaScript can hold exactly, unless somebody else put it there. */
function exact<Rows>(read: () => Rows): Rows {
  try {
    return read()
  } catch (error) {
    const other = isSqliteError(error) || isRunnerError(error) || error instanceof TypeError
    throw other ? error : unreadable('number')
  }
}

/** Clients of SQLite cut a text at its first NUL, and a name that is cut short is another name. */
function whole(values: Value[]): Value[] {
  for (const value of values) {
    if (typeof value === 'string' && value.includes('\0')) {
      throw new RunnerError('INVALID_ARGUMENT', 'A name or an id holds a NUL character, which no ledger can keep.')
    }
  }
  return values
}

function rollBack(rollback: SqliteStatement): void {
  try {
    rollback.run()
  } catch {
    // SQLite has rolled back by itself after some failed writes and refuses this then. The first error tells more.
  }
}
