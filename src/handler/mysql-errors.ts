/** What the numbers of MySQL and MariaDB mean here. Their messages are never looked at and never passed on. */
import { isRunnerError } from '../errors.js'
import { busy, fieldOf } from './failure.js'

/** Waits that took too long, losers of a race, too many connections, and statements that were stopped. */
const BUSY: ReadonlySet<unknown> = new Set([1020, 1040, 1203, 1205, 1213, 1226, 1317, 1969, 3024, 3572])
/** A row that moved on, a wait that took too long, a deadlock, no room for locks. */
const ENDING: ReadonlySet<unknown> = new Set([1020, 1205, 1206, 1213])
/** No such table, no such column. */
const MISSING: ReadonlySet<unknown> = new Set([1054, 1146])
/** A text that is no value of the column's type, or has characters that it lacks. */
const NO_VALUE: ReadonlySet<unknown> = new Set([1267, 1270, 1271, 1292, 1366, 3854, 3995])

export function isDuplicateKey(error: unknown): boolean {
  return fieldOf(error, 'errno') === 1062
}

export function isMissing(error: unknown): boolean {
  return MISSING.has(fieldOf(error, 'errno'))
}

export function isNoValue(error: unknown): boolean {
  return NO_VALUE.has(fieldOf(error, 'errno'))
}

export function isNoSavepoint(error: unknown): boolean {
  return fieldOf(error, 'errno') === 1305
}

/** True for a failure with which the server rolls back the whole transaction, or may. */
export function endsTransaction(error: unknown): boolean {
  return ENDING.has(fieldOf(error, 'errno'))
}

/** The failure as its caller should know it: `BUSY`, or what it was. */
export function fromMysql(error: unknown): unknown {
  // What has a code of ours was judged where it happened, and its cause says less.
  if (isRunnerError(error)) return error
  return BUSY.has(fieldOf(error, 'errno')) ? busy(error) : error
}
