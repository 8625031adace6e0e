/** How a connection to PostgreSQL is set up, so that every value has one text and every wait has an end. */
import type { PoolConfig } from 'pg'
import { RunnerError } from '../errors.js'
import { type DriverOptions, HOST_STATEMENT_MS } from './driver.js'

export type Role = 'reader' | 'writer'

/** Server settings by name. They decide what a value looks like as text, what a statement may do and how long. */
export type SessionSettings = Readonly<Record<string, string>>

/** What the texts of values depend on. Anything else here, and the same row reads differently tomorrow. */
const TEXT_SETTINGS: SessionSettings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  lc_monetary: 'C',
  search_path: 'pg_catalog,public,pg_temp',
}

/** The settings of a session. A lock wait ends before the statement, the statement before an idle transaction. */
export function sessionSettings(role: Role, statementTimeoutMs: number): SessionSettings {
  const timeouts = {
    lock_timeout: `${Math.max(1, Math.floor(statementTimeoutMs / 2))}ms`,
    statement_timeout: `${statementTimeoutMs}ms`,
    idle_in_transaction_session_timeout: `${statementTimeoutMs * 2 + 1000}ms`,
  }
  // An answer that a crash of the server can take back must not become a receipt.
  const purpose = role === 'reader' ? { default_transaction_read_only: 'on' } : { synchronous_commit: 'on' }
  return { ...TEXT_SETTINGS, ...timeouts, ...purpose }
}

/** The settings that make a session's texts and promises what the driver relies on, whoever opened it. */
export function requiredSettings(role: Role): SessionSettings {
  const purpose = role === 'reader' ? { default_transaction_read_only: 'on' } : { synchronous_commit: 'on' }
  return { ...TEXT_SETTINGS, ...purpose }
}

/** Settings as the startup packet carries them. */
export function startupOptions(settings: SessionSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
    .join(' ')
}

/** Settings as a statement, for poolers that take no startup options. */
export function settingsStatement(settings: SessionSettings): string {
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`)
  return `select ${calls.join(', ')}`
}

/** Every value as the server's own text. */
export const textTypes = { getTypeParser: () => (value: unknown) => value }

/** What `new pg.Pool` is given for one role. */
export function poolConfig(role: Role, url: string, options: DriverOptions): PoolConfig {
  const { pool = {}, statement_timeout_ms } = options
  const { connectionString, ssl, startup } = connectionOf(url, options)
  return {
    connectionString,
    ...(ssl === undefined ? {} : { ssl }),
    options: [startup, startupOptions(sessionSettings(role, statement_timeout_ms))].join(' ').trim(),
    types: textTypes,
    fallback_application_name: 'synapsor-runner',
    keepAlive: true,
    max: pool.max ?? 10,
    connectionTimeoutMillis: pool.acquire_timeout_ms ?? 5000,
    idleTimeoutMillis: pool.idle_timeout_ms ?? 30_000,
    allowExitOnIdle: true,
  }
}

/** What a host gives `new pg.Pool` beside its connection string, so that the driver can use that pool. */
export interface PgConnectionOptions {
  readonly options: string
  readonly types: typeof textTypes
  readonly keepAlive: true
}

/** The options of a host's own pool; `statement_timeout_ms` of the source does not reach it. */
export function hostPoolOptions(role: Role): PgConnectionOptions {
  return { options: startupOptions(sessionSettings(role, HOST_STATEMENT_MS)), types: textTypes, keepAlive: true }
}

/** Parameters of a URL that would win over what the driver sets. */
const SET_BY_US = [
  'options',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'query_timeout',
]
const TLS_PARAMETERS = ['ssl', 'sslmode', 'sslrootcert', 'uselibpqcompat']
const PLAIN_MODES = new Set(['disable', 'allow', 'prefer'])

function connectionOf(url: string, { name, tls }: DriverOptions) {
  const parsed = parseUrl(url, name)
  // Some providers route by an option of their own, which has to stay.
  const startup = parsed.searchParams.get('options') ?? ''
  for (const parameter of SET_BY_US) parsed.searchParams.delete(parameter)

  const mode = parsed.searchParams.get('sslmode')
  const wanted = tls?.required === true || (mode !== null && !PLAIN_MODES.has(mode))
  if (!tls || !wanted) return { connectionString: parsed.href, ssl: undefined, startup }

  for (const parameter of TLS_PARAMETERS) parsed.searchParams.delete(parameter)
  const ssl = { rejectUnauthorized: tls.verify, ...(tls.ca === undefined ? {} : { ca: tls.ca }) }
  return { connectionString: parsed.href, ssl, startup }
}

function parseUrl(url: string, source: string): URL {
  if (!URL.canParse(url)) {
    throw new RunnerError('SOURCE_UNAVAILABLE', `The URL of source ${source} is not one of PostgreSQL.`, {
      details: { source },
      next: 'Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.',
    })
  }
  return new URL(url)
}
