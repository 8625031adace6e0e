import { RunnerError } from '../errors.js'
import type { Digest } from './canonical.js'
import {
  ENTRY_BODIES,
  type EntryBody,
  type EntryType,
  type NewEntry,
  type ProposalEntryType,
  type StoredEntry,
} from './entry.js'
import { canonicalIdentity } from './identity.js'
import { type FrozenProposal, proposalHash } from './proposal.js'
import type { Receipt } from './receipt.js'
import type { ProposalStatus } from './status.js'

/** One person's decision on one hash. */
export interface Decision {
  readonly approver: string
  readonly roles: readonly string[]
  readonly decision: 'approved' | 'rejected'
  readonly reason?: string
  readonly decided_at: string
  readonly signature?: string
  /** Hash of the ledger entry that holds the decision. */
  readonly entry_hash: string
}

/** What the entries of a proposal add up to. */
export interface ProposalState {
  readonly frozen: FrozenProposal
  readonly hash: Digest
  readonly status: ProposalStatus
  readonly question?: string
  readonly decisions: readonly Decision[]
  /** How many attempts to apply have begun. */
  readonly attempts: number
  /** When the last of them began. */
  readonly last_attempt_at?: string
  /** Where attempts were to leave their receipts, `null` for nowhere. */
  readonly receipt_places: readonly (string | null)[]
  /** Attempts whose end is not recorded. */
  readonly open_attempts: readonly number[]
  /** An attempt was cut off at a moment when the change may have been committed. */
  readonly unsettled: boolean
  readonly receipt?: Receipt
  readonly superseded_by?: string
  readonly revoked_by?: string
}

/** From which statuses each kind of entry may follow. */
const MAY_FOLLOW: Record<Exclude<ProposalEntryType, 'proposal.created'>, readonly ProposalStatus[]> = {
  'proposal.approved': ['pending_review'],
  'proposal.rejected': ['pending_review'],
  'information.requested': ['pending_review'],
  'proposal.withdrawn': ['pending_review'],
  'proposal.superseded': ['pending_review', 'approved'],
  'proposal.expired': ['pending_review', 'approved'],
  'proposal.revoked': ['approved', 'applying', 'outcome_unknown'],
  'job.exported': ['approved', 'applying', 'outcome_unknown'],
  'apply.started': ['approved', 'applying', 'outcome_unknown'],
  'apply.interrupted': ['applying', 'outcome_unknown'],
  'apply.released': ['applying', 'outcome_unknown'],
  // A receipt found in the source tells the truth even where the ledger had lost its own copy and moved on.
  'receipt.recorded': ['approved', 'applying', 'outcome_unknown', 'superseded', 'expired'],
}

/** What a step needs of an entry beside its body. */
type Sealed = Pick<StoredEntry, 'type' | 'subject' | 'at' | 'seq' | 'hash'>

type Steps = {
  [T in Exclude<ProposalEntryType, 'proposal.created'>]: (
    state: ProposalState,
    body: EntryBody<T>,
    entry: Sealed,
  ) => ProposalState
}

const STEPS: Steps = {
  'proposal.approved': (state, { hash, approver, reason, signature }, entry) => {
    if (hash !== state.hash) throw tampered(entry, 'An approval names another hash')
    const decisions = [...state.decisions, decision(entry, 'approved', approver, reason, signature)]
    const people = new Set(decisions.map((each) => canonicalIdentity(each.approver)))
    const enough = people.size >= state.frozen.approval.required_approvals
    return { ...state, decisions, status: enough ? 'approved' : 'pending_review' }
  },
  'proposal.rejected': (state, { approver, reason }, entry) => ({
    ...state,
    decisions: [...state.decisions, decision(entry, 'rejected', approver, reason, null)],
    status: 'rejected',
  }),
  'information.requested': (state, { question }) => ({ ...state, question }),
  'proposal.withdrawn': (state) => ({ ...state, status: 'canceled' }),
  'proposal.superseded': (state, { by }) => ({
    ...state,
    status: 'superseded',
    ...(by === null ? {} : { superseded_by: by }),
  }),
  'proposal.expired': (state) => ({ ...state, status: 'expired' }),
  'proposal.revoked': (state, { approver }) => ({ ...state, status: 'revoked', revoked_by: approver.id }),
  'job.exported': (state) => state,
  'apply.started': (state, { attempt, receipts = null }, entry) => ({
    ...state,
    last_attempt_at: entry.at,
    receipt_places: [...new Set([...state.receipt_places, receipts])],
    status: 'applying',
    attempts: attempt,
    open_attempts: [...state.open_attempts, attempt],
  }),
  'apply.interrupted': (state, { attempt }) => endAttempt({ ...state, unsettled: true }, attempt),
  'apply.released': (state, { attempt }) => endAttempt(state, attempt),
  'receipt.recorded': (state, receipt, entry) => {
    if (receipt.proposal_hash !== state.hash) throw tampered(entry, 'A receipt names another hash')
    return { ...state, receipt, status: receipt.status === 'already_applied' ? 'applied' : receipt.status }
  },
}

