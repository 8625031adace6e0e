import { Decimal } from 'decimal.js'
import { argumentOf, type DraftProposal, entriesOf, itemsOf, own } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import type { Subject } from './subject.js'
import { didYouMean } from './suggest.js'
import { isSystemColumn } from './system-objects.js'

type Proposal = Subject<DraftProposal>
type Bound = NonNullable<NonNullable<DraftProposal['numeric_bounds']>[string]>

/** Bounds and transitions are on patched columns, can be met, and are met by fixed values. */
export function* checkLimits(subject: Proposal): Iterable<ContractProblem> {
  const { capability, path } = subject
  for (const key of ['numeric_bounds', 'transition_guards'] as const) {
    for (const column of Object.keys(capability[key] ?? {})) {
      yield* checkPatched(subject, { column, path: [...path, key, column] })
    }
  }
  for (const [column, bound] of entriesOf(capability.numeric_bounds)) {
    yield* checkBound(subject, { column, bound, path: [...path, 'numeric_bounds', column] })
  }
  yield* checkTransitions(subject)
}

function* checkPatched({ capability }: Proposal, on: { column: string; path: Path }): Iterable<ContractProblem> {
  const { patch } = capability
  if (patch === undefined || Object.hasOwn(patch, on.column)) return
  const message = `Limit a column that \`patch\` changes, or remove \`${on.column}\`.${didYouMean(on.column, Object.keys(patch))}`
  yield problem('LIMIT_WITHOUT_PATCH', on.path, message)
}

/** Says in a sentence what is wrong with a pair of limits, or nothing. */
export function rangeProblem(limits: Bound, path: Path): ContractProblem | undefined {
  const { minimum, maximum } = limits
  if (minimum === undefined || maximum === undefined || minimum <= maximum) return undefined
  return problem('EMPTY_RANGE', [...path, 'minimum'], 'Make `minimum` at most `maximum`.')
}

interface BoundPlace {
  readonly column: string
  readonly bound: Bound
  readonly path: Path
}

function* checkBound({ capability }: Proposal, { column, bound, path }: BoundPlace): Iterable<ContractProblem> {
  if (Object.keys(bound).length === 0)
    yield problem('MISSING_KEY', [...path, 'minimum'], 'Give `minimum` or `maximum`.')
  const range = rangeProblem(bound, path)
  if (range !== undefined) yield range

  const value = own(capability.patch, column)
  if (value === undefined) return
  if (own(capability.args, argumentOf(value))?.type === 'boolean') {
    yield problem('INVALID_VALUE', path, 'Bound a number: the argument that sets this column is a boolean.')
  }
  if ('fixed' in value && value.fixed !== undefined && !liesWithin(value.fixed, bound)) {
    yield problem('OUT_OF_LIMITS', path, `Fix a number ${rangeOf(bound)}, or change the bounds.`)
  }
}

function rangeOf({ minimum, maximum }: Bound): string {
  if (minimum === undefined) return `of at most ${maximum}`
  return maximum === undefined ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`
}

function liesWithin(value: string | number | boolean | null, { minimum, maximum }: Bound): boolean {
  if (typeof value === 'boolean' || value === null) return false
  if (!/^-?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(String(value))) return false
  const number = new Decimal(value)
  return (minimum === undefined || number.gte(minimum)) && (maximum === undefined || number.lte(maximum))
}

function* checkTransitions({ capability, path }: Proposal): Iterable<ContractProblem> {
  for (const [column, guard] of entriesOf(capability.transition_guards)) {
    const at = [...path, 'transition_guards', column]
    if (guard.from_column !== undefined && isSystemColumn(guard.from_column)) {
      yield problem('SYSTEM_OBJECT', [...at, 'from_column'], 'Name a column of the table.')
    }
    if (guard.allowed === undefined) continue
    const states = entriesOf(guard.allowed)
    if (states.length === 0) yield problem('INVALID_VALUE', [...at, 'allowed'], 'List at least one state.')
    const reachable = states.flatMap(([, following]) => itemsOf(following).map(([, state]) => state))
    const value = own(capability.patch, column)
    if (value === undefined || !('fixed' in value) || value.fixed === undefined) continue
    if (!reachable.includes(String(value.fixed))) {
      yield problem('OUT_OF_LIMITS', at, 'Allow some state to become the fixed value, or fix another value.')
    }
  }
}
