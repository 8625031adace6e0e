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

function sync(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
