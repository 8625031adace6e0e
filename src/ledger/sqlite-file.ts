import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openSqlite, type SqliteDatabase } from '../drivers/sqlite-library.js'
import { unavailable } from './sqlite-errors.js'

/** Within one process nobody else holds the lock while a call runs, so only another process is ever waited for. */
const BLOCKING_WAIT_MS = 2

/** The owner alone reads a ledger: it holds what was read from the source. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

/**
 * Of a new file. A commit writes each page that it touches as a whole, and it touches a little of each of several, so
 * smaller pages than the usual 4096 bytes make for less to write and to sync.
 */
const PAGE_SIZE = 1024

/**
 * How many pages the write-ahead log holds before a commit carries them into the file: 10 MB, about a thousand reads. To
 * carry them is to sync twice while nothing else runs, which by SQLite's own 1000 happens ten times as often. Whatever
 * the number is elsewhere, logs of all processes are the same, and the last one that closes empties it.
 */
const CHECKPOINT_PAGES = 10_000

/** A log that had to grow, since somebody was reading for long, is cut back to this once it begins anew. */
const LOG_BYTES = 16 * 1024 * 1024

/** Makes the file and its folder when they are missing, and refuses what is no regular file. True when it was made. */
export function prepareFile(path: string): boolean {
  const kind = statSync(path, { throwIfNoEntry: false })
  if (kind === undefined) {
    const folder = dirname(path)
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
    const created = createFile(path)
    for (const changed of [folder, dirname(folder)]) syncFolder(changed)
    return created
  }
  if (!kind.isFile()) throw unavailable(path, 'It is not a regular file. Name a file for the ledger.')
  return false
}

/** Makes an empty file for the owner alone. False when there is one already. */
export function createFile(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', FILE_MODE))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** A file whose name is not on disk yet can lose everything that was synced into it. */
export function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r')
    fsyncSync(handle)
    closeSync(handle)
  } catch {
    // Some systems cannot sync a folder and keep its names in order by themselves.
  }
}

/** Opens a ledger file with the settings that every ledger has. Symbolic links are followed. */
export async function openFile(path: string): Promise<SqliteDatabase> {
  const database = await openSqlite(realpathSync(path), { mode: 'write', busy_timeout_ms: BLOCKING_WAIT_MS })
  return configured(database, () => {
    database.exec(`pragma page_size = ${PAGE_SIZE}`)
    const mode = database.prepare('pragma journal_mode').get()
    if (mode?.journal_mode !== 'wal') database.exec('pragma journal_mode = wal')
    database.exec('pragma cache_size = -16000')
    database.exec('pragma temp_store = memory')
    database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    database.exec(`pragma journal_size_limit = ${LOG_BYTES}`)
  })
}

/** Opens a ledger that ends with the process: a file that has lost its name, journalled in memory. */
export async function openMemory(): Promise<SqliteDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-'))
  const database = await openSqlite(join(folder, 'ledger.db'), { mode: 'create' })
  return configured(database, () => {
    for (const setting of ['locking_mode = exclusive', 'journal_mode = memory', 'temp_store = memory']) {
      database.exec(`pragma ${setting}`)
    }
    removeFolder(folder)
  })
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // Windows keeps the name of a file that is open: it stays among the temporary files then.
  }
}

function configured(database: SqliteDatabase, configure: () => void): SqliteDatabase {
  try {
    configure()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** True where there is something at a path, and be it no ledger. An empty file is one that nobody has written yet. */
export function holdsSomething(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && !(found.isFile() && found.size === 0)
}

/** Throws where {@link prepareFile} could make no file, as far as can be told without trying. */
export function assertMakeable(path: string): void {
  let place = path
  while (statSync(place, { throwIfNoEntry: false }) === undefined) place = dirname(place)
  accessSync(place, constants.W_OK)
}

/** Names the file behind a path, so that a file which was moved or replaced while it was open is noticed. */
export function fileIdentity(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? undefined : `${found.dev}:${found.ino}`
}
