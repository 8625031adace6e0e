import { type Draft, entriesOf, itemsOf } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { didYouMean } from './suggest.js'
import { toWireName } from './wire-name.js'
import { capabilitiesByName, givenKeys } from './workflow-subject.js'

type DraftAdapter = NonNullable<NonNullable<Draft['adapters']>[string]>
type Exposure = NonNullable<NonNullable<DraftAdapter['expose']>[number]>

/** What the contract has to show: capabilities by kind, and workflows. */
interface Shelf {
  readonly capability: ReadonlyMap<string, 'read' | 'proposal' | undefined>
  readonly workflow: ReadonlySet<string>
}

/** What an adapter shows is there, is of the kind it says, and has a name of its own. */
export function* checkAdapters(draft: Draft, tree: unknown): Iterable<ContractProblem> {
  const { adapters, trusted_context, workflows } = draft
  const shelf: Shelf = {
    capability: new Map([...capabilitiesByName(draft)].map(([name, { kind }]) => [name, kind])),
    workflow: new Set(itemsOf(workflows).flatMap(([, { name }]) => name ?? [])),
  }
  for (const [name, adapter] of entriesOf(adapters)) {
    const path = ['adapters', name]
    for (const [index] of itemsOf(adapter.expose)) yield* checkOneThing(tree, [...path, 'expose', index])
    yield* checkExposures(adapter, shelf, [...path, 'expose'])
    if (adapter.session_bind === undefined || (trusted_context?.provider ?? 'session') === 'session') continue
    const message = 'Remove `session_bind`, or `trusted_context`: both say where tenant and principal come from.'
    yield problem('INVALID_VALUE', [...path, 'session_bind'], message)
  }
}

/** A tool is one capability or one workflow. */
function* checkOneThing(tree: unknown, path: Path): Iterable<ContractProblem> {
  const given = givenKeys(tree, path)
  const workflow = given.has('workflow')
  if (given.has('capability') === workflow) {
    yield workflow
      ? problem('INVALID_VALUE', [...path, 'workflow'], 'Show the workflow as a tool of its own: this is a capability.')
      : problem('MISSING_KEY', [...path, 'capability'], 'Add `capability` or `workflow`: what is shown.')
  }
  if (workflow && !given.has('capability') && given.has('mode')) {
    yield problem('INVALID_VALUE', [...path, 'mode'], 'Remove `mode`: it speaks of a capability, not of a workflow.')
  }
}

function* checkExposures({ expose }: DraftAdapter, shelf: Shelf, path: Path): Iterable<ContractProblem> {
  const taken = new Map<string, string>()
  for (const [index, exposure] of itemsOf(expose)) {
    const at = [...path, index]
    const what = exposure.capability === undefined ? 'workflow' : 'capability'
    const name = exposure[what]
    if (name === undefined) continue
    if (!shelf[what].has(name)) {
      const message = `Show a ${what} of the contract.${didYouMean(name, shelf[what].keys())}`
      yield problem('UNKNOWN_REFERENCE', [...at, what], message)
      continue
    }
    yield* checkMode(exposure, shelf, at)
    const wire = toWireName(exposure.as ?? name)
    if (taken.has(wire)) {
      const message = `Give this tool another name with \`as\`: \`${taken.get(wire)}\` is called \`${wire}\` too.`
      yield problem('DUPLICATE_NAME', [...at, exposure.as === undefined ? what : 'as'], message)
    }
    taken.set(wire, exposure.as ?? name)
  }
}

function* checkMode({ capability, mode }: Exposure, shelf: Shelf, path: Path): Iterable<ContractProblem> {
  if (mode !== 'propose_only' || capability === undefined || shelf.capability.get(capability) !== 'read') return
  yield problem('INVALID_VALUE', [...path, 'mode'], 'Remove `mode`: this capability reads.')
}
