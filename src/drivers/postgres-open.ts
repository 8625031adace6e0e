import type { Pool, PoolClient, PoolConfig } from 'pg'
import { RunnerError } from '../errors.js'
import type { DriverOptions } from './driver.js'
import { fromPgError, refusal, serverErrorOf } from './postgres-errors.js'
import {
  poolConfig,
  type Role,
  requiredSettings,
  type SessionSettings,
  sessionSettings,
  settingsStatement,
  textTypes,
} from './postgres-options.js'
import { urlMissing } from './source-errors.js'

const WARM_MS = 200

/** Where connections come from: a pool of our own, or one that the host keeps. */
export interface PgConnections {
  /** A connection that was just in use, at once, if there is one. */
  takeWarm(): PoolClient | undefined
  /** @throws RunnerError `BUSY` when none comes free in time, else why none could be opened. */
  acquire(): Promise<PoolClient>
  /** Takes a connection back; a broken one is destroyed. */
  release(client: PoolClient, is: { readonly broken: boolean }): void
  close(): Promise<void>
}

/** The connections of one role. Ours connect on demand; the host's are checked once before they are used. */
export async function openConnections(role: Role, options: DriverOptions): Promise<PgConnections> {
  const given = options.connections?.[role]
  return given === undefined ? ownConnections(role, options) : hostConnections(role, given, options.name)
}

async function ownConnections(role: Role, options: DriverOptions): Promise<PgConnections> {
  const url = role === 'reader' ? options.reader_url : options.writer_url
  if (url === undefined) throw urlMissing(role, options)
  const config = poolConfig(role, url, options)
  const withStartup = await openPool(config)
  let pool = withStartup
  const warm = createWarmKeeper()

  return {
    takeWarm: warm.take,
    async acquire() {
      try {
        return await checkout(pool, options.name, config)
      } catch (error) {
        if (pool !== withStartup || !isStartupRefused(error)) throw error
        pool = await openPool(withoutStartup(config, sessionSettings(role, options.statement_timeout_ms)))
        return checkout(pool, options.name, config)
      }
    },
    release(client, { broken }) {
      if (broken || pool.waitingCount > 0) client.release(broken)
      else warm.keep(client)
    },
    async close() {
      warm.empty()
      await Promise.all([withStartup.end(), ...(pool === withStartup ? [] : [pool.end()])])
    },
  }
}

/**
 * Holds connections back from their pool for a moment after use, since going through it costs a read a tenth of its
 * time. Nobody else uses these pools, and whoever waits in one is served first.
 */
function createWarmKeeper() {
  const warm: PoolClient[] = []
  const watched = new WeakSet<PoolClient>()
  let timer: NodeJS.Timeout | undefined

  const empty = (): void => {
    clearTimeout(timer)
    timer = undefined
    for (const client of warm.splice(0)) client.release()
  }

  const watch = (client: PoolClient): void => {
    watched.add(client)
    client.on('error', () => {
      const place = warm.indexOf(client)
      if (place >= 0) warm.splice(place, 1)[0]?.release(true)
    })
  }

  return {
    take: () => warm.pop(),
    empty,
    keep(client: PoolClient) {
      if (!watched.has(client)) watch(client)
      warm.push(client)
      timer ??= setTimeout(empty, WARM_MS)
    },
  }
}

async function openPool(config: PoolConfig): Promise<Pool> {
  const { Pool } = await import('pg')
  const pool = new Pool(config)
  // An idle connection that breaks is replaced by the next call; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}

/** PgBouncer refuses startup options unless it is told to ignore them; the same settings follow as a statement. */
function withoutStartup(config: PoolConfig, settings: SessionSettings): PoolConfig {
  const { options: _, ...rest } = config
  return { ...rest, onConnect: async (client) => void (await client.query(settingsStatement(settings))) }
}

function isStartupRefused(error: unknown): boolean {
  return error instanceof RunnerError && serverErrorOf(error.cause)?.code === '08P01'
}

/** A connection that breaks in use fails the statement on it, which is where it is reported. */
const ignored = new WeakSet<PoolClient>()

function ignoreErrors(client: PoolClient): PoolClient {
  if (ignored.has(client)) return client
  ignored.add(client)
  return client.on('error', () => {})
}

async function checkout(pool: Pool, source: string, config: PoolConfig): Promise<PoolClient> {
  const isFull = pool.idleCount === 0 && pool.totalCount >= pool.options.max
  const startedAt = performance.now()
  try {
    return ignoreErrors(await pool.connect())
  } catch (error) {
    const waited = performance.now() - startedAt
    throw checkoutError(error, source, {
      isFull,
      // The client has no code for a server that speaks no TLS, but it says so at once.
      isTlsRefused: wantsTls(config) && waited < (config.connectionTimeoutMillis ?? 0) / 2,
    })
  }
}

/** By what the driver was told, or by the URL alone. */
function wantsTls({ ssl, connectionString = '' }: PoolConfig): boolean {
  return typeof ssl === 'object' || /[?&](sslmode=(require|verify-|no-verify)|ssl=(true|1)\b)/.test(connectionString)
}

function checkoutError(error: unknown, source: string, is: { isFull: boolean; isTlsRefused: boolean }): RunnerError {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error
  if (hasCode) return fromPgError(error, source)
  if (is.isFull) return refusal('BUSY', source, error)
  return refusal(is.isTlsRefused ? 'SOURCE_TLS' : 'SOURCE_UNAVAILABLE', source, error)
}

async function hostConnections(role: Role, given: unknown, source: string): Promise<PgConnections> {
  if (!isPool(given)) {
    throw new RunnerError('PRECONDITION_FAILED', `The ${role} given for source ${source} is not a pool of pg.`, {
      details: { source, role },
      next: `Give new pg.Pool({ connectionString, ...connectionOptions('postgres', '${role}') }).`,
    })
  }
  const connections: PgConnections = {
    takeWarm: () => undefined,
    acquire: () => checkout(given, source, {}),
    release: (client, { broken }) => client.release(broken),
    close: async () => {},
  }
  await assertPinned(await connections.acquire(), role, source)
  return connections
}

function isPool(value: unknown): value is Pool {
  return typeof value === 'object' && value !== null && 'connect' in value && 'idleCount' in value && 'options' in value
}

/** Compares what a session of the host is set to with what the texts and promises of this driver rest on. */
async function assertPinned(client: PoolClient, role: Role, source: string): Promise<void> {
  const settings = Object.entries(requiredSettings(role))
  const text = `select ${settings.map(([name]) => `current_setting('${name}')`).join(', ')}`
  try {
    const { rows } = await client.query<string[]>({ text, rowMode: 'array', types: textTypes })
    const wrong = settings.filter(([, value], i) => !isSame(rows[0]?.[i], value)).map(([name]) => name)
    if (wrong.length === 0) return
    throw new RunnerError(
      'PRECONDITION_FAILED',
      `The ${role} given for source ${source} differs in ${wrong.join(', ')}.`,
      {
        details: { source, role, settings: wrong },
        next: `Make it with connectionOptions('postgres', '${role}').`,
      },
    )
  } catch (error) {
    throw fromPgError(error, source)
  } finally {
    client.release()
  }
}

/** The server writes lists with blanks of its own. */
function isSame(actual: string | undefined, expected: string): boolean {
  return actual?.replaceAll(' ', '').toLowerCase() === expected.replaceAll(' ', '').toLowerCase()
}
