import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { RunnerError } from '../../errors.js'
import type { Io } from '../io.js'

/** More than a call may take. */
const MAX_BYTES = 1024 * 1024

/**
 * Reads what `--input` names: JSON itself, `@file` or the path of one, or `-` for stdin. The text is not parsed: whoever
 * is called does that, and sees what was really sent.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where it cannot be read, or is larger than a call may be.
 */
export async function readInput(given: string, io: Io): Promise<string> {
  if (given === '-') return readStdin()
  if (given.trimStart().startsWith('{')) return given
  const path = given.startsWith('@') ? given.slice(1) : given
  return readFile(resolve(io.cwd, path), path)
}

function readFile(file: string, shown: string): string {
  try {
    if (statSync(file).size <= MAX_BYTES) return withoutMark(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new RunnerError('INVALID_ARGUMENT', `${shown} cannot be read.`, {
      details: { file: shown },
      next: 'Give the JSON itself, @file, or - for stdin.',
      cause,
    })
  }
  throw tooLarge(shown)
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > MAX_BYTES) throw tooLarge('stdin')
    chunks.push(part)
  }
  return withoutMark(Buffer.concat(chunks).toString('utf8'))
}

/** Some editors begin a file with a byte order mark. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '')
}

function tooLarge(shown: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', `${shown} holds more than 1 MiB.`, { details: { file: shown } })
}
