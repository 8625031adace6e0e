import { type DecisionRequest, decide, words } from './decide.js'
import type { Ports } from './ports.js'
import type { Proposal } from './proposal.js'

export interface RejectRequest extends DecisionRequest {
  readonly reason?: string | undefined
}

/** Rejects a pending proposal, for good. One rejection is enough, whatever the quorum. */
export async function reject(ports: Ports, request: RejectRequest): Promise<Proposal> {
  return decide(ports, request, ({ state }, approver, at) => ({
    type: 'proposal.rejected',
    subject: state.frozen.proposal_id,
    at,
    body: { hash: state.hash, approver, reason: words('reason', request.reason) },
  }))
}
