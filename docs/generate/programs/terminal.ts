import { createHash } from 'node:crypto'
import type { Io } from '../../../src/cli/io.js'
import { runCli } from '../../../src/cli/run.js'
import type { Stop } from '../../../src/cli/stop.js'
import type { Ids } from '../../../src/index.js'

/** Where command lines are typed: a folder, with variables and a clock that stands still. */
export interface Place {
  readonly folder: string
  readonly runtime: NonNullable<Io['runtime']>
  readonly env?: Readonly<Record<string, string>>
  /** Answers the questions of a wizard. */
  readonly asker?: Io['asker'] | undefined
}

/** Runs one command line, as somebody at a terminal who says yes, and gives what a page shows of it. */
export type Type = (line: string, env?: Place['env'], asker?: Io['asker']) => Promise<string>

export function createTerminal({ folder, runtime, env: standing = {} }: Place): Type {
  const seen = new Map<string, string>()
  return async (line, env = {}, asker) => {
    const said = await run(line, { folder, runtime, env: { ...standing, ...env }, asker })
    return steady(`$ synapsor-runner ${line}\n${said}`, folder, seen)
  }
}

async function run(line: string, { folder: cwd, runtime, env = {}, asker }: Place): Promise<string> {
  const out: string[] = []
  const err: string[] = []
  const exit_code = await runCli(wordsOf(line), {
    ...{ cwd, runtime, env, columns: 100, colors: false, interactive: true },
    now: () => runtime.clock?.now() ?? new Date(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    confirm: async () => true,
    untilStopped: async () => NEVER_STOPPED,
    ...(asker === undefined ? {} : { asker }),
  })
  // What is asked, and how far it is, goes to stderr too: of that, an error is the last.
  return exit_code !== 0 && out.length === 0 ? (err.at(-1) ?? '') : out.join('')
}

const NEVER_STOPPED: Stop = {
  requested: new Promise(() => undefined),
  signal: new AbortController().signal,
  dispose: () => undefined,
}

function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''))
}

/** As a client starts the program where the package is installed in the folder. */
const LAUNCH = `$<keys>$<brace>"/srv/desk/node_modules/@synapsor/runner/dist/cli.js",$<brace>"mcp"`

/** What differs from one run to the next, or from machine to machine, is put into a form that does not. */
function steady(text: string, folder: string, seen: Map<string, string>): string {
  const digests = text.replaceAll(/(?<=sha256:)[0-9a-f]{12,64}/g, (found) => {
    const standing = seen.get(found) ?? createHash('sha256').update(`digest ${seen.size}`).digest('hex')
    seen.set(found, standing)
    return standing.slice(0, found.length)
  })
  return digests
    .replaceAll(folder, '/srv/desk')
    .replace(/Node\.js \d+\.\d+\.\d+/, 'Node.js 24.11.0')
    .replaceAll(/SQLite \d+\.\d+\.\d+/g, 'SQLite 3.53.0')
    .replaceAll(/\d+(?:\.\d+)? KiB/g, '64.0 KiB')
    .replaceAll(/(?<="command": )"[^"]+"/g, '"/usr/local/bin/node"')
    .replaceAll(/(?<keys>"args": \[)(?<brace>\s+)(?:"[^"]*",\s+)*?"mcp"/g, LAUNCH)
}

/** Ids of the usual length and look, of one moment, and in the order in which they were made. */
export function countedIds(): Ids {
  let made = 0
  return {
    next: (prefix) => {
      made += 1
      const chance = createHash('sha256').update(`${prefix} ${made}`).digest('hex').slice(0, 18)
      return `${prefix}_019cacd4fe${made.toString(16).padStart(4, '0')}${chance}`
    },
  }
}
