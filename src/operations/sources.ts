import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { needEnv } from '../contract/need-env.js'
import type { ParsedConfig, SourceConfig } from '../contract/schema.js'
import { type Driver, type DriverOptions, HOST_STATEMENT_MS } from '../drivers/driver.js'
import { RunnerError } from '../errors.js'
import type { TableRef } from '../sql/dialect.js'
import type { Source, SourcePlan, Sources } from './ports.js'

/** Connections of the host, made with `connectionOptions`. Closed by the host, never here. */
export type Connections = Readonly<Record<string, { readonly reader: unknown; readonly writer: unknown }>>

export interface SourcesOptions {
  readonly config: Pick<ParsedConfig, 'sources'>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly connections: Connections
  /** Folder that relative paths resolve against. */
  readonly base_dir: string
  readonly openDriver: (engine: SourceConfig['engine'], options: DriverOptions) => Promise<Driver>
}

/** Opens each source of the contract on first use, once, and closes what it opened. */
export function createSources(options: SourcesOptions): Sources {
  const opened = new Map<string, Promise<Source>>()
  let closed = false
  return {
    open: async (name) => {
      if (closed) throw new RunnerError('SOURCE_UNAVAILABLE', 'The runner is closed.', { next: 'Make a new runner.' })
      const earlier = opened.get(name)
      if (earlier !== undefined) return earlier
      const opening = openSource(options, name)
      opened.set(name, opening)
      opening.catch(() => opened.delete(name))
      return opening
    },
    plan: (name) => planSource(options, name),
    close: async () => {
      if (closed) return
      closed = true
      const settled = await Promise.allSettled(opened.values())
      await Promise.all(settled.map((each) => (each.status === 'fulfilled' ? each.value.driver.close() : undefined)))
    },
  }
}

function planSource({ config, env, connections }: SourcesOptions, name: string): SourcePlan {
  const source = findSource(config, name)
  const is_given = Object.hasOwn(connections, name)
  const holds = source.receipts.authority === 'source_db' && !source.read_only
  const roles = source.engine === 'sqlite' ? {} : { reader: source.read_url_env, writer: source.write_url_env }
  return {
    receipts: holds ? receiptsTable(source.receipts) : null,
    reader: roleOf(env, roles.reader),
    writer: roleOf(env, roles.writer),
    is_given,
    has_writer: is_given || source.engine === 'sqlite' || writerUrl(env, source).writer_url !== undefined,
  }
}

function roleOf(env: SourcesOptions['env'], name: string | undefined): string | undefined {
  const url = name === undefined ? undefined : env[name]
  if (url === undefined || !URL.canParse(url)) return undefined
  const { username } = new URL(url)
  return username === '' ? undefined : decoded(username)
}

/** A name that is not encoded as it should be is no name that a grant could hold. */
function decoded(username: string): string | undefined {
  try {
    return decodeURIComponent(username)
  } catch {
    return undefined
  }
}

async function openSource(options: SourcesOptions, name: string): Promise<Source> {
  const config = findSource(options.config, name)
  const { receipts } = config
  const statement_ms = Math.max(config.statement_timeout_ms, HOST_STATEMENT_MS)
  return {
    name,
    driver: await options.openDriver(config.engine, driverOptions(options, name, config)),
    receipts: receipts.authority === 'runner_ledger' ? null : receiptsTable(receipts),
    read_only: config.read_only,
    attempt_ms: 2 * statement_ms,
    settled_ms: 4 * statement_ms,
  }
}

function findSource(config: SourcesOptions['config'], name: string): SourceConfig {
  const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined
  if (source !== undefined) return source
  throw new RunnerError('CONFIG_INVALID', 'The contract has no source of this name.', {
    next: `Its sources are: ${Object.keys(config.sources).join(', ')}.`,
  })
}

function receiptsTable({ schema, table }: SourceConfig['receipts']): TableRef {
  return schema === undefined ? { table } : { schema, table }
}

function driverOptions(options: SourcesOptions, name: string, config: SourceConfig): DriverOptions {
  const connections = Object.hasOwn(options.connections, name) ? options.connections[name] : undefined
  const common = { name, statement_timeout_ms: config.statement_timeout_ms }
  if (connections !== undefined) return { ...common, connections }
  if (config.engine === 'sqlite') {
    if (config.path === undefined) throw incomplete(name, 'path')
    return { ...common, path: resolve(options.base_dir, config.path) }
  }
  if (config.read_url_env === undefined) throw incomplete(name, 'read_url_env')
  return {
    ...common,
    reader_url: needEnv(options.env, config.read_url_env),
    ...writerUrl(options.env, config),
    ...(config.pool === undefined ? {} : { pool: withoutUndefined(config.pool) }),
    ...tls(options, config),
  }
}

/** The writer is needed only to apply: reads and proposals work without its variable. */
function writerUrl(
  env: SourcesOptions['env'],
  config: Exclude<SourceConfig, { engine: 'sqlite' }>,
): Pick<DriverOptions, 'writer_url' | 'writer_env'> {
  const name = config.write_url_env
  const url = name === undefined ? undefined : env[name]?.trim()
  if (url !== undefined && url !== '') return { writer_url: url }
  return name === undefined ? {} : { writer_env: name }
}

function tls(options: SourcesOptions, { tls: config, ssl }: Exclude<SourceConfig, { engine: 'sqlite' }>) {
  if (config === undefined && ssl === undefined) return {}
  const path = config?.ca_env === undefined ? undefined : needEnv(options.env, config.ca_env)
  const verify = config?.no_verify !== true && ssl?.rejectUnauthorized !== false
  return { tls: { verify, required: true, ...(path === undefined ? {} : { ca: readCertificate(path) }) } }
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new RunnerError('SOURCE_TLS', 'The authority certificate named by tls.ca_env cannot be read.', { cause })
  }
}

function incomplete(name: string, key: string): RunnerError {
  return new RunnerError('CONFIG_INVALID', `Source ${name} has no ${key}, and the host gave no connections for it.`, {
    details: { source: name, key },
  })
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
