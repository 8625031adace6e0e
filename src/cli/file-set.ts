import { randomUUID } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { RunnerError } from '../errors.js'

/** One of several files that belong together. */
export interface FileToWrite {
  /** Absolute. */
  readonly path: string
  readonly content: string
  /** For its owner alone. */
  readonly is_private?: boolean
}

interface Staged {
  readonly path: string
  readonly partial: string
  /** Where the old one lies meanwhile; `undefined` where there was none. */
  readonly old: string | undefined
}

/**
 * Writes all of them or none: each is whole before the first takes its place, on the disk where it replaces something,
 * and what was there comes back where one of them cannot take its place.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where they cannot be written. Everything is as it was then.
 */
export function writeAll(files: readonly FileToWrite[]): void {
  const folders: string[] = []
  const staged: Staged[] = []
  const moved: Staged[] = []
  try {
    for (const file of files) staged.push(stage(file, folders))
    for (const each of staged) {
      moved.push(each)
      if (each.old !== undefined) renameSync(each.path, each.old)
      renameSync(each.partial, each.path)
    }
  } catch (cause) {
    undo({ staged, moved, folders })
    const file = moved.at(-1)?.path ?? files[staged.length]?.path ?? ''
    throw new RunnerError('INVALID_ARGUMENT', `${file} cannot be written. Nothing was.`, {
      details: { file },
      next: 'Check the folder and who may write there.',
      cause,
    })
  }
  for (const { old } of staged) if (old !== undefined) rmSync(old, { force: true })
}

function stage({ path, content, is_private = false }: FileToWrite, folders: string[]): Staged {
  makeFolders(dirname(path), folders)
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there?.isDirectory() === true) throw new Error('There is a folder of this name.')
  const mark = randomUUID()
  const partial = `${path}.${mark}.partial`
  const mode = is_private ? 0o600 : there?.isFile() === true ? there.mode & 0o777 : 0o666
  try {
    writeFileSync(partial, content, { flag: 'wx', mode, flush: there !== undefined })
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  return { path, partial, old: there === undefined ? undefined : `${path}.${mark}.old` }
}

/** The outer ones first. Folders of ours hold what was read, so that their owner alone looks into them. */
function makeFolders(folder: string, made: string[]): void {
  if (existsSync(folder)) return
  makeFolders(dirname(folder), made)
  mkdirSync(folder, { mode: 0o700 })
  made.push(folder)
}

interface Undo {
  readonly staged: readonly Staged[]
  readonly moved: readonly Staged[]
  readonly folders: readonly string[]
}

function undo({ staged, moved, folders }: Undo): void {
  for (const { path, old, partial } of [...moved].reverse()) {
    // What is still staged has not taken its place.
    if (!existsSync(partial)) rmSync(path, { force: true })
    if (old !== undefined && existsSync(old)) renameSync(old, path)
  }
  for (const { partial } of staged) rmSync(partial, { force: true })
  for (const folder of [...folders].reverse()) {
    try {
      rmdirSync(folder)
    } catch {
      // Somebody has put something there meanwhile: it stays.
    }
  }
}
