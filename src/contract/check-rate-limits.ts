import { type Draft, entriesOf } from './draft.js'
import { type ContractProblem, problem } from './problems.js'
import { didYouMean } from './suggest.js'
import { capabilitiesByName } from './workflow-subject.js'

/** What only a capability that proposes can have too much of. */
const OF_PROPOSALS = ['open_proposals', 'proposals_per_day'] as const

/** Limits are on capabilities of the contract, and on what they do. */
export function* checkRateLimits(draft: Draft): Iterable<ContractProblem> {
  const capabilities = capabilitiesByName(draft)
  for (const [name, limits] of entriesOf(draft.rate_limits?.capabilities)) {
    const path = ['rate_limits', 'capabilities', name]
    const capability = capabilities.get(name)
    if (capability === undefined) {
      const message = `Name a capability of the contract.${didYouMean(name, capabilities.keys())}`
      yield problem('UNKNOWN_REFERENCE', path, message)
    }
    if (capability?.kind !== 'read') continue
    for (const key of OF_PROPOSALS) {
      if (limits[key] === undefined) continue
      yield problem('INVALID_VALUE', [...path, key], 'Remove it: this capability reads, and proposes nothing.')
    }
  }
}
