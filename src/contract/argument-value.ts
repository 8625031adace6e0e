import type { DraftArgument } from './draft.js'

type Scalar = string | number | boolean | null

/** True where `value` is of the JSON type that the argument has. */
export function hasArgumentType(type: DraftArgument['type'], value: unknown): value is Scalar {
  if (type === 'integer') return Number.isSafeInteger(value)
  return type === undefined || typeof value === type
}

/** Says in a sentence why `value` does not fit the argument, or `undefined`. */
export function argumentMisfit(argument: DraftArgument, value: Scalar): string | undefined {
  if (!hasArgumentType(argument.type, value)) return `Give a value of type ${argument.type}.`
  if (argument.enum !== undefined && !argument.enum.includes(value)) return 'Give one of the values of `enum`.'
  if (typeof value === 'number') {
    if (argument.minimum !== undefined && value < argument.minimum) return 'Give a number of at least `minimum`.'
    if (argument.maximum !== undefined && value > argument.maximum) return 'Give a number of at most `maximum`.'
  }
  if (typeof value !== 'string') return undefined
  if (argument.max_length !== undefined && [...value].length > argument.max_length) return 'Keep within `max_length`.'
  if (argument.pattern !== undefined && !new RegExp(argument.pattern, 'u').test(value)) return 'Match `pattern`.'
  return undefined
}
