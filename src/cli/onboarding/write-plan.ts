import { lstatSync } from 'node:fs'
import { relative } from 'node:path'
import { RunnerError } from '../../errors.js'
import { type FileToWrite, writeAll } from '../file-set.js'
import type { Io } from '../io.js'
import { escapeUntrusted } from '../untrusted-text.js'

interface Overwriting {
  readonly force: boolean
  /** Whether a person may be asked. */
  readonly asks: boolean
  /** Written with them; what stood in these stays in them. */
  readonly beside?: readonly FileToWrite[]
}

/**
 * Writes all files, or none. What is there is never overwritten without being asked for.
 *
 * @throws RunnerError `INVALID_ARGUMENT` with the files that stand in the way.
 */
export async function writePlan(files: readonly FileToWrite[], overwriting: Overwriting, io: Io): Promise<void> {
  await assertMayWrite(files, overwriting, io)
  writeAll([...files, ...(overwriting.beside ?? [])])
}

/** @throws RunnerError `INVALID_ARGUMENT` with the files that stand in the way. */
async function assertMayWrite(files: readonly FileToWrite[], { force, asks }: Overwriting, io: Io): Promise<void> {
  if (force) return
  const there = files.filter(({ path }) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)
  if (there.length === 0) return
  const names = there.map(({ path }) => relative(io.cwd, path))
  if (asks && (await io.confirm(`Overwrite ${names.map(escapeUntrusted).join(', ')}?`))) return
  throw new RunnerError('INVALID_ARGUMENT', `There is already ${names.join(', ')}. Nothing was written.`, {
    details: { files: names },
    next: 'Give --force to overwrite them, or --output for another folder.',
  })
}
