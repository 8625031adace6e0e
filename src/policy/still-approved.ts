import { RunnerError } from '../errors.js'
import { canonicalIdentity } from '../protocol/identity.js'
import type { ProposalState } from '../protocol/state.js'
import { type Approver, assertHoldsRole, assertSeparateDuties } from './decide.js'

/**
 * Holds that a proposal is approved by enough distinct people who may still approve it now.
 *
 * `approvers` are the people of its approvals as they are known at this moment.
 *
 * @throws RunnerError `NOT_APPROVED`, `ROLE_REQUIRED` or `SELF_APPROVAL`.
 */
export function assertStillApproved(state: ProposalState, approvers: readonly Approver[]): void {
  for (const approver of approvers) {
    assertSeparateDuties(state.frozen, approver)
    assertHoldsRole(state.frozen, approver)
  }
  const people = new Set(approvers.map((approver) => canonicalIdentity(approver.id)))
  const { required_approvals } = state.frozen.approval
  if (people.size < required_approvals) {
    throw new RunnerError('NOT_APPROVED', `${state.frozen.proposal_id} is not approved.`, {
      details: {
        proposal_id: state.frozen.proposal_id,
        status: state.status,
        approvals: people.size,
        required_approvals,
      },
    })
  }
}
