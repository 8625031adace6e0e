import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A program in a process of its own, which has said that it is ready. */
export interface Program {
  /** What it said when it was. */
  readonly ready: RegExpExecArray
  /** Ends it as somebody does who means well. */
  stop(): Promise<void>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

/** What a process inherits from this one, beside what it is given: where programs are, and nothing that says more. */
export function bareEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), NO_COLOR: '1' }
}

/** Starts a TypeScript program with Node.js, and waits until it writes what `ready` looks for. */
export async function startProgram(
  args: readonly string[],
  { env, ready }: { readonly env: Readonly<Record<string, string>>; readonly ready: RegExp },
): Promise<Program> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), ...args], {
    env: { ...bareEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return { ready: await written(child, ready), stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

function written(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const listen = (chunk: Buffer) => {
      heard += chunk.toString()
      const match = pattern.exec(heard)
      if (match !== null) resolve(match)
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`The program ended before it was ready: ${heard}`)))
  })
}
