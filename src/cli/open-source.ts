/** The one place where commands open databases without a runner: through the reader credential, for looking only. */

import { envName } from '../contract/names.js'
import type { Env } from '../contract/need-env.js'
import { needEnv } from '../contract/need-env.js'
import type { SourceConfig } from '../contract/schema.js'
import { sourceSchema } from '../contract/source-schema.js'
import type { Driver } from '../drivers/driver.js'
import { openDriver } from '../drivers/open-driver.js'
import { RunnerError } from '../errors.js'
import type { ParsedConfig } from '../index.js'
import type { Sources } from '../operations/ports.js'
import { createSources } from '../operations/sources.js'
import type { Engine } from '../protocol/table.js'
import { usageError } from './usage-error.js'

/** A database that no contract names yet. */
export interface ReaderSource {
  /** `auto`: by the scheme of the URL, or SQLite where a path is given. */
  readonly engine: Engine | 'auto'
  /** Name of the variable that holds the URL of the reader. Not for SQLite. */
  readonly from_env?: string | undefined
  /** The SQLite file, relative to the current folder. */
  readonly path?: string | undefined
  /** Name of the variable that holds the path of the authority certificate. TLS is then required. */
  readonly ca_env?: string | undefined
  /** Longest time of one statement. @defaultValue 30 seconds: a catalogue can be large */
  readonly statement_timeout_ms?: number
}

export interface OpenReader {
  readonly engine: Engine
  /** What errors call the database: the variable, or the file. */
  readonly name: string
  readonly driver: Driver
}

interface World {
  readonly env: Env
  readonly cwd: string
}

const CATALOGUE_MS = 30_000

/**
 * Opens a database through its reader, does `work` and closes it again.
 *
 * @throws RunnerError `ENV_MISSING` for a variable that is not set, `SOURCE_*` when the database cannot be asked.
 * A usage error where it is not said which database, or a URL stands where a name belongs.
 */
export async function withReader<Result>(
  given: ReaderSource,
  { env, cwd }: World,
  work: (reader: OpenReader) => Promise<Result>,
): Promise<Result> {
  const source = toSource(given, env)
  const name = given.path ?? given.from_env ?? ''
  const sources = openSources({ sources: { [name]: source } }, { env, base_dir: cwd })
  try {
    const { driver } = await sources.open(name)
    return await work({ engine: source.engine, name, driver })
  } finally {
    await sources.close()
  }
}

/** Opens the sources of a contract, each on first use. Whoever opens them closes them. */
export function openSources(
  config: Pick<ParsedConfig, 'sources'>,
  { env, base_dir }: { readonly env: Env; readonly base_dir: string },
): Sources {
  return createSources({ config, env, connections: {}, base_dir, openDriver })
}

/** Which source of a contract this would be, as {@link sourceSchema} gives it. */
function toSource(given: ReaderSource, env: Env): SourceConfig {
  assertNames(given)
  const engine = resolveEngine(given, env)
  const statement_timeout_ms = given.statement_timeout_ms ?? CATALOGUE_MS
  if (engine === 'sqlite') {
    if (given.path === undefined) throw usageError('No file is given.', 'Give the SQLite file: --path shop.db.')
    return sourceSchema().parse({ engine, path: given.path, statement_timeout_ms })
  }
  if (given.from_env === undefined) throw usageError('No database is given.', NAME_THE_VARIABLE)
  return sourceSchema().parse({
    engine,
    read_url_env: given.from_env,
    statement_timeout_ms,
    ...(given.ca_env === undefined ? {} : { tls: { ca_env: given.ca_env } }),
  })
}

const NAME_THE_VARIABLE =
  'Put the URL into an environment variable and name it: --from-env DATABASE_URL. As an argument it would show in the list of processes.'

/** What stands in the wrong place may be a URL with a password, so that none of it is said again. */
function assertNames({ engine, from_env, path, ca_env }: ReaderSource): void {
  for (const name of [from_env, ca_env]) {
    if (name !== undefined && !envName().safeParse(name).success) {
      throw usageError('What is given as the name of an environment variable is none.', NAME_THE_VARIABLE)
    }
  }
  if (path?.includes('://') === true) throw usageError('A URL is given where a file belongs.', NAME_THE_VARIABLE)
  if (path !== undefined && (from_env !== undefined || (engine !== 'sqlite' && engine !== 'auto'))) {
    throw usageError('A file and a server are given.', 'Give --path for a SQLite file, or --from-env for a server.')
  }
}

const SCHEMES: Readonly<Record<string, Engine>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mysql2:': 'mysql',
  'mariadb:': 'mysql',
  'mariadb2:': 'mysql',
}

/**
 * Which engine is meant.
 *
 * @throws RunnerError `ENV_MISSING` where the URL is asked and its variable is not set; `SOURCE_UNAVAILABLE` for a URL of
 * another kind. A usage error where nothing is given to tell by.
 */
export function resolveEngine({ engine, path, from_env }: ReaderSource, env: Env): Engine {
  if (engine !== 'auto') return engine
  if (path !== undefined) return 'sqlite'
  if (from_env === undefined) throw usageError('No database is given.', NAME_THE_VARIABLE)
  const url = needEnv(env, from_env)
  const found = URL.canParse(url) ? SCHEMES[new URL(url).protocol] : undefined
  if (found !== undefined) return found
  throw new RunnerError('SOURCE_UNAVAILABLE', `The variable ${from_env} holds no URL of PostgreSQL or MySQL.`, {
    details: { env: from_env },
    next: 'Write postgres://user:password@host:5432/database or mysql://…, with special characters percent-encoded. For SQLite give --path FILE.',
  })
}
