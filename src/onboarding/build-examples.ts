import type { JsonScalar } from '../protocol/values.js'
import type { Arguments } from './build-arguments.js'

type Example = Readonly<Record<string, JsonScalar>>

/**
 * A whole call with sample values, to try a capability with; `undefined` where some argument has no value that could be
 * made up, such as a date.
 */
export function exampleOf(args: Arguments, given: Example): Example | undefined {
  const values: Record<string, JsonScalar> = {}
  for (const [name, argument] of Object.entries(args)) {
    const value = Object.hasOwn(given, name) ? given[name] : sampleOf(argument)
    if (value === undefined) return undefined
    values[name] = value
  }
  return values
}

const SHORTEST_SENTENCE = 60

function sampleOf({ type, enum: values, minimum, maximum, max_length = 0 }: Arguments[string]): JsonScalar | undefined {
  const [first] = values ?? []
  if (first !== undefined) return first
  if (type === 'boolean') return true
  if (type === 'number' || type === 'integer') return minimum ?? Math.min(0, maximum ?? 0)
  return max_length >= SHORTEST_SENTENCE ? 'A sample, to try the loop with.' : undefined
}
