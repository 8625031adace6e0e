import { randomUUID } from 'node:crypto'
import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RunnerError } from '../errors.js'
import { parseStrictJson } from '../protocol/strict-json.js'
import type { Io } from './io.js'

/** The longest file that a command reads whole. */
const MAX_BYTES = 16 * 1024 * 1024

const MAX_DEPTH = 64

/**
 * Reads a JSON document from a file.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for a file that cannot be read or holds no JSON.
 */
export function readJson(path: string, { cwd }: Io): unknown {
  const text = readText(resolve(cwd, path), path)
  // A mark of its encoding, as some shells write it.
  const read = parseStrictJson(text.replace(/^\ufeff/, ''), { max_depth: MAX_DEPTH })
  if (read.ok) return read.value
  throw new RunnerError('INVALID_ARGUMENT', `${path} holds no JSON document, or a name twice.`, {
    details: { file: path },
    next: 'Give a file with one JSON document, as it was exported.',
  })
}

function readText(file: string, shown: string): string {
  try {
    const stat = statSync(file)
    if (!stat.isFile() && !stat.isFIFO()) throw unreadable(shown, undefined)
    if (stat.size <= MAX_BYTES) return readFileSync(file, 'utf8')
  } catch (cause) {
    throw unreadable(shown, cause)
  }
  throw new RunnerError('INVALID_ARGUMENT', `${shown} is larger than 16 MiB.`, { details: { file: shown } })
}

function unreadable(file: string, cause: unknown): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', `${file} cannot be read.`, {
    details: { file },
    next: 'Check the path and who may read it.',
    cause,
  })
}

/**
 * For a file that another program will read.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where there is none.
 */
export function assertFile(path: string, { cwd }: Io): void {
  if (statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isFile() !== true) throw unreadable(path, undefined)
}

/**
 * For a file that was never there before: what stands in its place is somebody's.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where something is there and `force` was not given.
 */
export function assertFree(path: string, force: boolean, { cwd }: Io): void {
  const old = statSync(resolve(cwd, path), { throwIfNoEntry: false })
  if (force || old === undefined || !old.isFile()) return
  throw new RunnerError('INVALID_ARGUMENT', `${path} is there already.`, {
    details: { file: path },
    next: 'Name another file, or give --force to replace it.',
  })
}

/**
 * Writes a file that holds rows or what was decided about them: for its owner alone.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where it cannot be written.
 */
export function writePrivate(path: string, content: string, io: Io): string {
  return write(path, content, io, 0o600, false)
}

/**
 * Writes a file that others may read: a contract, or what follows from it.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where it cannot be written.
 */
export function writeShared(path: string, content: string, io: Io): string {
  return write(path, content, io, 0o666, true)
}

/** Whole or not at all: what stood there stays until all of the new is on the disk. */
function write(path: string, content: string, { cwd }: Io, mode: number, keepsMode: boolean): string {
  const file = resolve(cwd, path)
  const partial = `${file}.${randomUUID()}.partial`
  try {
    const old = statSync(file, { throwIfNoEntry: false })
    if (old !== undefined && !old.isFile()) writeFileSync(file, content)
    else {
      writeFileSync(partial, content, { flag: 'wx', mode, flush: true })
      if (keepsMode && old !== undefined) chmodSync(partial, old.mode & 0o777)
      renameSync(partial, file)
    }
    return file
  } catch (cause) {
    rmSync(partial, { force: true })
    throw new RunnerError('INVALID_ARGUMENT', `${path} cannot be written.`, {
      details: { file: path },
      next: 'Check the folder and who may write there.',
      cause,
    })
  }
}
