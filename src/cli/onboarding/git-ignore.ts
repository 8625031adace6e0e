import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What must not be committed: the ledger holds rows, the other one passwords. */
const LINES = ['.synapsor/', '.env']

/** The `.gitignore` of a folder with the lines that it lacks. */
export interface GitIgnore {
  readonly path: string
  readonly missing: readonly string[]
  readonly content: string
}

/** `undefined` where there is no repository, or nothing is missing. */
export function gitIgnoreOf(folder: string): GitIgnore | undefined {
  const root = repositoryOf(folder)
  if (root === undefined) return undefined
  const ignored = [...new Set([root, folder])].flatMap((each) => linesOf(join(each, '.gitignore')))
  const missing = LINES.filter((line) => !spellings(line).some((each) => ignored.includes(each)))
  if (missing.length === 0) return undefined
  const path = join(folder, '.gitignore')
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const between = before === '' || before.endsWith('\n') ? '' : '\n'
  return { path, missing, content: `${before}${between}${missing.join('\n')}\n` }
}

function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder
  const above = dirname(folder)
  return above === folder ? undefined : repositoryOf(above)
}

function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
}

function spellings(line: string): readonly string[] {
  const bare = line.replace(/\/$/, '')
  return [bare, `${bare}/`, `/${bare}`, `/${bare}/`, `${bare}*`, `**/${bare}`]
}
