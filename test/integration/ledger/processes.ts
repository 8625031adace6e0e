import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process that runs one of the scripts beside this file. */
export interface Started {
  readonly process: ChildProcess
  /** What it has written so far. */
  output(): string
  /** Resolves with the exit code, `null` when it was killed. */
  readonly ended: Promise<number | null>
}

export function start(script: string, ...parameters: readonly string[]): Started {
  return watch(process.execPath, commandOf(script, parameters))
}

/** As {@link start}, for a process that can make no file larger than so many KiB, as on a full disk. */
export function startLimited(script: string, parameter: string, kibibytes: number): Started {
  const limited = `ulimit -f ${kibibytes}; exec "$0" "$@"`
  return watch('bash', ['-c', limited, process.execPath, ...commandOf(script, [parameter])])
}

function commandOf(script: string, parameters: readonly string[]): readonly string[] {
  return ['--import', 'tsx', fileURLToPath(new URL(script, import.meta.url)), ...parameters]
}

function watch(command: string, parameters: readonly string[]): Started {
  const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (chunk: string) => {
    text += chunk
  })
  return {
    process: child,
    output: () => text,
    ended: once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null)),
  }
}

/** Waits until the process has written `text`. */
export async function written({ process: child, output }: Started, text: string): Promise<void> {
  while (!output().includes(text)) {
    if (child.exitCode !== null) throw new Error(`The process ended before it wrote ${text}.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
