import { type Draft, entriesOf, itemsOf } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { didYouMean } from './suggest.js'
import { toWireName } from './wire-name.js'

type DraftAdapter = NonNullable<NonNullable<Draft['adapters']>[string]>

/** What an adapter shows is there, is of the kind it says, and has a name of its own. */
export function* checkAdapters({ adapters, capabilities, trusted_context }: Draft): Iterable<ContractProblem> {
  const kinds = new Map<string, 'read' | 'proposal' | undefined>()
  for (const [, { name, kind }] of itemsOf(capabilities)) if (name !== undefined) kinds.set(name, kind)
  for (const [name, adapter] of entriesOf(adapters)) {
    yield* checkExposures(adapter, kinds, ['adapters', name, 'expose'])
    if (adapter.session_bind === undefined || (trusted_context?.provider ?? 'session') === 'session') continue
    const message = 'Remove `session_bind`, or `trusted_context`: both say where tenant and principal come from.'
    yield problem('INVALID_VALUE', ['adapters', name, 'session_bind'], message)
  }
}

function* checkExposures(
  { expose }: DraftAdapter,
  kinds: ReadonlyMap<string, 'read' | 'proposal' | undefined>,
  path: Path,
): Iterable<ContractProblem> {
  const taken = new Map<string, string>()
  for (const [index, { capability, as, mode }] of itemsOf(expose)) {
    if (capability === undefined) continue
    if (!kinds.has(capability)) {
      const message = `Show a capability of the contract.${didYouMean(capability, kinds.keys())}`
      yield problem('UNKNOWN_REFERENCE', [...path, index, 'capability'], message)
      continue
    }
    if (mode === 'propose_only' && kinds.get(capability) === 'read') {
      yield problem('INVALID_VALUE', [...path, index, 'mode'], 'Remove `mode`: this capability reads.')
    }
    const wire = toWireName(as ?? capability)
    const key = as === undefined ? 'capability' : 'as'
    if (taken.has(wire)) {
      const message = `Give this tool another name with \`as\`: \`${taken.get(wire)}\` is called \`${wire}\` too.`
      yield problem('DUPLICATE_NAME', [...path, index, key], message)
    }
    taken.set(wire, as ?? capability)
  }
}
