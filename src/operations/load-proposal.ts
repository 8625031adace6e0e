import { isRunnerError, RunnerError } from '../errors.js'
import type { ProposalRow, StoredProposal } from '../ledger/ledger.js'
import type { NewEntry, StoredEntry } from '../protocol/entry.js'
import { areErased, entryProblem, GENESIS } from '../protocol/entry.js'
import { objectKey } from '../protocol/proposal.js'
import { foldProposal, type ProposalState, stateAfter, statusAfter } from '../protocol/state.js'
import type { Ports } from './ports.js'

/** A proposal as its entries tell it, every one of them verified, and the revision to compare and set on. */
export interface LoadedProposal {
  readonly state: ProposalState
  readonly row: ProposalRow
  readonly revision: number
  readonly entries: readonly StoredEntry[]
}

/**
 * Loads a proposal from its ledger entries: each must carry its own hash, link to the one before it, and fold into
 * the state on record.
 *
 * @throws RunnerError `PROPOSAL_NOT_FOUND`, `ERASED`, or `INTEGRITY` when the record is not what was recorded.
 */
export async function loadProposal(ports: Ports, id: string): Promise<LoadedProposal> {
  return loadProposalOf(ports, id, undefined)
}

/** As {@link loadProposal}, for one tenant: another tenant's proposal is answered as an absent one. */
export async function loadProposalOf(ports: Ports, id: string, tenant_id: string | undefined): Promise<LoadedProposal> {
  const proposal_id = proposalId(id)
  const stored = await ports.ledger.findProposal(proposal_id)
  if (stored === undefined) throw notFound()
  assertLinks(stored)
  // Of one that was erased, only the row tells whose it was.
  if (areErased(stored.entries)) {
    const isTheirs = tenant_id === undefined || tenant_id === stored.row.tenant_id
    throw isTheirs ? erased(proposal_id) : notFound()
  }
  const state = foldProposal(stored.entries)
  assertProjection(stored, state)
  if (tenant_id !== undefined && state.frozen.context.tenant_id !== tenant_id) throw notFound()
  return { state, row: stored.row, revision: stored.revision, entries: stored.entries }
}

/** Accepts an id or its `wrp://` form. */
export function proposalId(id: unknown): string {
  if (!isId(id)) throw notFound()
  return id.startsWith('wrp://') ? id.slice('wrp://'.length) : id
}

/** Whether the ledger can be asked for it: no record has a longer id, or one that a ledger cannot keep. */
export function isId(id: unknown): id is string {
  return typeof id === 'string' && id.length <= 200 && !id.includes('\0')
}

export function notFound(): RunnerError {
  return new RunnerError('PROPOSAL_NOT_FOUND', 'There is no such proposal here.')
}

export function erased(id: string): RunnerError {
  return new RunnerError('ERASED', `The content of ${id} has been erased.`, { details: { id } })
}

/** What is loaded; for what was erased, as if it were not there. */
export async function unlessErased<Loaded>(loading: Promise<Loaded>, absent: () => RunnerError): Promise<Loaded> {
  try {
    return await loading
  } catch (error) {
    throw isRunnerError(error) && error.code === 'ERASED' ? absent() : error
  }
}

function assertLinks({ entries, previous_hashes, revision, row }: StoredProposal): void {
  entries.forEach((entry, place) => {
    const expected = entry.seq === 1 ? GENESIS : previous_hashes[place]
    if (entryProblem(entry) === undefined && entry.prev === expected) return
    throw integrity(row.proposal_id, entry.seq)
  })
  if (entries.length !== revision) throw integrity(row.proposal_id, entries.at(-1)?.seq)
}

function assertProjection({ row }: StoredProposal, state: ProposalState): void {
  const { frozen, hash, status } = state
  const agrees =
    row.proposal_id === frozen.proposal_id &&
    row.hash === hash &&
    row.status === status &&
    row.tenant_id === frozen.context.tenant_id &&
    row.principal === frozen.context.principal &&
    row.object_key === objectKey(frozen) &&
    row.expires_at === frozen.expires_at
  if (!agrees) throw integrity(row.proposal_id)
}

export function integrity(proposal_id: string, seq?: number): RunnerError {
  return new RunnerError('INTEGRITY', `The record of ${proposal_id} was changed after it was written.`, {
    details: { proposal_id, ...(seq === undefined ? {} : { seq }) },
  })
}

/** A request to add entries to a loaded proposal, if it has not moved since. */
export interface Advance {
  readonly durability: 'durable' | 'relaxed'
  readonly entry: NewEntry
  readonly job?: Parameters<Ports['ledger']['append']>[0]['job']
}

/**
 * Adds one entry to a loaded proposal and returns it as it is then, or `undefined` when somebody else was faster.
 *
 * @throws RunnerError `INTEGRITY` when the entry cannot follow.
 */
export async function advance(
  ports: Ports,
  loaded: LoadedProposal,
  { durability, entry, job }: Advance,
): Promise<LoadedProposal | undefined> {
  const { proposal_id } = loaded.row
  const row: ProposalRow = { ...loaded.row, status: statusAfter(loaded.state, entry) }
  const appended = await ports.records.append({
    durability,
    expect: [{ proposal_id, revision: loaded.revision }],
    entries: [entry],
    rows: [row],
    ...(job === undefined ? {} : { job }),
  })
  const [sealed] = appended ?? []
  if (appended === undefined || sealed === undefined) return undefined
  const entries = [...loaded.entries, ...appended]
  return { state: stateAfter(loaded.state, entry, sealed), row, revision: loaded.revision + 1, entries }
}

/** How often something is decided anew. Each time somebody else got through, so this is never reached but under attack. */
const MAX_TRIES = 50

/**
 * Decides on the record as it is, and again if it moved before the decision was on record: then `decide` gives
 * `undefined`.
 *
 * @throws RunnerError `BUSY` when others are faster time and again.
 */
export async function untilRecorded<Result>(decide: () => Promise<Result | undefined>): Promise<Result> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const recorded = await decide()
    if (recorded !== undefined) return recorded
  }
  throw new RunnerError('BUSY', 'Too many others change the same record at the same moment.')
}
