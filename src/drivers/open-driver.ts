import { RunnerError } from '../errors.js'
import type { Engine } from '../sql/dialect.js'
import type { Driver, DriverOptions } from './driver.js'

interface EngineDriver {
  /** What to install when the engine's client is missing. */
  readonly install: string
  /** Loads the client, to find out early that it is missing. A host that gives connections of its own has one. */
  client(): Promise<unknown>
  driver(): Promise<(options: DriverOptions) => Driver>
}

const engines: Readonly<Record<Engine, EngineDriver>> = {
  postgres: {
    install: 'pg',
    client: () => import('pg'),
    driver: async () => (await import('./postgres.js')).createPostgresDriver,
  },
  mysql: {
    install: 'mysql2',
    client: () => import('mysql2'),
    driver: async () => (await import('./mysql.js')).createMysqlDriver,
  },
  sqlite: {
    install: '@photostructure/sqlite',
    // Node.js may have one built in, so that the driver looks for it itself.
    client: async () => undefined,
    driver: async () => (await import('./sqlite.js')).createSqliteDriver,
  },
}

/**
 * Makes the driver of an engine. Its client is loaded now; the database is not touched before the first call.
 *
 * @throws RunnerError `PLATFORM_UNSUPPORTED` when the engine's client is not installed.
 */
export async function openDriver(engine: Engine, options: DriverOptions): Promise<Driver> {
  const { install, client, driver } = engines[engine]
  try {
    if (!options.connections) await client()
    const createDriver = await driver()
    return createDriver(options)
  } catch (cause) {
    if (!isMissingModule(cause)) throw cause
    throw new RunnerError('PLATFORM_UNSUPPORTED', `Source ${options.name} needs the package ${install}.`, {
      details: { source: options.name, package: install },
      next: `npm install ${install}`,
      cause,
    })
  }
}

function isMissingModule(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  return error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND'
}
