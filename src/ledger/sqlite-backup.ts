import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { RunnerError } from '../errors.js'
import type { Connection } from './sqlite-connection.js'
import { createFile } from './sqlite-file.js'

/** Writes a copy as of now, readable by its owner alone. The copy is on disk before this returns. */
export function backupTo(connection: Connection, path: string): void {
  if (!createFile(path)) {
    throw new RunnerError('INVALID_ARGUMENT', `${path} exists already.`, {
      details: { path },
      next: 'Name a file that does not exist yet.',
    })
  }
  try {
    connection.run('vacuum into ?', path)
    sync(path)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  }
}

/** Builds the file anew without what was erased, and empties the log, which still holds the old pages. */
export function vacuum(connection: Connection): void {
  // Looks at the file as every write does: one that was replaced is left alone.
  connection.write('durable', () => undefined)
  connection.exec('vacuum')
  connection.exec('pragma wal_checkpoint(truncate)')
}

function sync(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
