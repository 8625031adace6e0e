import { RunnerError } from '../errors.js'
import { samePerson } from '../protocol/identity.js'
import type { FrozenProposal } from '../protocol/proposal.js'
import type { Decision } from '../protocol/state.js'

/** A person whose roles have been established outside the model's reach. */
export interface Approver {
  readonly id: string
  readonly roles: readonly string[]
}

/**
 * Holds who may decide on a proposal: another person than the one who asked, with the role, once.
 *
 * @throws RunnerError `SELF_APPROVAL`, `ROLE_REQUIRED` or `ALREADY_DECIDED`.
 */
export function assertMayDecide(frozen: FrozenProposal, approver: Approver, decisions: readonly Decision[]): void {
  assertSeparateDuties(frozen, approver)
  assertHoldsRole(frozen, approver)
  if (decisions.some((decision) => samePerson(decision.approver, approver.id))) {
    throw new RunnerError('ALREADY_DECIDED', `${approver.id} has already decided on ${frozen.proposal_id}.`, {
      details: { proposal_id: frozen.proposal_id, approver: approver.id },
    })
  }
}

/** @throws RunnerError `SELF_APPROVAL` when the approver asked for the change, or it was asked for on their behalf. */
export function assertSeparateDuties(frozen: FrozenProposal, approver: Approver): void {
  if (!frozen.approval.separation_of_duties) return
  const { principal, on_behalf_of } = frozen.context
  const proposers = on_behalf_of === undefined ? [principal] : [principal, on_behalf_of]
  if (proposers.some((proposer) => samePerson(proposer, approver.id))) {
    throw new RunnerError('SELF_APPROVAL', `${approver.id} proposed ${frozen.proposal_id} and may not decide on it.`, {
      details: { proposal_id: frozen.proposal_id, approver: approver.id },
    })
  }
}

/** @throws RunnerError `ROLE_REQUIRED` when the proposal needs a role that the approver does not hold now. */
export function assertHoldsRole(frozen: FrozenProposal, approver: Approver): void {
  const { required_role } = frozen.approval
  if (required_role === null || approver.roles.includes(required_role)) return
  throw new RunnerError('ROLE_REQUIRED', `${approver.id} does not hold the role ${required_role}.`, {
    details: { proposal_id: frozen.proposal_id, approver: approver.id, required_role },
  })
}
