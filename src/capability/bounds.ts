import { Decimal } from 'decimal.js'
import { RunnerError } from '../errors.js'
import type { TypedRow } from '../protocol/values.js'
import type { Bounds } from './capability.js'

const NUMBER = /^-?\d+(\.\d+)?$/

/**
 * Compares the values to be written with the reviewed bounds, exactly, digit by digit. Used when proposing and again
 * when applying.
 *
 * @throws RunnerError `BOUND_EXCEEDED`.
 */
export function assertBounds(bounds: ReadonlyMap<string, Bounds>, after: TypedRow): void {
  for (const [column, { minimum, maximum }] of bounds) {
    const text = after[column]?.text
    if (text === undefined) continue
    if (text === null || !NUMBER.test(text)) throw exceeded(column, 'must be a plain number')
    const value = new Decimal(text)
    if (minimum !== undefined && value.lt(minimum)) throw exceeded(column, `must be at least ${minimum}`)
    if (maximum !== undefined && value.gt(maximum)) throw exceeded(column, `must be at most ${maximum}`)
  }
}

function exceeded(column: string, why: string): RunnerError {
  return new RunnerError('BOUND_EXCEEDED', `The value of ${column} ${why}.`, { details: { column } })
}
