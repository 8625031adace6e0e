/** What SQLite's result codes mean here. Its messages are never looked at and never passed on. */
import { isRunnerError } from '../errors.js'
import { busy, fieldOf } from './failure.js'

const [ERROR, BUSY, LOCKED] = [1, 5, 6]
/** Out of memory, stopped, no longer readable, full: SQLite may roll the whole transaction back then. */
const ENDING: ReadonlySet<number | undefined> = new Set([7, 9, 10, 13])
const NAMES: Readonly<Record<string, number>> = {
  SQLITE_ERROR: ERROR,
  SQLITE_BUSY: BUSY,
  SQLITE_LOCKED: LOCKED,
  SQLITE_NOMEM: 7,
  SQLITE_INTERRUPT: 9,
  SQLITE_IOERR: 10,
  SQLITE_FULL: 13,
}

/** No such table, no such column, no such savepoint. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === ERROR
}

/** True for a failure after which a transaction may be over without anybody's doing. */
export function endsTransaction(error: unknown): boolean {
  return ENDING.has(codeOf(error))
}

/** The failure as its caller should know it: `BUSY`, or what it was. */
export function fromSqlite(error: unknown): unknown {
  // What has a code of ours was judged where it happened, and its cause says less.
  if (isRunnerError(error)) return error
  const code = codeOf(error)
  return code === BUSY || code === LOCKED ? busy(error) : error
}

/** Libraries give the number, or its name, both of them with more behind it. */
function codeOf(error: unknown): number | undefined {
  const number = fieldOf(error, 'errcode')
  if (typeof number === 'number') return number & 0xff
  const name = fieldOf(error, 'code')
  return typeof name === 'string' ? NAMES[name.split('_').slice(0, 2).join('_')] : undefined
}
