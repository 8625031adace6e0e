import { own } from './draft.js'
import { type ContractProblem, problem } from './problems.js'
import type { Subject } from './subject.js'
import { didYouMean } from './suggest.js'

/** One row is found by a required argument; without that, a read is a list and says how long it may be. */
export function* checkLookup({ capability, path }: Subject): Iterable<ContractProblem> {
  const { lookup, max_rows } = capability
  if (lookup === undefined) {
    if (capability.kind === 'read' && max_rows === undefined) {
      const message = 'Add `max_rows` (1 to 1000) for a list, or `lookup` for a single row.'
      yield problem('MISSING_KEY', [...path, 'max_rows'], message)
    }
    return
  }
  if (max_rows !== undefined && max_rows !== 1) {
    yield problem('INVALID_VALUE', [...path, 'max_rows'], 'Write 1, or leave it out: a lookup finds a single row.')
  }
  const name = lookup.id_from_arg
  if (name === undefined) return
  const at = [...path, 'lookup', 'id_from_arg']
  const args = capability.args ?? {}
  if (!Object.hasOwn(args, name)) {
    const message = `Name an argument: \`args\` has no \`${name}\`.${didYouMean(name, Object.keys(args))}`
    yield problem('UNKNOWN_REFERENCE', at, message)
    return
  }
  const argument = own(args, name)
  if (argument?.required === false) {
    const message = `Make \`${name}\` required: without it no row can be found.`
    yield problem('INVALID_VALUE', [...path, 'args', name, 'required'], message)
  }
  if (argument?.type === 'boolean') {
    yield problem('INVALID_VALUE', at, 'Name a string or integer argument: a boolean is no key.')
  }
  if (argument?.type === 'number') {
    const message = `Make \`${name}\` an integer or a string: a key is not looked up by a fraction.`
    yield problem('LOOKUP_NUMBER', [...path, 'args', name, 'type'], message)
  }
}
