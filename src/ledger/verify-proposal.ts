import { isRunnerError } from '../errors.js'
import { areErased } from '../protocol/entry.js'
import { objectKey, proposalIdentity } from '../protocol/proposal.js'
import { foldProposal, type ProposalState } from '../protocol/state.js'
import { isActive } from '../protocol/status.js'
import type { LedgerProblem, ProposalRow, StoredProposal } from './ledger.js'
import { areErasedInPart, hadEnded } from './verify-erased.js'

/** A proposal as it is listed. */
export interface WalkedProposal {
  /** Place of its first entry. */
  readonly seq: number
  /** `undefined` when it cannot be read. */
  readonly stored: StoredProposal | undefined
  /** Marks a listed proposal as active: 1, or 0. */
  readonly active_flag: unknown
}

/** A bundle of evidence as it is kept, `undefined` when there is none. */
export type FindBundle = (
  bundle_id: string,
) => Promise<{ readonly digest: string; readonly erased: boolean } | undefined>

/** What is wrong with a listed proposal: it must be what its entries add up to, and its evidence must be there. */
export async function proposalProblems(
  { seq, stored, active_flag }: WalkedProposal,
  findBundle: FindBundle,
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
  if (areErasedInPart(entries)) return [payload(seq, `The content of ${id} was erased in part.`)]
  if (areErased(entries)) {
    return hadEnded(stored) ? [] : [payload(seq, `The content of ${id} was erased, which had not ended.`)]
  }
  const state = fold(stored)
  if (state === undefined) return [projection(seq, `The entries of ${id} are not a story that can have happened.`)]
  return [
    ...rowDifferences(row, state).map((column) => projection(seq, `The ${column} listed for ${id} is not its own.`)),
    ...(await evidenceProblems(seq, state, findBundle)),
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
  { frozen, status }: ProposalState,
  findBundle: FindBundle,
): Promise<readonly LedgerProblem[]> {
  const { bundle_id, digest } = frozen.evidence
  const problem = (what: string): readonly LedgerProblem[] => [
    { seq, code: 'EVIDENCE', message: `The evidence ${bundle_id} of ${frozen.proposal_id} ${what}.` },
  ]
  const found = await findBundle(bundle_id)
  if (found?.digest !== digest) return problem('is not the one cited')
  return found.erased && isActive(status) ? problem('was erased, which had not ended') : []
}

function payload(seq: number, message: string): LedgerProblem {
  return { seq, code: 'PAYLOAD', message }
}

function projection(seq: number, message: string): LedgerProblem {
  return { seq, code: 'PROJECTION', message }
}
