import type { Pool, PoolConnection } from 'mysql2'
import { RunnerError } from '../errors.js'
import type { DriverOptions } from './driver.js'
import { fromMysqlError, refusal } from './mysql-errors.js'
import { answerLimitMs, type Flavour, flavourOf, poolConfig, type Role, setupStatements } from './mysql-options.js'
import { type MysqlSession, sessionOn } from './mysql-session.js'
import { urlMissing } from './source-errors.js'

/** Where connections come from: a pool of our own, or one that the host keeps. */
export interface MysqlConnections {
  /** @throws RunnerError `BUSY` when none comes free in time, else why none could be opened. */
  acquire(): Promise<PoolConnection>
  close(): Promise<void>
}

const DEFAULT_WAIT_MS = 5000

/** The connections of one role. Ours connect on demand; each is checked and set up before its first use. */
export async function openConnections(role: Role, options: DriverOptions): Promise<MysqlConnections> {
  const given = options.connections?.[role]
  const owned = given === undefined
  const pool = owned ? await openPool(role, options) : hostPool(role, given, options.name)
  const ready = new WeakSet<PoolConnection>()

  return {
    async acquire() {
      const connection = await checkout(pool, options)
      if (ready.has(connection)) return connection
      try {
        await setUp(connection, role, { options, owned })
        ready.add(connection)
        return connection
      } catch (error) {
        connection.destroy()
        throw fromMysqlError(error, options.name)
      }
    },
    close: () => (owned ? closePool(pool) : Promise.resolve()),
  }
}

async function openPool(role: Role, options: DriverOptions): Promise<Pool> {
  const url = role === 'reader' ? options.reader_url : options.writer_url
  if (url === undefined) throw urlMissing(role, options)
  const { createPool } = await import('mysql2')
  return createPool(poolConfig(role, url, options))
}

function hostPool(role: Role, given: unknown, source: string): Pool {
  // The pool of mysql2/promise wraps the one that is used here.
  const wrapped = typeof given === 'object' && given !== null && 'pool' in given ? given.pool : given
  if (isPool(wrapped)) return wrapped
  throw new RunnerError('PRECONDITION_FAILED', `The ${role} given for source ${source} is not a pool of mysql2.`, {
    details: { source, role },
    next: `Give mysql.createPool({ host, user, password, database, ...connectionOptions('mysql', '${role}') }).`,
  })
}

function isPool(value: unknown): value is Pool {
  const isObject = typeof value === 'object' && value !== null
  return isObject && 'getConnection' in value && 'releaseConnection' in value && 'execute' in value
}

function checkout(pool: Pool, { name, pool: limits }: DriverOptions): Promise<PoolConnection> {
  const wait = limits?.acquire_timeout_ms ?? DEFAULT_WAIT_MS
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reject(refusal('BUSY', name, new Error('No connection came free in time.')))
    }, wait)
    pool.getConnection((error, connection) => {
      clearTimeout(timer)
      if (error) reject(fromMysqlError(error, name))
      else if (isLate) connection.release()
      else resolve(connection)
    })
  })
}

interface Setup {
  readonly options: DriverOptions
  readonly owned: boolean
}

const CHECK = 'select version(), @@character_set_client, @@character_set_connection, @@character_set_results'

async function setUp(connection: PoolConnection, role: Role, { options, owned }: Setup): Promise<void> {
  const { name, statement_timeout_ms } = options
  const session = sessionOn(connection, answerLimitMs(role, statement_timeout_ms), name)
  const flavour = await checkSession(session, role, options)
  for (const statement of setupStatements(role, flavour, { statement_timeout_ms, owned })) {
    await session.send(statement)
  }
}

async function checkSession(session: MysqlSession, role: Role, { name }: DriverOptions): Promise<Flavour> {
  const { rows } = await session.run(CHECK)
  const [version, ...characterSets] = rows[0] ?? []
  if (characterSets.every((set) => set === 'utf8mb4')) return flavourOf(version)
  throw new RunnerError('PRECONDITION_FAILED', `The ${role} given for source ${name} does not speak utf8mb4.`, {
    details: { source: name, role },
    next: `Make it with connectionOptions('mysql', '${role}').`,
  })
}

function closePool(pool: Pool): Promise<void> {
  return new Promise((resolve) => pool.end(() => resolve()))
}
