/** What SQLite's result codes mean here. Its messages are never looked at and never passed on. */
import { busy, fieldOf } from './failure.js'

const [ERROR, BUSY, LOCKED] = [1, 5, 6]
const NAMES: Readonly<Record<string, number>> = { SQLITE_ERROR: ERROR, SQLITE_BUSY: BUSY, SQLITE_LOCKED: LOCKED }

/** No such table, no such column, no such savepoint. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === ERROR
}

/** The failure as its caller should know it: `BUSY`, or what it was. */
export function fromSqlite(error: unknown): unknown {
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
