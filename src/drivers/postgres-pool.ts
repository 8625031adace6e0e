/** The connections of one role: opened on first use, every wait with an end, broken ones never used again. */
import { createHash } from 'node:crypto'
import type { PoolClient, QueryArrayConfig, QueryArrayResult } from 'pg'
import type { DriverOptions } from './driver.js'
import { isOutcomeOpen } from './postgres-errors.js'
import { openConnections, type PgConnections } from './postgres-open.js'
import { type Role, textTypes } from './postgres-options.js'

export type PgRow = (string | null)[]
export type PgResult = QueryArrayResult<PgRow>

/** One connection, held for as long as its work takes. */
export interface PgSession {
  readonly client: PoolClient
  /** Runs one prepared statement; the connection is destroyed when no answer comes in time. */
  run(text: string, values?: readonly (string | null)[]): Promise<PgResult>
}

export interface PgPool {
  /** Runs one statement by itself, outside any transaction. */
  run(text: string, values: readonly (string | null)[]): Promise<PgResult>
  /** Lends a connection to `work` and destroys it when `work` fails. */
  session<Result>(work: (session: PgSession) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export function createPgPool(role: Role, options: DriverOptions): PgPool {
  // The server ends a statement by itself in time; this ends the wait when the server cannot be heard any more.
  const deadline = options.statement_timeout_ms + 1000
  const statement = createStatements()
  let opening: Promise<PgConnections> | undefined
  let connections: PgConnections | undefined

  const open = async (): Promise<PgConnections> => {
    opening ??= openConnections(role, options)
    try {
      connections = await opening
      return connections
    } catch (error) {
      opening = undefined
      throw error
    }
  }

  const lend = async <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> => {
    const from = connections ?? (await open())
    const client = from.takeWarm() ?? (await from.acquire())
    try {
      const result = await work(client)
      from.release(client, { broken: false })
      return result
    } catch (error) {
      from.release(client, { broken: role === 'writer' || isOutcomeOpen(error) })
      throw error
    }
  }

  return {
    run: (text, values) => lend((client) => ask(client, statement(text, values), deadline)),
    session: (work) =>
      lend((client) => work({ client, run: (text, values = []) => ask(client, statement(text, values), deadline) })),
    async close() {
      const opened = await opening?.catch(() => undefined)
      await opened?.close()
    },
  }
}

/** With callbacks, because this is on the way of every read and a promise more is felt. */
function ask(client: PoolClient, query: QueryArrayConfig, deadline: number): Promise<PgResult> {
  return new Promise((resolve, reject) => {
    const watch = watchOf(client, deadline)
    watch.isWaiting = true
    client.query<PgRow>(query, (error: Error | null, result) => {
      watch.isWaiting = false
      if (error) reject(error)
      else resolve(result)
    })
  })
}

/** One timer for each connection, started anew by each statement: making one for each would cost more than the rest. */
interface Watch {
  readonly timer: NodeJS.Timeout
  isWaiting: boolean
}

const watches = new WeakMap<PoolClient, Watch>()

function watchOf(client: PoolClient, deadline: number): Watch {
  const known = watches.get(client)
  if (known) {
    known.timer.refresh()
    return known
  }
  const expire = (): void => {
    // Makes the statement fail at once, whatever the network still has in store.
    if (watch.isWaiting) client.connection.stream.destroy()
  }
  const watch: Watch = { timer: setTimeout(expire, deadline).unref(), isWaiting: false }
  watches.set(client, watch)
  return watch
}

/**
 * Makes statements of texts. Each is named by its text, so that a connection parses it once, and what is fixed of it is
 * inherited: the client copies every own property of what it is given, which on a read costs as much as this driver.
 */
function createStatements(): (text: string, values: readonly (string | null)[]) => QueryArrayConfig {
  const fixed = new Map<string, QueryArrayConfig>()
  return (text, values) => {
    let part = fixed.get(text)
    if (!part) {
      const name = `sr_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
      part = { name, text, rowMode: 'array', types: textTypes }
      fixed.set(text, part)
    }
    const statement: QueryArrayConfig = Object.create(part)
    statement.values = [...values]
    return statement
  }
}
