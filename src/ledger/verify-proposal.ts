import { isRunnerError } from '../errors.js'
import { objectKey, proposalIdentity } from '../protocol/proposal.js'
import { foldProposal, type ProposalState } from '../protocol/state.js'
import { isActive } from '../protocol/status.js'
import type { LedgerProblem, ProposalRow, StoredProposal } from './ledger.js'

/** A proposal as it is listed. */
export interface WalkedProposal {
  /** Place of its first entry. */
  readonly seq: number
  /** `undefined` when it cannot be read. */
  readonly stored: StoredProposal | undefined
  /** Marks a listed proposal as active: 1, or 0. */
  readonly active_flag: unknown
}

/** Digest under which a bundle of evidence is kept, `undefined` when there is none. */
export type FindDigest = (bundle_id: string) => Promise<string | undefined>

/** What is wrong with a listed proposal: it must be what its entries add up to, and its evidence must be there. */
export async function proposalProblems(
  { seq, stored, active_flag }: WalkedProposal,
  findDigest: FindDigest,
): Promise<readonly LedgerProblem[]> {
  if (stored === undefined) return [projection(seq, `The proposal listed at entry ${seq} cannot be read.`)]
  const { row, revision, entries } = stored
  const id = row.proposal_id
  if (entries.length !== revision || entries[0]?.seq !== seq) {
    return [projection(seq, `${id} is listed with ${revision} entries and has ${entries.length}.`)]
  }
  if (active_flag !== Number(isActive(row.status)))
    return [projection(seq, `${id} is listed as active by mistake, or not.`)]
  // The content of an erased proposal can no longer be compared; its entries were checked all the same.
  if (entries.some(({ body }) => body === null)) return []
  const state = fold(stored)
  if (state === undefined) return [projection(seq, `The entries of ${id} are not a story that can have happened.`)]
  return [
    ...rowDifferences(row, state).map((column) => projection(seq, `The ${column} listed for ${id} is not its own.`)),
    ...(await evidenceProblems(seq, state, findDigest)),
  ]
}

function fold({ entries }: StoredProposal): ProposalState | undefined {
  try {
    return foldProposal(entries)
  } catch (error) {
    if (isRunnerError(error)) return undefined
    throw error
  }
}

function rowDifferences(row: ProposalRow, { frozen, hash, status }: ProposalState): readonly string[] {
  const expected: ProposalRow = {
    proposal_id: frozen.proposal_id,
    status,
    hash,
    tenant_id: frozen.context.tenant_id,
    principal: frozen.context.principal,
    capability: frozen.capability,
    object_key: objectKey(frozen),
    identity: proposalIdentity(frozen),
    created_at: frozen.created_at,
    expires_at: frozen.expires_at,
    run_id: frozen.run_id,
  }
  const listed = new Map<string, unknown>(Object.entries(row))
  return Object.entries(expected).flatMap(([column, value]) => (listed.get(column) === value ? [] : [column]))
}

async function evidenceProblems(
  seq: number,
  { frozen }: ProposalState,
  findDigest: FindDigest,
): Promise<readonly LedgerProblem[]> {
  const { bundle_id, digest } = frozen.evidence
  if ((await findDigest(bundle_id)) === digest) return []
  return [
    { seq, code: 'EVIDENCE', message: `The evidence ${bundle_id} of ${frozen.proposal_id} is not the one cited.` },
  ]
}

function projection(seq: number, message: string): LedgerProblem {
  return { seq, code: 'PROJECTION', message }
}
