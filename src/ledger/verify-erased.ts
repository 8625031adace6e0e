import { areErased, type StoredEntry } from '../protocol/entry.js'
import { RUN_ENDS } from '../protocol/run.js'
import type { ProposalStatus } from '../protocol/status.js'
import type { StoredProposal, StoredRun } from './ledger.js'

/** As what a proposal can be listed whose last entry is of such a kind. The chain holds the kinds, erased or not. */
const ENDS: ReadonlyMap<string, readonly ProposalStatus[]> = new Map<string, readonly ProposalStatus[]>([
  ['proposal.created', ['shadow']],
  ['proposal.rejected', ['rejected']],
  ['proposal.withdrawn', ['canceled']],
  ['proposal.superseded', ['superseded']],
  ['proposal.expired', ['expired']],
  ['proposal.revoked', ['revoked']],
  ['receipt.recorded', ['applied', 'conflict', 'failed']],
])

/** True where some of the content was removed and some was not, which no pruning does. */
export function areErasedInPart(entries: readonly StoredEntry[]): boolean {
  return entries.some(({ body }) => body === null) && !areErased(entries)
}

/** Only what has ended is ever erased. */
export function hadEnded({ row, entries }: StoredProposal): boolean {
  return ENDS.get(entries.at(-1)?.type ?? '')?.includes(row.status) === true
}

/** As {@link hadEnded}, for a run. */
export function runHadEnded({ row, entries }: StoredRun): boolean {
  return RUN_ENDS.some((end) => end === row.status) && entries.some(({ type }) => type === 'run.finished')
}
