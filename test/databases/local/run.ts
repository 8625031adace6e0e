import { type SpawnOptions, spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface RunOptions extends Omit<SpawnOptions, 'stdio'> {
  readonly input?: string
}

/** Runs a program to its end and returns what it wrote. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { input = '', ...spawnOptions } = options
  const child = spawn(command, args, { ...spawnOptions, stdio: 'pipe' })
  // A program that ends early closes its input; its exit code says more than the broken pipe.
  child.stdin.on('error', () => {})
  child.stdin.end(input)

  const exitCode = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [code, output, errors] = await Promise.all([exitCode, text(child.stdout), text(child.stderr)])
  if (code === 0) return output
  throw new Error(`${command} ended with ${code}: ${(errors || output).trim().slice(-2000)}`)
}

/** Whether a program starts at all and ends well. */
export async function runs(command: string, args: readonly string[], options: RunOptions = {}): Promise<boolean> {
  return run(command, args, options).then(
    () => true,
    () => false,
  )
}
