/** What the two programs share that has nothing to do with runs: a process that dies, and words for a terminal. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Runs a program in a process of its own, on a folder, until that process is killed. */
export async function runUntilKilled(program: string, folder: string): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(program), folder], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code === 0) throw new Error('The process came to its end.')
}

/** Ends this process as a power cut would: nothing is closed. */
export function die(): Promise<never> {
  process.stdout.write('', () => process.kill(process.pid, 'SIGKILL'))
  return new Promise(() => undefined)
}

/** Ids, hashes and times differ from run to run. */
export function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return text
    .replace(/(run_|wrp_|ev_|rct_|sha256:)[0-9a-f]{16,}/g, '$1…')
    .replace(/\b[0-9a-f]{12}\b/g, '…')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
}
