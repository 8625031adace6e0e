import { Decimal } from 'decimal.js'
import type { StepConfig } from '../contract/schema.js'
import { RunnerError } from '../errors.js'

type Condition = NonNullable<StepConfig['when']>

const NUMBER = /^-?\d{1,200}(?:\.\d{1,200})?$/

/**
 * Whether a condition holds of a value. Numbers are compared exactly, also those that a database gives as text, such as
 * decimals and large integers. Nothing is equal to NULL but NULL.
 *
 * @throws RunnerError `PRECONDITION_FAILED` where the two cannot be compared: a step must not be left out by mistake.
 */
export function holds(condition: Condition, given: unknown): boolean {
  const value = given ?? null
  const { equals, not_equals, one_of, at_least, at_most } = condition
  if (equals !== undefined) return isEqual(condition, value, equals)
  if (not_equals !== undefined) return !isEqual(condition, value, not_equals)
  if (one_of !== undefined) return one_of.some((each) => isEqual(condition, value, each))
  const number = toNumber(value)
  if (number === undefined) throw incomparable(condition)
  return (at_least === undefined || number.gte(at_least)) && (at_most === undefined || number.lte(at_most))
}

function isEqual(condition: Condition, value: unknown, other: unknown): boolean {
  if (value === null || other === null || typeof value === typeof other) return value === other
  const number = typeof other === 'number' ? toNumber(value) : undefined
  if (number === undefined) throw incomparable(condition)
  return number.eq(other as number)
}

function toNumber(value: unknown): Decimal | undefined {
  if (typeof value === 'number') return new Decimal(value)
  return typeof value === 'string' && NUMBER.test(value) ? new Decimal(value) : undefined
}

/** Names where the value came from, never the value. */
function incomparable({ from_input, from_step, field }: Condition): RunnerError {
  const place = from_input === undefined ? `${field} of step ${from_step}` : `the input ${from_input}`
  return new RunnerError('PRECONDITION_FAILED', `A condition cannot be held against ${place}: it is of another type.`, {
    details: { ...(from_input === undefined ? { step: from_step, field } : { input: from_input }) },
    next: 'Compare it with a value of its own type in the contract.',
  })
}
