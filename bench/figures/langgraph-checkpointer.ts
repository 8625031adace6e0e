import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BaseCheckpointSaver } from '@langchain/langgraph'

/** What is used of `@langchain/langgraph-checkpoint-sqlite`, which the project can be worked on without. */
interface Checkpointers {
  readonly SqliteSaver: { fromConnString(path: string): SqliteCheckpointer }
}

export interface SqliteCheckpointer extends BaseCheckpointSaver {
  readonly db: { pragma(setting: string): unknown; close(): unknown }
}

/** How the file of checkpoints is kept, by the end of a figure's name: like ours, or as it opens, without the disk. */
export const CHECKPOINTERS: Readonly<Record<string, (checkpointer: SqliteCheckpointer) => void>> = {
  '': ({ db }) => db.pragma('synchronous = full'),
  ':as-opened': () => undefined,
}

const FOLDER = 'bench/langgraph-checkpointer'
const INSTALL = `npm ci --prefix ${FOLDER}`
const INSTALL_LIMIT_MS = 10 * 60_000

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, FOLDER)
const stderr = process.stderr.fd

/** Opens the SQLite checkpointer of LangGraph on a new file, and installs it first where it is missing. */
export async function openCheckpointer(path: string): Promise<SqliteCheckpointer> {
  if (!isInstalled()) await install()
  try {
    const { SqliteSaver }: Checkpointers = await import(pathToFileURL(join(folder, 'index.js')).href)
    return SqliteSaver.fromConnString(path)
  } catch (cause) {
    throw new Error(`The SQLite checkpointer of LangGraph does not load; run "${INSTALL}" again. ${cause}`, { cause })
  }
}

/** npm writes this file last, after everything has compiled. */
function isInstalled(): boolean {
  return existsSync(join(folder, 'node_modules', '.package-lock.json'))
}

async function install(): Promise<void> {
  process.stderr.write(
    `[bench] ${INSTALL}: the SQLite checkpointer of LangGraph is installed once, in a minute or two\n`,
  )
  const npm = spawn('npm', ['ci', '--prefix', FOLDER, '--loglevel', 'error'], {
    cwd: root,
    stdio: ['ignore', stderr, stderr],
    timeout: INSTALL_LIMIT_MS,
  })
  const [exitCode] = await once(npm, 'close')
  if (exitCode === 0) return
  throw new Error(
    `The SQLite checkpointer of LangGraph is missing and "${INSTALL}" failed. It compiles better-sqlite3, for which ` +
      'Python, make, a C++ compiler and the headers of Node.js are needed: install them, and run that again.',
  )
}
