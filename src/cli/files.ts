import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RunnerError } from '../errors.js'
import type { Io } from './io.js'

/** The longest file that a command reads whole. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Reads a JSON document from a file.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for a file that cannot be read or holds no JSON.
 */
export function readJson(path: string, { cwd }: Io): unknown {
  const text = readText(resolve(cwd, path), path)
  try {
    return JSON.parse(text)
  } catch {
    throw new RunnerError('INVALID_ARGUMENT', `${path} holds no JSON document.`, {
      details: { file: path },
      next: 'Give a file with one JSON document.',
    })
  }
}

function readText(file: string, shown: string): string {
  try {
    if (statSync(file).size <= MAX_BYTES) return readFileSync(file, 'utf8')
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
 * Writes a file that holds rows or what was decided about them: for its owner alone.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where it cannot be written.
 */
export function writePrivate(path: string, content: string, io: Io): string {
  return write(path, content, io, 0o600)
}

/**
 * Writes a file that others may read: a contract, or what follows from it.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where it cannot be written.
 */
export function writeShared(path: string, content: string, io: Io): string {
  return write(path, content, io, 0o666)
}

function write(path: string, content: string, { cwd }: Io, mode: number): string {
  const file = resolve(cwd, path)
  try {
    writeFileSync(file, content, { mode })
    return file
  } catch (cause) {
    throw new RunnerError('INVALID_ARGUMENT', `${path} cannot be written.`, {
      details: { file: path },
      next: 'Check the folder and who may write there.',
      cause,
    })
  }
}
