import { isWellFormed } from '../capability/arguments.js'
import { RunnerError } from '../errors.js'
import { type Approver, assertHoldsRole, assertMayDecide } from '../policy/decide.js'
import { isExpired } from '../policy/expiry.js'
import { refuseSecret } from '../policy/secrets.js'
import type { NewEntry } from '../protocol/entry.js'
import type { FrozenProposal } from '../protocol/proposal.js'
import { advance, type LoadedProposal, loadProposalOf, untilRecorded } from './load-proposal.js'
import type { Ports } from './ports.js'
import { type Proposal, toProposal } from './proposal.js'

/** Who decides, as the host, the command line or the review page established it. */
export interface ApproverClaim {
  readonly id: string
  /** Counts only where neither `operators` nor `runtime.approvers` says who holds which role. */
  readonly roles?: readonly string[]
}

/** A decision about to be made. */
export interface DecisionRequest {
  readonly id: string
  readonly approver: ApproverClaim
  /** The tenant that a reviewer is bound to; `undefined` for all. */
  readonly tenant_id?: string | undefined
  readonly hash?: string | undefined
}

/**
 * Records one decision on a pending proposal, if the person may make it and nobody was faster. `entry` is built from
 * the proposal as it is at that moment.
 */
export async function decide(
  ports: Ports,
  request: DecisionRequest,
  entry: (loaded: LoadedProposal, approver: { id: string; roles: string[] }, at: string) => NewEntry,
): Promise<Proposal> {
  return untilRecorded(async () => {
    const loaded = await loadProposalOf(ports, request.id, request.tenant_id)
    const { state } = loaded
    const approver = await ports.people.identify(request.approver, { tenant_id: state.frozen.context.tenant_id })
    const now = ports.clock.now()
    assertHash(loaded, request.hash)
    assertDecidable(loaded, approver, now)

    const next = entry(loaded, person(approver), now.toISOString())
    const advanced = await advance(ports, loaded, { durability: 'durable', entry: next })
    return advanced && toProposal(advanced.state, ports.clock.now())
  })
}

/**
 * Holds that this person may decide on this proposal at this moment.
 *
 * @throws RunnerError `WRONG_STATUS`, `EXPIRED`, `SELF_APPROVAL`, `ROLE_REQUIRED` or `ALREADY_DECIDED`.
 */
export function assertDecidable(loaded: LoadedProposal, approver: Approver, now: Date): void {
  assertUndecided(loaded, now)
  assertMayDecide(loaded.state.frozen, approver, loaded.state.decisions)
}

/** The longest reason or signature. */
const MAX_WORDS = 4000

/**
 * What a person says with a decision, as it is recorded.
 *
 * @throws RunnerError `INVALID_ARGUMENT` or `SECRET_REFUSED`.
 */
export function words(argument: 'reason' | 'signature', text: unknown): string | null {
  if (text === undefined || text === null) return null
  if (typeof text !== 'string' || text.length > MAX_WORDS || !isWellFormed(text)) {
    throw new RunnerError('INVALID_ARGUMENT', `The ${argument} must be text of at most ${MAX_WORDS} characters.`, {
      details: { argument },
    })
  }
  refuseSecret(`the ${argument}`, text)
  return text
}

/** @throws RunnerError `APPROVER_UNKNOWN` or `ROLE_REQUIRED`. */
export async function identifyWithRole(ports: Ports, loaded: LoadedProposal, claim: ApproverClaim): Promise<Approver> {
  const { frozen } = loaded.state
  const approver = await ports.people.identify(claim, { tenant_id: frozen.context.tenant_id })
  assertHoldsRole(frozen, approver)
  return approver
}

export function person(approver: Approver): { id: string; roles: string[] } {
  return { id: approver.id, roles: [...approver.roles] }
}

/** @throws RunnerError `HASH_MISMATCH` when a hash was given and is not this proposal's. */
export function assertHash({ state }: LoadedProposal, hash: string | undefined): void {
  if (hash === undefined || hash === state.hash) return
  throw new RunnerError('HASH_MISMATCH', `The hash is not that of ${state.frozen.proposal_id}.`, {
    details: { proposal_id: state.frozen.proposal_id },
  })
}

function assertUndecided({ state }: LoadedProposal, now: Date): void {
  const { proposal_id, expires_at } = state.frozen
  if (state.status !== 'pending_review') throw wrongStatus(proposal_id, state.status)
  if (isExpired(expires_at, now)) {
    throw expired(state.frozen)
  }
}

export function expired({ proposal_id, expires_at }: FrozenProposal): RunnerError {
  return new RunnerError('EXPIRED', `${proposal_id} expired at ${expires_at}.`, {
    details: { proposal_id, expires_at },
  })
}

export function wrongStatus(proposal_id: string, status: string, next?: string): RunnerError {
  return new RunnerError('WRONG_STATUS', `${proposal_id} is ${status}.`, {
    details: { proposal_id, status },
    ...(next === undefined ? {} : { next }),
  })
}
