import { givenServer } from './given-server.js'
import { unprivilegedAccount } from './local/account.js'
import { removeAbandonedRuns } from './local/run-directory.js'
import { loginToMysql } from './mysql/login.js'
import { startMariadb } from './mysql/start.js'
import { loginToPostgres } from './postgres/login.js'
import { startPostgres } from './postgres/start.js'
import { report } from './progress.js'
import type { DatabaseServer, ServerOptions, StartedServer } from './server.js'

export type EngineName = 'postgres' | 'mysql'

export interface StartOptions<Engine extends EngineName = EngineName> {
  /**
   * Whether a commit waits for the disk, as it does in production. Tests do without; a benchmark
   * of commits needs it. A server named by the environment keeps its own settings.
   *
   * @defaultValue `false`
   */
  readonly durable?: boolean
  /** The engines to provide. @defaultValue both */
  readonly engines?: readonly Engine[]
}

export type Databases<Engine extends EngineName = EngineName> = Pick<Record<EngineName, DatabaseServer>, Engine> & {
  /** Ends the servers that were started and removes their files. */
  stop(): Promise<void>
}

const provide: Record<EngineName, (options: ServerOptions) => Promise<StartedServer>> = {
  postgres: async (options) => (await givenServer('TEST_POSTGRES_URL', loginToPostgres)) ?? startPostgres(options),
  mysql: async (options) => (await givenServer('TEST_MYSQL_URL', loginToMysql)) ?? startMariadb(options),
}

/**
 * Provides PostgreSQL and MariaDB on this machine, starting a private server for each.
 *
 * `TEST_POSTGRES_URL` and `TEST_MYSQL_URL` name a server to use instead. Call `stop` in a
 * `finally`; whatever a killed process leaves behind is removed by the next start.
 *
 * @throws when an engine cannot be provided, with what to install or which variable to correct.
 */
export function startDatabases<Engine extends EngineName = EngineName>(
  options?: StartOptions<Engine>,
): Promise<Databases<Engine>>
export async function startDatabases(options: StartOptions = {}): Promise<Databases> {
  const startedAt = performance.now()
  const engines = options.engines ?? ['postgres', 'mysql']
  const account = await unprivilegedAccount()
  await removeAbandonedRuns(account)
  const started = await startAll(engines, { account, durable: options.durable ?? false })
  const servers = Object.values(started)

  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  report(`ready in ${seconds} s: ${servers.map(({ version, source }) => `${version} (${source})`).join(', ')}`)
  return { ...(started as Record<EngineName, DatabaseServer>), stop: () => stopAll(servers) }
}

/** The requested servers or none: when one cannot be had, those that were are ended again. */
async function startAll(
  engines: readonly EngineName[],
  options: ServerOptions,
): Promise<Partial<Record<EngineName, StartedServer>>> {
  const starts = await Promise.allSettled(
    engines.map(async (engine) => [engine, await provide[engine](options)] as const),
  )
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  const failures = starts.flatMap((start): unknown[] => (start.status === 'rejected' ? [start.reason] : []))
  if (failures.length === 0) return Object.fromEntries(started)

  await stopAll(started.map(([, server]) => server))
  throw new AggregateError(failures, failures.map(messageOf).join('\n\n'))
}

async function stopAll(servers: readonly StartedServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
