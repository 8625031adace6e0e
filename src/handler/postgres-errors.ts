/** What PostgreSQL's codes mean here. Its messages are never looked at and never passed on. */
import { isRunnerError } from '../errors.js'
import { busy, fieldOf } from './failure.js'

/** Losers of a race, waits that took too long, too many connections, and statements that were stopped. */
const BUSY: ReadonlySet<unknown> = new Set(['40001', '40P01', '55P03', '53300', '57014'])
/** Of them, those that a commit reports, too, and that prove that nothing was committed. */
const LOST_RACES: ReadonlySet<unknown> = new Set(['40001', '40P01'])
/** No such relation, column or schema. */
const MISSING: ReadonlySet<unknown> = new Set(['42P01', '42703', '3F000'])

export function isLostRace(error: unknown): boolean {
  return LOST_RACES.has(fieldOf(error, 'code'))
}

export function isMissing(error: unknown): boolean {
  return MISSING.has(fieldOf(error, 'code'))
}

/** A text that is no value of the column's type, so that no row can have it. */
export function isNoValue(error: unknown): boolean {
  const code = fieldOf(error, 'code')
  return typeof code === 'string' && code.startsWith('22')
}

/** The failure as its caller should know it: `BUSY`, or what it was. */
export function fromPostgres(error: unknown): unknown {
  // What has a code of ours was judged where it happened, and its cause says less.
  if (isRunnerError(error)) return error
  return BUSY.has(fieldOf(error, 'code')) ? busy(error) : error
}
