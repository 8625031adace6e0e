import { RunnerError } from '../errors.js'
import { refuseSecret } from '../policy/secrets.js'
import { type DecisionRequest, decide } from './decide.js'
import type { Ports } from './ports.js'
import type { Proposal } from './proposal.js'

export interface InformationRequest extends DecisionRequest {
  /** What the reviewer wants to know. Shown to the proposer. */
  readonly question: string
}

const MAX_QUESTION = 2000

/** Asks the proposer for more. The proposal stays pending: it can be rejected, and approved no more, since the answer is a new proposal. */
export async function requestInformation(ports: Ports, request: InformationRequest): Promise<Proposal> {
  const question = typeof request.question === 'string' ? request.question.trim() : ''
  if (question === '' || question.length > MAX_QUESTION) {
    throw new RunnerError('INVALID_ARGUMENT', `A question has 1 to ${MAX_QUESTION} characters.`, {
      details: { argument: 'question' },
    })
  }
  refuseSecret('the question', question)
  return decide(ports, request, ({ state }, approver, at) => ({
    type: 'information.requested',
    subject: state.frozen.proposal_id,
    at,
    body: { approver, question },
  }))
}
