import { argumentOf, type DraftProposal, entriesOf } from './draft.js'
import { type ContractProblem, problem } from './problems.js'
import type { Subject } from './subject.js'
import { didYouMean } from './suggest.js'
import { isSystemColumn } from './system-objects.js'

/** A proposal changes something, by arguments that exist, and says how a stale row is noticed. */
export function* checkPatch({ capability, path }: Subject<DraftProposal>): Iterable<ContractProblem> {
  const { patch } = capability
  const args = capability.args ?? {}
  if (patch !== undefined && Object.keys(patch).length === 0) {
    yield problem('INVALID_VALUE', [...path, 'patch'], 'Patch at least one column.')
  }
  for (const [column, value] of entriesOf(patch)) {
    const name = argumentOf(value)
    if (name === undefined || Object.hasOwn(args, name)) continue
    const message = `Name an argument: \`args\` has no \`${name}\`.${didYouMean(name, Object.keys(args))}`
    yield problem('UNKNOWN_REFERENCE', [...path, 'patch', column, 'from_arg'], message)
  }
  yield* checkGuard(capability, [...path, 'conflict_guard'])
}

function* checkGuard({ conflict_guard: guard }: DraftProposal, path: readonly (string | number)[]) {
  if (guard === undefined) return
  if (guard.column !== undefined) {
    if (isSystemColumn(guard.column)) {
      yield problem('SYSTEM_OBJECT', [...path, 'column'], `Name a column of the table, not \`${guard.column}\`.`)
    }
    return
  }
  if (guard.weak_guard_ack !== true) {
    const message =
      'Add `column`, the version column; where the table has none, `weak_guard_ack: true`, and every reviewed column is compared.'
    yield problem('GUARD_MISSING', [...path, 'column'], message)
  } else {
    const message = 'A change that is made and undone between two looks goes unnoticed. A version column would show it.'
    yield problem('WEAK_GUARD', [...path, 'weak_guard_ack'], message)
  }
  if (guard.advance !== undefined) {
    yield problem('INVALID_VALUE', [...path, 'advance'], 'Remove `advance`: only a version column moves.')
  }
}
