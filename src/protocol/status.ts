/**
 * The one state machine of a proposal: its statuses, which of them are final, and whose move it is.
 */

export const PROPOSAL_STATUSES = [
  'pending_review',
  'approved',
  'applying',
  'applied',
  'conflict',
  'failed',
  'outcome_unknown',
  'rejected',
  'expired',
  'revoked',
  'superseded',
  'canceled',
  'shadow',
] as const

export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number]

/** What may legally happen next, for an app to render buttons from. None of these is a tool for the model. */
export type NextAction =
  | 'approve'
  | 'reject'
  | 'request_more_info'
  | 'provide_information'
  | 'apply'
  | 'revoke'
  | 'reconcile'
  | 'propose_again'

/** Whose move it is. */
export type Awaiting = 'reviewer' | 'caller' | 'worker' | null

export interface NextStep {
  readonly next_allowed_actions: readonly NextAction[]
  readonly awaiting: Awaiting
  readonly next: string
}

const PROPOSE_AGAIN: NextStep = {
  next_allowed_actions: ['propose_again'],
  awaiting: 'caller',
  next: 'Nothing was changed by this proposal. Inspect the object again and propose again if it is still needed.',
}
const OVER: NextStep = { next_allowed_actions: [], awaiting: null, next: 'This proposal is closed.' }

const NEXT: Record<ProposalStatus, NextStep> = {
  pending_review: {
    next_allowed_actions: ['approve', 'reject', 'request_more_info'],
    awaiting: 'reviewer',
    next: 'A person must decide on this proposal. The source is unchanged.',
  },
  approved: {
    next_allowed_actions: ['apply', 'revoke'],
    awaiting: 'worker',
    next: 'Approved. The operator applies it; the source is unchanged until then.',
  },
  applying: { next_allowed_actions: ['apply', 'reconcile'], awaiting: 'worker', next: 'The change is being applied.' },
  outcome_unknown: {
    next_allowed_actions: ['reconcile'],
    awaiting: 'worker',
    next: 'It is not known whether the change was committed. The operator settles it.',
  },
  applied: { ...OVER, next: 'The change is in the source.' },
  conflict: PROPOSE_AGAIN,
  failed: PROPOSE_AGAIN,
  expired: PROPOSE_AGAIN,
  superseded: PROPOSE_AGAIN,
  rejected: OVER,
  revoked: OVER,
  canceled: OVER,
  shadow: { ...OVER, next: 'Recorded in shadow mode. It can never be approved or applied.' },
}

const INFORMATION_REQUESTED: NextStep = {
  next_allowed_actions: ['provide_information', 'reject'],
  awaiting: 'caller',
  next: 'The reviewer asked for information. Answer with provideInformation, or withdraw.',
}

/** The source holds a receipt that rests on a decision which the ledger does not know. */
export const AFTER_UNKNOWN_DECISION =
  'It is not known whether this was changed by an earlier decision. Inspect the object again and propose again if it is still needed.'

/** What may happen next to a proposal in this state. */
export function nextStep(status: ProposalStatus, informationRequested = false): NextStep {
  return status === 'pending_review' && informationRequested ? INFORMATION_REQUESTED : NEXT[status]
}

const ACTIVE: ReadonlySet<ProposalStatus> = new Set(['pending_review', 'approved', 'applying', 'outcome_unknown'])

/** True while the proposal can still change its row. */
export function isActive(status: ProposalStatus): boolean {
  return ACTIVE.has(status)
}

/** True once nothing can happen to the proposal any more. */
export function isTerminal(status: ProposalStatus): boolean {
  return !ACTIVE.has(status)
}
