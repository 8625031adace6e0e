import { type ChildProcess, spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** How a process of its own runs the command line as it was built: for tests of the package alone. */
export function cliCommand(...args: readonly string[]): { command: string; args: string[] } {
  return { command: process.execPath, args: [MAIN, ...args] }
}

/** What such a process inherits: nothing that this machine says about the product. */
export function cliEnvironment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME, NO_COLOR: '1', ...env }
}

interface Where {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

export function startCli({ cwd, env }: Where, ...words: readonly string[]): ChildProcess {
  const { command, args } = cliCommand(...words)
  return spawn(command, args, { cwd, env: cliEnvironment(env), stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Runs a command line to its end. */
export async function runCliProcess(where: Where, ...words: readonly string[]) {
  const child = startCli(where, ...words)
  child.stdin?.end()
  const ended = endOf(child)
  const [out, err] = await Promise.all([child.stdout, child.stderr].map((each) => (each === null ? '' : text(each))))
  return { ...(await ended), out: out ?? '', err: err ?? '' }
}

export function endOf(child: ChildProcess): Promise<{ exit_code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exit_code, signal) => resolve({ exit_code, signal }))
  })
}

/** Waits until a process has written what is looked for on stderr, and gives the match. */
export function written(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const listen = (chunk: Buffer) => {
      heard += chunk.toString()
      const match = pattern.exec(heard)
      if (match !== null) resolve(match)
    }
    child.stderr?.on('data', listen)
    child.once('close', () => reject(new Error(`The process ended and had written: ${heard}`)))
  })
}