/**
 * Folds the entries of one proposal, oldest first, into its state.
 *
 * @throws RunnerError `INTEGRITY` when they are not a story that can have happened.
 */
export function foldProposal(entries: readonly StoredEntry[]): ProposalState {
  const [first, ...rest] = entries
  if (first === undefined || first.type !== 'proposal.created') {
    throw new RunnerError('INTEGRITY', 'A proposal does not begin with its creation.')
  }
  return rest.reduce(extendState, created(first))
}

function created(entry: StoredEntry): ProposalState {
  const { proposal, hash } = bodyOf('proposal.created', entry)
  if (proposalHash(proposal) !== hash || proposal.proposal_id !== entry.subject) {
    throw tampered(entry, 'The proposal is not the one that was recorded')
  }
  return newProposal(proposal, hash)
}

/** A proposal that was just created. `hash` is its own. */
export function newProposal(frozen: FrozenProposal, hash: Digest): ProposalState {
  return {
    frozen,
    hash,
    status: frozen.mode === 'shadow' ? 'shadow' : 'pending_review',
    decisions: [],
    attempts: 0,
    open_attempts: [],
    receipt_places: [],
    unsettled: false,
  }
}

/** The state after one more entry. */
export function extendState(state: ProposalState, entry: StoredEntry): ProposalState {
  const type = stepOf(state, entry)
  return step(state, type, bodyOf(type, entry), entry)
}

/**
 * The status that an entry of our own will lead to, before it is on record.
 *
 * @throws RunnerError `INTEGRITY` when it cannot follow, or could not be read back.
 */
export function statusAfter(state: ProposalState, entry: NewEntry): ProposalStatus {
  return applyStep(state, entry, { ...entry, seq: 0, hash: '' }).status
}

/** The state after an entry of our own that `sealed` put on record. */
export function stateAfter(state: ProposalState, entry: NewEntry, sealed: StoredEntry): ProposalState {
  return applyStep(state, entry, sealed)
}

function stepOf({ frozen, status }: ProposalState, entry: Sealed): keyof Steps {
  const { type, subject } = entry
  if (!isStep(type)) throw tampered(entry, 'An entry is of an unknown kind')
  if (subject !== frozen.proposal_id || !MAY_FOLLOW[type].includes(status)) {
    throw tampered(entry, `An entry ${type} cannot follow status ${status}`)
  }
  return type
}

function applyStep(state: ProposalState, entry: NewEntry, sealed: Sealed): ProposalState {
  const type = stepOf(state, sealed)
  return step(state, type, parseBody(type, entry.body, sealed), sealed)
}

function step<T extends keyof Steps>(state: ProposalState, type: T, body: EntryBody<T>, entry: Sealed): ProposalState {
  return STEPS[type](state, body, entry)
}

/** Once an attempt is unsettled, no later one that changed nothing makes it settled. */
function endAttempt(state: ProposalState, attempt: number): ProposalState {
  const open_attempts = state.open_attempts.filter((each) => each !== attempt)
  const waiting = open_attempts.length > 0 ? 'applying' : 'approved'
  return { ...state, open_attempts, status: state.unsettled ? 'outcome_unknown' : waiting }
}

function isStep(type: string): type is keyof Steps {
  return Object.hasOwn(STEPS, type)
}

/** Parses an entry's body as what its type says. */
export function bodyOf<T extends EntryType>(type: T, entry: StoredEntry): EntryBody<T> {
  if (entry.body === null) {
    throw new RunnerError('INTEGRITY', `The content of ledger entry ${entry.seq} has been erased.`)
  }
  return parseBody(type, parseJson(entry.body), entry)
}

/** Holds a body against its type. */
export function parseBody<T extends EntryType>(type: T, body: unknown, entry: Sealed): EntryBody<T> {
  const parsed = ENTRY_BODIES[type]().safeParse(body)
  if (!parsed.success) throw tampered(entry, 'An entry cannot be read')
  return parsed.data as EntryBody<T>
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function decision(
  entry: Sealed,
  kind: Decision['decision'],
  approver: { readonly id: string; readonly roles: readonly string[] },
  reason: string | null,
  signature: string | null,
): Decision {
  return {
    approver: approver.id,
    roles: approver.roles,
    decision: kind,
    ...(reason === null ? {} : { reason }),
    decided_at: entry.at,
    ...(signature === null ? {} : { signature }),
    entry_hash: entry.hash,
  }
}

function tampered({ subject, seq }: Pick<Sealed, 'subject' | 'seq'>, what: string): RunnerError {
  return new RunnerError('INTEGRITY', `${what} (ledger entry ${seq}).`, { details: { proposal_id: subject, seq } })
}
