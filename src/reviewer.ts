import { RunnerError } from './errors.js'
import type { Page, ProposalFilter } from './ledger/ledger.js'
import { approve } from './operations/approve.js'
import { decidableQueue } from './operations/decidable-queue.js'
import { type Freshness, freshness } from './operations/freshness.js'
import { loadProposalOf } from './operations/load-proposal.js'
import type { Ports } from './operations/ports.js'
import { type Proposal, toProposal } from './operations/proposal.js'
import { type ProposalSummary, proposalQuery } from './operations/queries.js'
import { reject } from './operations/reject.js'
import { requestInformation } from './operations/request-information.js'

/** One person, authenticated by the host. */
export interface Person {
  readonly id: string
  /** Bound to this tenant: others' proposals do not exist for this reviewer. Left out, the queue spans tenants. */
  readonly tenant_id?: string
  /** The host's word; counts only where neither `operators` nor `runtime.approvers` says who holds which role. */
  readonly roles?: readonly string[]
}

/** What an approval carries. */
export interface Decide {
  /** The hash that was looked at. */
  readonly hash: string
  /** At most 4000 characters. Kept on record, and shown to the session that proposed. */
  readonly reason?: string
  /** Kept with the decision as it is given, at most 4000 characters. */
  readonly signature?: string
}

/**
 * The surface through which one person looks and decides, within roles and tenant. It cannot apply.
 *
 * Every verb throws RunnerError `LEDGER_UNAVAILABLE`, `LEDGER_OUTDATED`, `LEDGER_TOO_NEW` or `BUSY` where the ledger
 * cannot be used, and `INTEGRITY` where a record is not what was recorded.
 */
export interface Reviewer {
  readonly person: Person

  /**
   * Lists what waits for a decision, newest first; what has expired does not. 1 to 200 items, 50 unless `limit` says
   * otherwise. With `mine`, only what this person may decide on now: one call looks at 500 proposals, so that a page can be
   * short, or empty, while `next_cursor` says that there is more.
   *
   * @throws RunnerError `INVALID_ARGUMENT` for a cursor or limit that is none.
   */
  queue(filter?: QueueFilter): Promise<Page<ProposalSummary>>

  /**
   * Shows one proposal whole.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND` (absent or another tenant's).
   */
  show(id: string): Promise<Proposal>

  /**
   * Tells whether the row of a proposal is still as it was when it was proposed. Names columns, never values.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND` (absent or another tenant's).
   */
  freshness(id: string): Promise<Freshness>

  /**
   * Approves one exact hash.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `HASH_MISMATCH`, `WRONG_STATUS`, `EXPIRED`, `APPROVER_UNKNOWN`,
   * `ROLE_REQUIRED`, `SELF_APPROVAL`, `ALREADY_DECIDED`, `INVALID_ARGUMENT`, `SECRET_REFUSED`.
   */
  approve(id: string, decision: Decide): Promise<Proposal>

  /**
   * Rejects a pending proposal for good. With `hash`, only if the proposal is what was looked at.
   *
   * @throws RunnerError as {@link Reviewer.approve}.
   */
  reject(id: string, decision: { readonly reason: string; readonly hash?: string }): Promise<Proposal>

  /**
   * Asks whoever proposed for more, in 1 to 2000 characters. The answer is a new proposal in this one's place.
   *
   * @throws RunnerError as {@link Reviewer.approve}.
   */
  requestInformation(id: string, request: { readonly question: string }): Promise<Proposal>
}

/** What a queue is narrowed to: `pending_review` unless another status is given in which something can still happen. */
export type QueueFilter = Omit<ProposalFilter, 'tenant_id' | 'status'> &
  (
    | {
        readonly status?: 'pending_review' | 'approved' | 'applying' | 'outcome_unknown'
        /** @defaultValue `false` */
        readonly mine?: false
      }
    | {
        readonly status?: 'pending_review'
        /**
         * Only what this person may decide on now: another's proposal, their role, not yet decided on by them, and no
         * question open. A page may be short, or empty, while there is a `next_cursor`: one call looks at 500 proposals.
         */
        readonly mine: true
      }
  )

/** Binds a reviewer's verbs to one person. The object holds nothing else. */
export function createReviewer(ports: Ports, given: Person): Reviewer {
  assertPerson(given)
  const roles = given.roles === undefined ? {} : { roles: Object.freeze([...given.roles]) }
  const person = Object.freeze({ ...given, ...roles })
  const { tenant_id } = person
  const approver = Object.freeze({ id: person.id, ...roles })
  const about = (id: string) => ({ id, approver, tenant_id })
  return Object.freeze<Reviewer>({
    person,
    queue: async ({ mine = false, ...filter } = {}) => {
      const asked = { status: 'pending_review', ...filter, ...(tenant_id === undefined ? {} : { tenant_id }) } as const
      if (mine && asked.status !== 'pending_review') throw undecided()
      return mine ? decidableQueue(ports, approver, asked) : proposalQuery(ports).list(asked)
    },
    show: async (id) => toProposal((await loadProposalOf(ports, id, tenant_id)).state, ports.clock.now()),
    freshness: (id) => freshness(ports, id, tenant_id),
    approve: (id, { hash, reason, signature }) => approve(ports, { ...about(id), hash, reason, signature }),
    reject: (id, { reason, hash }) => reject(ports, { ...about(id), reason, hash }),
    requestInformation: (id, { question }) => requestInformation(ports, { ...about(id), question }),
  })
}

function undecided(): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', 'Only what waits for a decision can be decided on.', {
    details: { argument: 'status' },
    next: 'Leave status out beside mine.',
  })
}

/** A missing tenant must be left out on purpose, not by a value that turned out to be `undefined`. */
function assertPerson(given: Person): void {
  const isObject = typeof given === 'object' && given !== null
  if (!isObject || typeof given.id !== 'string' || given.id.trim() === '') {
    throw new RunnerError('APPROVER_UNKNOWN', 'A reviewer needs the id of a person.')
  }
  const { tenant_id } = given
  if (!Object.hasOwn(given, 'tenant_id') || (typeof tenant_id === 'string' && tenant_id.trim() !== '')) return
  throw new RunnerError('CONTEXT_MISSING', 'The tenant of the reviewer is missing or blank.', {
    next: 'Give a tenant, or leave tenant_id out for a queue that spans tenants.',
  })
}
