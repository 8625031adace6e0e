import { type ChildProcessWithoutNullStreams, type SpawnOptionsWithoutStdio, spawn } from 'node:child_process'
import { canonicalJson } from '../protocol/canonical.js'
import { HANDLER_LIMITS } from '../protocol/handler.js'
import type { AppExecutor, Delivery } from './executor.js'
import { doubtful, readAnswerText } from './read-answer.js'

export interface CommandHandlerOptions {
  readonly program: string
  readonly args: readonly string[]
  /** All that the program is given of the environment. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly timeout_ms: number
}

/**
 * Delivers to a program of the app: the request on its stdin, its answer on its stdout. No shell; a process group of its
 * own, which is ended whole when the time is over or the answer is none.
 */
export function commandHandler(options: CommandHandlerOptions): AppExecutor {
  return {
    timeout_ms: options.timeout_ms,
    deliver: async (request) => {
      const run = await runProgram(options, canonicalJson(request))
      return typeof run === 'string' ? readAnswerText(request, run) : run
    },
  }
}

/** What the program printed, or why that is no answer. */
function runProgram({ program, args, env, cwd, timeout_ms }: CommandHandlerOptions, body: string) {
  return new Promise<string | Delivery>((resolve) => {
    const child = start(program, args, { cwd, env, detached: true, shell: false, windowsHide: true })
    // Without one of its streams, as where too many files are open, it was not started either.
    if (child?.pid === undefined) {
      child?.on('error', () => undefined)
      return resolve(NOT_STARTED)
    }
    const output: Buffer[] = []
    let size = 0
    const end = (result: string | Delivery) => {
      clearTimeout(timer)
      resolve(result)
      if (typeof result !== 'string') endGroup(child)
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
    }
    const timer = setTimeout(() => end(doubtful('timeout')), timeout_ms)
    child.on('error', () => end(doubtful('connection_lost')))
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= HANDLER_LIMITS.answer_bytes) output.push(chunk)
      else end(doubtful('too_large'))
    })
    // Read, so that the program is not held up, and kept nowhere: it is the app's own log.
    child.stderr.resume()
    // A program may answer without reading to the end.
    child.stdin.on('error', () => undefined)
    child.on('close', (code) => end(code === 0 ? Buffer.concat(output).toString('utf8') : doubtful('exit_code')))
    child.stdin.end(body)
  })
}

/** `undefined` for a program that the system does not even look for, such as one of too long a name. */
function start(program: string, args: readonly string[], options: SpawnOptionsWithoutStdio) {
  try {
    return spawn(program, args, options)
  } catch {
    return undefined
  }
}

const NOT_STARTED: Delivery = { kind: 'unsent', reason: 'not_executable' }

/** The group bears the number of the program that was started. On Windows there are none. */
function endGroup({ pid }: ChildProcessWithoutNullStreams): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
