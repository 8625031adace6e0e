import type { ChangeRules } from '../capability/capability.js'
import { RunnerError } from '../errors.js'
import type { Append, Appended, ProposalQuota, ProposalRow } from '../ledger/ledger.js'
import { isExpired } from '../policy/expiry.js'
import { canonicalJson } from '../protocol/canonical.js'
import type { NewEntry } from '../protocol/entry.js'
import { type FrozenProposal, objectKey, proposalHash, proposalIdentity } from '../protocol/proposal.js'
import { newProposal, type ProposalState, statusAfter } from '../protocol/state.js'
import { sameValue, type TypedRow } from '../protocol/values.js'
import { assertRoom } from './limits.js'
import { integrity, type LoadedProposal, loadProposal, untilRecorded } from './load-proposal.js'
import type { Ports } from './ports.js'
import { expectedRow } from './proposal-row.js'

interface Circumstances {
  readonly on_active: ChangeRules['on_active_proposal']
  /** The row as it is now. */
  readonly row: TypedRow
  /** What it was read by. Recorded with the proposal, and not where another one is given in its place. */
  readonly read: NonNullable<Append['reads']>[number]
}

/**
 * Puts a frozen proposal on record, on disk before it returns, and settles its rivals on the same object in the same
 * append. A rival that asks for the same is returned in its place.
 *
 * @throws RunnerError `ACTIVE_PROPOSAL_EXISTS`.
 */
export async function recordProposal(
  ports: Ports,
  frozen: FrozenProposal,
  circumstances: Circumstances,
): Promise<LoadedProposal> {
  const draft = draftOf(frozen)
  return untilRecorded(async () => {
    const rivals = frozen.mode === 'shadow' ? [] : await loadRivals(ports, draft.row.object_key)
    const same = rivals.find((rival) => isSame(rival, draft, ports.clock.now()))
    if (same !== undefined) return same

    const settled = rivals.flatMap((rival) => settle(rival, frozen, circumstances, ports.clock.now()))
    assertFewRivals(rivals.length - settled.length)
    const quota = ports.limits.quotaFor(frozen.capability, frozen.context.tenant_id)
    await assertRoom(ports.ledger, quota, [frozen.proposal_id, ...settled.map(({ rival }) => rival.row.proposal_id)])
    return append(ports, draft, { rivals, settled, read: circumstances.read, quota })
  })
}

/** How many proposals may be active on one object. Each further one has to be compared with all of them. */
const MOST_RIVALS = 50

function assertFewRivals(active: number): void {
  if (active < MOST_RIVALS) return
  throw new RunnerError('ACTIVE_PROPOSAL_EXISTS', `${active} proposals on the same object are still active.`, {
    details: { active },
    next: 'Wait until some of them are decided, or withdraw your own.',
  })
}

/** The identity is what a rival is told by, so it must be its own. */
async function loadRivals(ports: Ports, object_key: string): Promise<readonly LoadedProposal[]> {
  const rows = await ports.ledger.activeProposals(object_key)
  const rivals = await Promise.all(rows.map((row) => loadProposal(ports, row.proposal_id)))
  for (const { row, state } of rivals) {
    if (row.identity !== proposalIdentity(state.frozen)) throw integrity(row.proposal_id)
  }
  return rivals
}

/** One that asks for another approval is another proposal, whatever it would change. */
function isSame({ row, state }: LoadedProposal, { row: own, state: { frozen } }: Draft, now: Date): boolean {
  if (canonicalJson(state.frozen.approval) !== canonicalJson(frozen.approval)) return false
  return row.identity === own.identity && row.proposal_id !== frozen.supersedes && !isExpired(row.expires_at, now)
}

interface Settled {
  readonly rival: LoadedProposal
  readonly entry: NewEntry
}

/** What becomes of one active rival: expired, superseded, left alone, or in the way. */
function settle(rival: LoadedProposal, frozen: FrozenProposal, about: Circumstances, now: Date): readonly Settled[] {
  const { status, frozen: earlier } = rival.state
  const subject = earlier.proposal_id
  const at = now.toISOString()
  const undecided = status === 'pending_review' || status === 'approved'
  if (undecided && isExpired(earlier.expires_at, now)) {
    return [{ rival, entry: { type: 'proposal.expired', subject, at, body: { expired_at: earlier.expires_at } } }]
  }
  const replaced = about.on_active === 'supersede' || subject === frozen.supersedes
  if (undecided && (replaced || hasMovedOn(earlier, about.row))) {
    const body = replaced
      ? { by: frozen.proposal_id, why: 'replaced' as const }
      : { by: null, why: 'row_moved' as const }
    return [{ rival, entry: { type: 'proposal.superseded', subject, at, body } }]
  }
  if (about.on_active === 'allow') return []
  throw new RunnerError('ACTIVE_PROPOSAL_EXISTS', `${subject} on the same object is still active.`, {
    details: { proposal_id: subject, status },
  })
}

/** True when the row is no longer the one that was reviewed, so that applying could only end in a conflict. */
function hasMovedOn(earlier: FrozenProposal, row: TypedRow): boolean {
  // Another capability may have read other columns: only what was read can tell.
  return Object.entries(expectedRow(earlier)).some(
    ([column, value]) => Object.hasOwn(row, column) && !sameValue(row[column], value),
  )
}

/** What else an append of a proposal holds. */
interface Settlement extends Pick<Circumstances, 'read'> {
  readonly rivals: readonly LoadedProposal[]
  readonly settled: readonly Settled[]
  readonly quota: ProposalQuota | undefined
}

async function append(
  ports: Ports,
  { created, row, state }: Draft,
  { rivals, settled, read, quota }: Settlement,
): Promise<LoadedProposal | undefined> {
  const { object_key, proposal_id } = row
  const appended: Appended = await ports.records.append({
    durability: 'durable',
    expect: [
      { proposal_id, revision: 0 },
      ...settled.map(({ rival }) => ({ proposal_id: rival.row.proposal_id, revision: rival.revision })),
    ],
    ...(state.status === 'shadow'
      ? {}
      : { active: { object_key, proposal_ids: rivals.map((rival) => rival.row.proposal_id) } }),
    entries: [...settled.map(({ entry }) => entry), created],
    rows: [...settled.map(({ rival, entry }) => ({ ...rival.row, status: statusAfter(rival.state, entry) })), row],
    reads: [read],
    ...(quota === undefined ? {} : { quota }),
  })
  return appended && { state, row, revision: 1, entries: appended.slice(-1) }
}

/** What is put on record, each of its digests worked out once. */
interface Draft {
  readonly state: ProposalState
  readonly created: NewEntry
  readonly row: ProposalRow
}

function draftOf(frozen: FrozenProposal): Draft {
  const hash = proposalHash(frozen)
  const state = newProposal(frozen, hash)
  const { proposal_id, created_at, expires_at, context, capability, run_id } = frozen
  const { tenant_id, principal } = context
  const object_key = objectKey(frozen)
  const identity = proposalIdentity(frozen, object_key)
  return {
    state,
    created: {
      type: 'proposal.created',
      subject: proposal_id,
      at: created_at,
      body: { proposal: frozen, hash },
    },
    row: {
      ...{ proposal_id, status: state.status, hash, tenant_id, principal, capability },
      ...{ object_key, identity, created_at, expires_at, run_id },
    },
  }
}
