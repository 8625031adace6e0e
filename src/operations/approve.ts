import { RunnerError } from '../errors.js'
import { type DecisionRequest, decide, words, wrongStatus } from './decide.js'
import type { Ports } from './ports.js'
import type { Proposal } from './proposal.js'

export interface ApproveRequest extends DecisionRequest {
  /** The hash that the person looked at. Required: an approval is of one exact content. */
  readonly hash: string
  readonly reason?: string | undefined
  /** Kept with the decision as it is given. */
  readonly signature?: string | undefined
}

/** Approves one exact hash. With a quorum, the proposal is approved once enough different people have. */
export async function approve(ports: Ports, request: ApproveRequest): Promise<Proposal> {
  if (typeof request.hash !== 'string') {
    throw new RunnerError('HASH_MISMATCH', 'An approval names the hash that was reviewed.', {
      next: 'Read the proposal and give its hash.',
    })
  }
  return decide(ports, request, ({ state }, approver, at) => {
    const { proposal_id } = state.frozen
    if (state.question !== undefined) throw wrongStatus(proposal_id, state.status, ANSWER_FIRST)
    return {
      type: 'proposal.approved',
      subject: proposal_id,
      at,
      body: {
        hash: state.hash,
        approver,
        reason: words('reason', request.reason),
        signature: words('signature', request.signature),
      },
    }
  })
}

const ANSWER_FIRST = 'A question is open: wait for the answer, which is a proposal of its own, or reject this one.'
