import type { ProposalView } from '../../src/index.js'

/** What a graph is interrupted with: a `HITLRequest` of LangChain, about one proposal. */
export interface ApprovalCard {
  /** Exactly one: the change, as the session that proposed it may see it. */
  actionRequests: [ApprovalRequest]
  /** Exactly one: what a resume may answer. Empty where decisions are made elsewhere. */
  reviewConfigs: [{ actionName: string; allowedDecisions: ('approve' | 'reject')[] }]
}

export interface ApprovalRequest {
  /** Canonical name of the capability. */
  name: string
  args: {
    /** Names this card: a decision sends it back. Another one at every turn. */
    card_id: string
    proposal_id: string
    hash: string
    target: ProposalView['target']
    diff: ProposalView['diff']
    expires_at: string
  }
  /** For people: what would change, what went wrong with the last answer, and where to decide. */
  description: string
}

/** Builds what is shown to people at one turn of the asking. */
export function approvalCard(
  view: ProposalView,
  about: { readonly turn: number; readonly refusal: string | null; readonly decides: boolean },
): ApprovalCard {
  const { id: proposal_id, hash, capability, target, diff, expires_at } = view
  const card_id = `${hash}/${about.turn}`
  const changes = Object.entries(diff).map(([column, change]) => `${column} ${describe(change)}`)
  const sentences = [
    ...(about.refusal === null ? [] : [`The last answer was not recorded in this run: ${about.refusal}`]),
    `${proposal_id} would change ${target.type} ${target.id}: ${changes.join(', ')}.`,
    view.next,
    about.decides ? DECIDE_HERE : DECIDE_ELSEWHERE,
  ]
  return {
    actionRequests: [
      {
        name: capability,
        args: { card_id, proposal_id, hash, target, diff, expires_at },
        description: sentences.join(' '),
      },
    ],
    reviewConfigs: [{ actionName: capability, allowedDecisions: about.decides ? ['approve', 'reject'] : [] }],
  }
}

const DECIDE_HERE = 'Decide here, sending back the card_id, or as a reviewer of the runner.'
const DECIDE_ELSEWHERE = 'Decide as a reviewer of the runner; what is answered here decides nothing. Then resume.'

function describe({ before, after }: ProposalView['diff'][string]): string {
  return before === undefined ? `to ${JSON.stringify(after)}` : `${JSON.stringify(before)} -> ${JSON.stringify(after)}`
}
