/** How a connection to MySQL or MariaDB is made and set up, so that every value has one text and every wait has an end. */
import { isIP } from 'node:net'
import type { ConnectionOptions as MysqlClientOptions, PoolOptions } from 'mysql2'
import { RunnerError } from '../errors.js'
import type { DriverOptions } from './driver.js'

export type Role = 'reader' | 'writer'
export type Flavour = 'mariadb' | 'mysql'

/** Which of the two answers to `version()` in this way. */
export function flavourOf(version: string | null | undefined): Flavour {
  return version?.includes('MariaDB') === true ? 'mariadb' : 'mysql'
}

/** What a host gives `mysql.createPool` beside host, user and database, so that the driver can use that pool. */
export interface MysqlConnectionOptions {
  readonly charset: 'utf8mb4'
  readonly multipleStatements: false
  readonly namedPlaceholders: false
  readonly supportBigNumbers: true
  readonly bigNumberStrings: true
  readonly dateStrings: true
  readonly jsonStrings: true
  readonly flags: string[]
}

/** Texts instead of numbers and dates; rows that were found count, not only rows that changed. */
export function hostPoolOptions(_role: Role): MysqlConnectionOptions {
  return {
    charset: 'utf8mb4',
    multipleStatements: false,
    namedPlaceholders: false,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    flags: ['FOUND_ROWS', '-LOCAL_FILES'],
  }
}

const SQL_MODE = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'

/** How long a lock is waited for, in the whole seconds that the server counts in. */
function lockWaitSeconds(statement_timeout_ms: number): number {
  return Math.max(1, Math.floor(statement_timeout_ms / 2000))
}

/**
 * How long the server lets a statement take, in milliseconds. A statement that writes has time for two lock waits: one
 * that ends a wait is rolled back for certain, one that ends a statement may have come after its commit.
 */
function serverLimitMs(role: Role, statement_timeout_ms: number): number {
  return role === 'reader'
    ? statement_timeout_ms
    : Math.max(statement_timeout_ms, 2000 * lockWaitSeconds(statement_timeout_ms))
}

/** How long an answer is waited for, in milliseconds: longer than the server's own limits, so that it can tell of them. */
export function answerLimitMs(role: Role, statement_timeout_ms: number): number {
  return serverLimitMs(role, statement_timeout_ms) + 1000
}

/**
 * What every new connection is told. READ COMMITTED, so that a retry sees what the winner committed and no gap is
 * locked; a lock wait ends before the statement does. Only MariaDB can end a statement that writes.
 */
export function setupStatements(role: Role, flavour: Flavour, options: SetupOptions): readonly string[] {
  const { statement_timeout_ms, owned } = options
  const limitMs = serverLimitMs(role, statement_timeout_ms)
  const seconds = limitMs / 1000
  const lockSeconds = lockWaitSeconds(statement_timeout_ms)
  const timeouts =
    flavour === 'mariadb'
      ? [`max_statement_time = ${seconds}`, `idle_transaction_timeout = ${Math.ceil(seconds * 2) + 1}`]
      : [`max_execution_time = ${limitMs}`]
  const settings = [
    `time_zone = '+00:00'`,
    `sql_mode = '${SQL_MODE}'`,
    `innodb_lock_wait_timeout = ${lockSeconds}`,
    `lock_wait_timeout = ${lockSeconds}`,
    ...timeouts,
    // Every first statement then begins a transaction by itself, which saves a round trip.
    ...(role === 'writer' && owned ? ['autocommit = 0'] : []),
  ]
  const access = role === 'reader' ? 'READ ONLY' : 'READ WRITE'
  return [
    `set ${settings.map((setting) => `session ${setting}`).join(', ')}`,
    `set session transaction isolation level READ COMMITTED, ${access}`,
  ]
}

export interface SetupOptions {
  readonly statement_timeout_ms: number
  /** Opened by the driver: nobody else relies on how it is set. */
  readonly owned: boolean
}

/** What `mysql.createPool` is given for one role. */
export function poolConfig(role: Role, url: string, options: DriverOptions): PoolOptions {
  const { pool = {} } = options
  const limit = pool.max ?? 10
  return {
    ...hostPoolOptions(role),
    ...addressOf(url, options),
    connectTimeout: pool.acquire_timeout_ms ?? 5000,
    connectionLimit: limit,
    maxIdle: limit,
    idleTimeout: pool.idle_timeout_ms ?? 30_000,
    enableKeepAlive: true,
    // Statements are as many as the contract asks for; the server keeps each of them for each connection.
    maxPreparedStatements: 500,
  }
}

const DEFAULT_PORT = 3306
const PLAIN_MODES = new Set(['disabled', 'preferred', 'disable', 'prefer', 'false', '0'])

function addressOf(url: string, { name, tls }: DriverOptions): MysqlClientOptions {
  const { hostname, port, username, password, pathname, searchParams } = parseUrl(url, name)
  const mode = searchParams.get('ssl-mode') ?? searchParams.get('sslmode') ?? searchParams.get('ssl')
  const wanted = tls?.required === true || (mode !== null && !PLAIN_MODES.has(mode.toLowerCase()))
  const socketPath = searchParams.get('socketPath') ?? searchParams.get('socket')
  const verify = tls?.verify ?? true
  const ca = tls?.ca === undefined ? {} : { ca: tls.ca }
  const host = hostname.replace(/^\[|\]$/g, '')
  // The client would check the certificate against another name than the address.
  if (wanted && verify && socketPath === null && isIP(host) !== 0) throw unnamed(name)
  return {
    ...(socketPath === null ? { host, port: port === '' ? DEFAULT_PORT : Number(port) } : { socketPath }),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ...(wanted ? { ssl: { rejectUnauthorized: verify, verifyIdentity: verify, ...ca } } : {}),
  }
}

function unnamed(source: string): RunnerError {
  return new RunnerError('SOURCE_TLS', `The certificate of source ${source} cannot be checked against an address.`, {
    details: { source },
    next: 'Write the host name that the certificate is for into the URL.',
  })
}

function parseUrl(url: string, source: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed && /^(mysql|mariadb)2?:$/.test(parsed.protocol)) return parsed
  throw new RunnerError('SOURCE_UNAVAILABLE', `The URL of source ${source} is not one of MySQL.`, {
    details: { source },
    next: 'Write it as mysql://user:password@host:3306/database, with special characters percent-encoded.',
  })
}
