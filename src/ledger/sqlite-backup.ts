import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { RunnerError } from '../errors.js'
import type { Connection } from './sqlite-connection.js'
import { createFile, syncFolder } from './sqlite-file.js'

/**
 * Writes a copy as of now, readable by its owner alone. It has another name until it is whole and on disk, so that
 * whatever has its name is a backup, also where this was cut off.
 */
export function backupTo(connection: Connection, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw taken(path)
  const partial = `${path}.partial-${randomBytes(6).toString('hex')}`
  if (!createFile(partial)) throw taken(partial)
  try {
    connection.run('vacuum into ?', partial)
    sync(partial)
    nameAnew(partial, path)
  } finally {
    rmSync(partial, { force: true })
  }
  syncFolder(dirname(path))
}

/** Unlike a rename, a link never takes the place of a file that somebody else has made meanwhile. */
function nameAnew(partial: string, path: string): void {
  try {
    linkSync(partial, path)
  } catch {
    renameOnly(partial, path)
  }
}

/** Where the file system has no links. An empty file, which passes for no ledger, holds the name for a moment. */
function renameOnly(partial: string, path: string): void {
  if (!createFile(path)) throw taken(path)
  try {
    renameSync(partial, path)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  }
}

function taken(path: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', `${path} exists already.`, {
    details: { path },
    next: 'Name a file that does not exist yet.',
  })
}

function sync(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
