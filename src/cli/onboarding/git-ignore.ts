import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What must not be committed, and a file of each: the ledger holds rows, the other one passwords. */
const LINES: readonly (readonly [line: string, file: string])[] = [
  ['.synapsor/', '.synapsor/local.db'],
  ['.env', '.env'],
]

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
  const written = [...new Set([root, folder])].flatMap((each) => linesOf(join(each, '.gitignore')))
  const missing = LINES.filter(([line, file]) => {
    const isIgnored = askGit(root, join(folder, file))
    return !(isIgnored ?? spellings(line).some((each) => written.includes(each)))
  }).map(([line]) => line)
  if (missing.length === 0) return undefined
  const path = join(folder, '.gitignore')
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const between = before === '' || before.endsWith('\n') ? '' : '\n'
  return { path, missing, content: `${before}${between}${missing.join('\n')}\n` }
}

const NO_LONGER_MS = 5_000

/** Only git knows all of its rules; `undefined` where it is not there, or will not say. */
function askGit(root: string, file: string): boolean | undefined {
  const { status } = spawnSync('git', ['check-ignore', '--quiet', '--no-index', '--', file], {
    cwd: root,
    stdio: 'ignore',
    timeout: NO_LONGER_MS,
    windowsHide: true,
  })
  if (status === 0) return true
  return status === 1 ? false : undefined
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
