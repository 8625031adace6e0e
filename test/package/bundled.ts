import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../support/command.js'

const dist = join(projectRoot, 'dist')

/** The built files, by their paths in `dist`. */
export async function builtFiles(): Promise<readonly string[]> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dist.length + 1))
}

export function isCommandLine(file: string): boolean {
  return file.startsWith('cli')
}

export function readBuilt(file: string): Promise<string> {
  return readFile(join(dist, file), 'utf8')
}

/** What a built file was made of, as its map says. */
export async function sourcesOf(map: string): Promise<readonly string[]> {
  const { sources } = JSON.parse(await readBuilt(map)) as { sources: string[] }
  return sources
}

/** The libraries that a NOTICE says are contained. */
export async function noticedLibraries(): Promise<readonly string[]> {
  const notice = await readFile(join(projectRoot, 'NOTICE'), 'utf8')
  return [...notice.matchAll(/^- ([^,]+),/gm)].map(([, name = '']) => name)
}
