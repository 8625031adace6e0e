import type { HandlerAnswer } from '../protocol/handler.js'

/** What is logged of one request: no value, no token, no text of a database. */
export interface HandlerLog {
  /** The same as in the body of an answer 4xx or 5xx. */
  readonly correlation_id: string
  /** `null` until the request was found to be for a capability of this handler. */
  readonly capability: string | null
  readonly outcome: HandlerAnswer['status'] | 'denied' | 'error'
  /** Why not, where it was not. */
  readonly code: string | null
  /**
   * There when a function ended the transaction itself, and its key could not be put down afterwards: the same request
   * would run the function again. Find out what was made before it does.
   */
  readonly key_lost?: true
  readonly dry_run: boolean
  readonly duration_ms: number
}

/** Where a handler writes what it did. `console` is one. */
export interface HandlerLogger {
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** One line of JSON for each request. */
export const stderrLogger: HandlerLogger = {
  info: (message, details) => writeLine('info', message, details),
  warn: (message, details) => writeLine('warn', message, details),
}

function writeLine(level: string, message: string, details: Readonly<Record<string, unknown>> = {}): void {
  process.stderr.write(`${JSON.stringify({ level, message, ...details })}\n`)
}
