import type { ChangeRules } from '../capability/capability.js'
import { RunnerError } from '../errors.js'
import type { Appended, ProposalRow } from '../ledger/ledger.js'
import { isExpired } from '../policy/expiry.js'
import type { NewEntry } from '../protocol/entry.js'
import { type FrozenProposal, objectKey, proposalHash } from '../protocol/proposal.js'
import { foldProposal } from '../protocol/state.js'
import { sameValue, type TypedRow } from '../protocol/values.js'
import { type LoadedProposal, loadProposal, statusAfter } from './load-proposal.js'
import type { Ports } from './ports.js'

interface Circumstances {
  readonly on_active: ChangeRules['on_active_proposal']
  /** The row as it is now. */
  readonly row: TypedRow
  readonly identity: string
}

/** How often a proposal is decided anew because the ledger moved meanwhile. Each time somebody else got through. */
const MAX_TRIES = 50

/**
 * Puts a frozen proposal on record, on disk before it returns, and settles its rivals on the same object in the same
 * append.
 *
 * @throws RunnerError `ACTIVE_PROPOSAL_EXISTS`.
 */
export async function recordProposal(
  ports: Ports,
  frozen: FrozenProposal,
  circumstances: Circumstances,
): Promise<LoadedProposal> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const rivals = frozen.mode === 'shadow' ? [] : await loadRivals(ports, objectKey(frozen))
    const same = rivals.find((rival) => isSame(rival, frozen, circumstances, ports.clock.now()))
    if (same !== undefined) return same

    const settled = rivals.flatMap((rival) => settle(rival, frozen, circumstances, ports.clock.now()))
    const recorded = await append(ports, frozen, circumstances.identity, rivals, settled)
    if (recorded !== undefined) return recorded
  }
  throw new RunnerError('BUSY', 'Too many others propose on this object at the same moment.')
}

async function loadRivals(ports: Ports, object_key: string): Promise<readonly LoadedProposal[]> {
  const rows = await ports.ledger.activeProposals(object_key)
  return Promise.all(rows.map((row) => loadProposal(ports, row.proposal_id)))
}

function isSame(
  { row, state }: LoadedProposal,
  frozen: FrozenProposal,
  { identity }: Circumstances,
  now: Date,
): boolean {
  return row.identity === identity && row.proposal_id !== frozen.supersedes && !isExpired(state.frozen.expires_at, now)
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
function hasMovedOn({ conflict_guard: guard, before }: FrozenProposal, row: TypedRow): boolean {
  const expected =
    guard.kind === 'column' ? { ...before, [guard.column]: guard.expected_value } : { ...guard.reviewed, ...before }
  // Another capability may have read other columns: only what was read can tell.
  return Object.entries(expected).some(
    ([column, value]) => Object.hasOwn(row, column) && !sameValue(row[column], value),
  )
}

async function append(
  ports: Ports,
  frozen: FrozenProposal,
  identity: string,
  rivals: readonly LoadedProposal[],
  settled: readonly Settled[],
): Promise<LoadedProposal | undefined> {
  const row = newRow(frozen, identity)
  const created: NewEntry = {
    type: 'proposal.created',
    subject: frozen.proposal_id,
    at: frozen.created_at,
    body: { proposal: frozen, hash: proposalHash(frozen) },
  }
  const appended: Appended = await ports.ledger.append({
    durability: 'durable',
    expect: [
      { proposal_id: frozen.proposal_id, revision: 0 },
      ...settled.map(({ rival }) => ({ proposal_id: rival.row.proposal_id, revision: rival.revision })),
    ],
    ...(frozen.mode === 'shadow'
      ? {}
      : { active: { object_key: row.object_key, proposal_ids: rivals.map((rival) => rival.row.proposal_id) } }),
    entries: [...settled.map(({ entry }) => entry), created],
    rows: [...settled.map(({ rival, entry }) => ({ ...rival.row, status: statusAfter(rival.state, entry) })), row],
  })
  if (appended === undefined) return undefined
  const entries = appended.slice(-1)
  return { state: foldProposal(entries), row, revision: 1, entries }
}

function newRow(frozen: FrozenProposal, identity: string): ProposalRow {
  return {
    proposal_id: frozen.proposal_id,
    status: frozen.mode === 'shadow' ? 'shadow' : 'pending_review',
    hash: proposalHash(frozen),
    tenant_id: frozen.context.tenant_id,
    principal: frozen.context.principal,
    capability: frozen.capability,
    object_key: objectKey(frozen),
    identity,
    created_at: frozen.created_at,
    expires_at: frozen.expires_at,
    run_id: frozen.run_id,
  }
}
