import { statusAt } from '../policy/expiry.js'
import type { ResolvedContext } from './context.js'
import { wrongStatus } from './decide.js'
import type { ApprovalDemand } from './inspect.js'
import { loadOwnProposal } from './own-proposal.js'
import type { Link, Ports } from './ports.js'
import type { Proposal } from './proposal.js'
import { proposeInPlaceOf } from './propose.js'

export interface Answer {
  readonly id: string
  /** Arguments of the same capability, with what was asked for. */
  readonly args: unknown
  readonly own: ResolvedContext
  readonly link: Link | undefined
  readonly approval?: ApprovalDemand | undefined
}

/** Answers a reviewer's question with a new proposal that takes the place of the old one. */
export async function provideInformation(ports: Ports, answer: Answer): Promise<Proposal> {
  const { state } = await loadOwnProposal(ports, answer.id, answer.own)
  const { proposal_id, capability } = state.frozen
  const status = statusAt(state.status, state.frozen.expires_at, ports.clock.now())
  if (status !== 'pending_review' || state.question === undefined) {
    throw wrongStatus(proposal_id, status, 'Nobody waits for information on this proposal.')
  }
  const { args, own, link, approval } = answer
  const call = { name: capability, args, contextOf: own.contextOf, link, approval }
  return proposeInPlaceOf(ports, call, proposal_id)
}
