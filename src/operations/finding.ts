import { type ErrorCode, isRunnerError } from '../errors.js'
import { toRunnerError } from './envelope.js'
import { isReason, type Reason } from './reasons.js'

/** One thing that was looked at. */
export interface Finding {
  /**
   * What it is about: `node`, `package`, `sqlite`, `contract`, `ledger`, `env:<VARIABLE>`, `source:<name>`,
   * `receipts:<name>`, `reader:<name>`, `writer:<name>`, `server:<name>`, `executor:<name>` or `capability:<name>`.
   */
  readonly name: string
  /** `error`: something will be refused, or a wall is missing. `warning`: it works, at a risk. */
  readonly severity: 'ok' | 'warning' | 'error'
  readonly code?: ErrorCode
  /** Why it is not `ok`, as a name that stays from release to release. */
  readonly reason?: Reason
  /** The source of the contract that it belongs to. */
  readonly source?: string
  /** One sentence or more. Names of the contract and of the database's own things only: never a URL, a host or a value. */
  readonly message: string
  /** What to do about it. Absent where it is `ok`. */
  readonly next?: string
  /** Statements that an administrator of the source can run as they are, one a line. Never a password. */
  readonly mend?: string
}

/** What an error says of itself. A driver's own text is never part of it. */
export function toFinding(name: string, error: unknown): Finding {
  const { code, message, next } = toRunnerError(error)
  const reason = isRunnerError(error) ? error.details.code : undefined
  return { name, severity: 'error', code, message, next, ...(isReason(reason) ? { reason } : {}) }
}
