import { assertBounds } from '../capability/bounds.js'
import type { Capability, ChangeRules } from '../capability/capability.js'
import { assertTransitions } from '../capability/transitions.js'
import { RunnerError } from '../errors.js'
import { assertStillApproved } from '../policy/still-approved.js'
import type { ProposalState } from '../protocol/state.js'
import type { Ports } from './ports.js'

/** A capability that proposes. */
export type Changing = Capability & { readonly change: ChangeRules }

/**
 * The capability must be the one that was reviewed, and its limits must still hold for this very change.
 *
 * @throws RunnerError `CONTRACT_CHANGED`, `BOUND_EXCEEDED`, `TRANSITION_REFUSED`.
 */
export function assertSameCapability(ports: Ports, { frozen }: ProposalState): Changing {
  const { proposal_id } = frozen
  const capability = ports.contract.capabilities.get(frozen.capability)
  const change = capability?.change
  if (capability === undefined || change === undefined || ports.contract.config.mode !== 'review') {
    throw contractChanged(proposal_id, frozen.capability)
  }
  assertBounds(change.bounds, frozen.after)
  assertTransitions(change.transitions, frozen.before, frozen.after)
  if (capability.digest !== frozen.capability_digest) throw contractChanged(proposal_id, frozen.capability)
  return { ...capability, change }
}

/**
 * Whoever approved must still be somebody who may.
 *
 * @throws RunnerError `APPROVER_UNKNOWN`, `ROLE_REQUIRED`, `SELF_APPROVAL`, `NOT_APPROVED`.
 */
export async function checkApprovals(ports: Ports, state: ProposalState): Promise<void> {
  const about = { tenant_id: state.frozen.context.tenant_id }
  const approvals = state.decisions.filter((decision) => decision.decision === 'approved')
  const people = approvals.map(({ approver, roles }) => ports.people.identifyAgain({ id: approver, roles }, about))
  assertStillApproved(state, await Promise.all(people))
}

function contractChanged(proposal_id: string, capability: string): RunnerError {
  return new RunnerError(
    'CONTRACT_CHANGED',
    `Capability ${capability} is not what it was when ${proposal_id} was proposed.`,
    {
      details: { proposal_id, capability },
    },
  )
}

export function schemaDrift(proposal_id: string, table: string): RunnerError {
  return new RunnerError('SCHEMA_DRIFT', `Table ${table} has changed since ${proposal_id} was proposed.`, {
    details: { proposal_id, table },
  })
}
