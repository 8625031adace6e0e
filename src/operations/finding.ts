import type { ErrorCode } from '../errors.js'
import { toRunnerError } from './envelope.js'

/** One thing that was looked at. */
export interface Finding {
  /**
   * What it is about: `node`, `sqlite`, `contract`, `ledger`, `env:<VARIABLE>`, `source:<name>`, `receipts:<name>` or
   * `capability:<name>`.
   */
  readonly name: string
  /** `error`: something will be refused. `warning`: it works, at a risk. */
  readonly severity: 'ok' | 'warning' | 'error'
  readonly code?: ErrorCode
  /** One sentence or more. Names of the contract only: never a URL, a host or a value. */
  readonly message: string
  /** What to do about it. Absent where it is `ok`. */
  readonly next?: string
}

/** What an error says of itself. A driver's own text is never part of it. */
export function toFinding(name: string, error: unknown): Finding {
  const { code, message, next } = toRunnerError(error)
  return { name, severity: 'error', code, message, next }
}
