import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RunnerError } from '../../errors.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { MOST_BYTES, tooLarge } from './limits.js'

/** A pipe that nobody writes to would be waited for. Windows has no such flag. */
const NON_BLOCKING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * Reads a JSON file. Comments and commas before a closing bracket are let through: clients write them into their
 * configurations.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where there is no such file or it holds no JSON, `RESULT_TOO_LARGE` beyond 8 MiB.
 */
export async function readJsonFile(path: string, cwd: string): Promise<unknown> {
  const text = await readText(path, cwd)
  try {
    return JSON.parse(text)
  } catch {
    return parseWithComments(text, path)
  }
}

async function readText(path: string, cwd: string): Promise<string> {
  const bytes = await readBytes(path, cwd)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unreadable(path, 'is not written in UTF-8', cause)
  }
}

async function readBytes(path: string, cwd: string): Promise<Uint8Array> {
  const file = await open(resolve(cwd, path), NON_BLOCKING).catch((cause: unknown) => {
    throw unreadable(path, 'cannot be read', cause)
  })
  try {
    const { size, isFile } = await file.stat().then((stats) => ({ size: stats.size, isFile: stats.isFile() }))
    if (!isFile) throw unreadable(path, 'is no file')
    if (size > MOST_BYTES) throw tooLarge('The file')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function parseWithComments(text: string, path: string): Promise<unknown> {
  // Loaded for the few files that are no plain JSON.
  const { parse } = (await import('jsonc-parser')).default
  const faults: { error: number; offset: number; length: number }[] = []
  try {
    const value: unknown = parse(text, faults, { allowTrailingComma: true })
    if (faults.length === 0 && value !== undefined) return value
  } catch (cause) {
    // Nested deeper than its parser can follow.
    throw unreadable(path, 'holds no JSON that can be read', cause)
  }
  const kind = /^\s*<(?:!doctype|html|\?xml)/i.test(text) ? 'holds a web page, not JSON' : 'holds no JSON'
  throw unreadable(path, kind)
}

function unreadable(path: string, what: string, cause?: unknown): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', `${escapeUntrusted(path)} ${what}.`, {
    details: { argument: 'target' },
    next: 'Give the answer of tools/list, or the configuration of an MCP client, as a JSON file.',
    ...(cause === undefined ? {} : { cause }),
  })
}
