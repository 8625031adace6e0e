import { isRunnerError } from '../errors.js'
import type { Durability } from './ledger.js'
import { backupTo } from './sqlite-backup.js'
import { type Connection, connect } from './sqlite-connection.js'
import { toLedgerError, unavailable } from './sqlite-errors.js'
import { assertMakeable, fileIdentity, holdsSomething, openFile, openMemory, prepareFile } from './sqlite-file.js'
import { assertCurrent, migrateSchema, prepareSchema, schemaVersion } from './sqlite-migrate.js'
import { createStore, type Store } from './sqlite-store.js'

/** Told where a ledger was created, and which one cannot be used: errors are told to models, and do not say it. */
export interface LedgerLogger {
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  warn?(message: string, details?: Readonly<Record<string, unknown>>): void
}

export interface LedgerFile {
  /** Absolute path, or `:memory:`. */
  readonly location: string
  readonly logger?: LedgerLogger
  readonly busy_timeout_ms: number
}

/** Stands for a path where there is none. */
export const MEMORY = ':memory:'

/** A ledger file, and whether it is there at all. */
export interface LedgerStore extends Store {
  /** False while nobody has written anything there. Makes nothing, and throws where nothing could be made. */
  isMade(): Promise<boolean>
}

/** Decisions look at the file each time; for reads, which are many and cheap, once in a while is enough. */
const RELAXED_CHECK_MS = 1000

/** The ledger at a location. Once it was open, neither a file nor a memory that was lost is replaced by a new one. */
export function openLedgerStore(file: LedgerFile): LedgerStore {
  const { location, busy_timeout_ms, logger } = file
  let identity: string | undefined

  const openInMemory = async (): Promise<Connection> => {
    if (identity !== undefined) throw unavailable(location, 'A ledger in memory was lost. Make a new runner.')
    const connection = opened(connect(await openMemory()), location)
    identity = location
    return connection
  }

  const openInFile = async (): Promise<Connection> => {
    if (identity === undefined) create(file)
    else assertSameFile(location, identity)
    const found = fileIdentity(location)
    const connection = opened(connect(await openFile(location)), location)
    identity = found
    return guarded(connection, location, identity)
  }

  const warn = (message: string): void => logger?.warn?.(message, { location })
  return {
    ...createStore({ location, busy_timeout_ms, warn, open: location === MEMORY ? openInMemory : openInFile }),
    // One that was open and is lost is no new one: whatever is asked of it tells of that.
    isMade: async () => location === MEMORY || identity !== undefined || isThere(location),
  }
}

async function isThere(location: string): Promise<boolean> {
  try {
    if (holdsSomething(location)) return true
    assertMakeable(location)
    // Where there is no SQLite, none could be made either.
    const probe = await openMemory()
    probe.close()
    return false
  } catch (error) {
    throw toLedgerError(error, location)
  }
}

/** Brings a ledger file to the schema of this version. */
export async function migrateLedger(file: LedgerFile): Promise<void> {
  await onFile(file, (connection) => migrateSchema(connection, file.location))
}

/** Copies a ledger that could not be opened because its schema is older: a migration should be preceded by that. */
export async function backupOutdated(file: LedgerFile, path: string, why: unknown): Promise<void> {
  if (!isRunnerError(why) || why.code !== 'LEDGER_OUTDATED') throw why
  await onFile(file, (connection) => backupTo(connection, path))
}

/** Works on a ledger file whatever its schema is. One in memory always has that of this version. */
async function onFile(file: LedgerFile, work: (connection: Connection) => void): Promise<void> {
  const { location, busy_timeout_ms } = file
  if (location === MEMORY) return
  const open = async (): Promise<Connection> => {
    create(file)
    return connect(await openFile(location))
  }
  const store = createStore({ location, busy_timeout_ms, open })
  try {
    await store.run(work)
  } finally {
    await store.close()
  }
}

function create({ location, logger }: LedgerFile): void {
  if (prepareFile(location)) logger?.info(`Created the ledger ${location}.`)
}

function opened(connection: Connection, location: string): Connection {
  try {
    prepareSchema(connection, location)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/**
 * Looks at the file under the lock of each write, and once in a while when it is read: it must still be there, with the
 * schema that was opened.
 */
function guarded(connection: Connection, location: string, identity: string | undefined): Connection {
  let checked = performance.now()
  const check = (durability: Durability): void => {
    if (durability === 'relaxed' && performance.now() - checked < RELAXED_CHECK_MS) return
    assertSameFile(location, identity)
    assertCurrent(schemaVersion(connection, location))
    checked = performance.now()
  }
  const read = <Result>(work: () => Result): Result => {
    check('relaxed')
    return work()
  }
  return {
    ...connection,
    get: (sql, ...values) => read(() => connection.get(sql, ...values)),
    all: (sql, ...values) => read(() => connection.all(sql, ...values)),
    write: (durability, work) =>
      connection.write(durability, () => {
        check(durability)
        return work()
      }),
  }
}

function assertSameFile(location: string, identity: string | undefined): void {
  if (fileIdentity(location) === identity) return
  throw unavailable(location, 'The file was moved, removed or replaced while it was in use. Put it back, or restart.')
}
