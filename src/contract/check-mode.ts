import { type ContractProblem, problem } from './problems.js'
import { isRecord } from './snapshot.js'

/** The mode says what else must be there. Looks at the contract as given: a faulty part is there, too. */
export function* checkMode(tree: unknown): Iterable<ContractProblem> {
  if (!isRecord(tree)) return
  if (tree.mode === 'cloud') {
    if (tree.cloud === undefined) yield problem('MISSING_KEY', ['cloud'], 'Add `cloud`: `mode` says cloud.')
    return
  }
  if (tree.sources === undefined) yield problem('MISSING_KEY', ['sources'], 'Add `sources`: the databases by name.')
  if (tree.capabilities === undefined) {
    yield problem('MISSING_KEY', ['capabilities'], 'Add `capabilities`: what may be done.')
  }
}
