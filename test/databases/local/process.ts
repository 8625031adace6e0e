import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from './run.js'

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The command line of a process, empty when there is none. */
export async function commandLineOf(processId: number): Promise<string> {
  const args = process.platform === 'linux' ? readFile(`/proc/${processId}/cmdline`, 'utf8') : psCommand(processId)
  return args.catch(() => '')
}

/** Ends a process, in its own way at first. */
export async function endProcess(processId: number): Promise<void> {
  signal(processId, 'SIGQUIT')
  for (let waited = 0; waited < 5000; waited += 20) {
    if (!isAlive(processId)) return
    await sleep(20)
  }
  signal(processId, 'SIGKILL')
}

function psCommand(processId: number): Promise<string> {
  return run('ps', ['-o', 'command=', '-p', String(processId)])
}

function signal(processId: number, name: NodeJS.Signals): void {
  try {
    process.kill(processId, name)
  } catch {
    // It has gone by itself.
  }
}
