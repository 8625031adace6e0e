import { setTimeout as sleep } from 'node:timers/promises'
import { isRunnerError, RunnerError } from '../errors.js'
import type { Connection } from './sqlite-connection.js'
import { isBusy, located, putsInDoubt, toLedgerError } from './sqlite-errors.js'

const FIRST_PAUSE_MS = 1
const LONGEST_PAUSE_MS = 10

/** A connection that is opened on first use, and again after it came into doubt. */
export interface Store {
  /** Runs `work` at once, or as soon as no other process holds the lock. */
  readonly run: Run
  readonly close: () => Promise<void>
}

export type Run = <Result>(work: (connection: Connection) => Result) => Promise<Result>

export interface StoreOptions {
  readonly location: string
  readonly busy_timeout_ms: number
  readonly open: () => Promise<Connection>
  /** Told once that the ledger cannot be used, until it can be again. */
  readonly warn?: (message: string) => void
}

/**
 * `work` is synchronous, so the calls of one process follow each other by themselves. Only another process is waited
 * for, in pauses that leave the event loop free.
 */
export function createStore({ location, busy_timeout_ms, open, warn }: StoreOptions): Store {
  let current: Connection | undefined
  let opening: Promise<Connection> | undefined
  let closed = false
  let warned = false

  const opened = (): Promise<Connection> => {
    opening ??= open().then(
      (connection) => {
        current = connection
        opening = undefined
        return connection
      },
      (error: unknown) => {
        opening = undefined
        throw error
      },
    )
    return opening
  }

  const attempt = async <Result>(work: (connection: Connection) => Result): Promise<Result> => {
    if (closed) throw closedError(location)
    if (current === undefined) await opened()
    if (closed || current === undefined) throw closedError(location)
    return work(current)
  }

  const dropIfInDoubt = (error: unknown): void => {
    if (!putsInDoubt(error)) return
    const doubtful = current
    current = undefined
    closeQuietly(doubtful)
  }

  const told = (error: unknown): unknown => {
    if (warned || !isRunnerError(error) || error.code !== 'LEDGER_UNAVAILABLE') return error
    warned = true
    warn?.(error.message)
    return error
  }

  return {
    async run(work) {
      const began = performance.now()
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        try {
          const result = await attempt(work)
          warned = false
          return result
        } catch (error) {
          if (!isBusy(error)) {
            dropIfInDoubt(error)
            throw told(toLedgerError(error, location))
          }
          if (performance.now() - began >= busy_timeout_ms) throw busy(location, error)
        }
        await sleep(pause * (0.5 + Math.random()))
      }
    },

    async close() {
      closed = true
      await opening?.catch(() => undefined)
      const last = current
      current = undefined
      closeQuietly(last)
    },
  }
}

function closeQuietly(connection: Connection | undefined): void {
  try {
    connection?.close()
  } catch {
    // What was acknowledged is in the file already; there is nothing left to lose or to report.
  }
}

function closedError(location: string): RunnerError {
  return new RunnerError('LEDGER_UNAVAILABLE', 'The ledger has been closed.', {
    next: 'Make a new runner.',
    cause: located(location),
  })
}

function busy(location: string, cause: unknown): RunnerError {
  return new RunnerError('BUSY', 'Another process holds the ledger.', { cause: located(location, cause) })
}
