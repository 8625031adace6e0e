import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The root of the project. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

export interface CommandResult {
  readonly exitCode: number | null
  /** What the program wrote for a program to read. */
  readonly stdout: string
  /** What it wrote in all, for a person to read. */
  readonly output: string
}

/** Runs a program of this machine, or one that `npm ci` installed, in the root of the project. */
export async function runCommand(command: string, ...args: readonly string[]): Promise<CommandResult> {
  const child = spawn(command, args, { cwd: projectRoot, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [exitCode, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  return { exitCode, stdout, output: stdout + stderr }
}

function environment(): NodeJS.ProcessEnv {
  const installed = new URL('../../node_modules/.bin', import.meta.url)
  return { ...process.env, PATH: `${fileURLToPath(installed)}:${process.env.PATH ?? ''}`, NO_COLOR: '1' }
}
