import type { ResolvedContext } from './context.js'
import { type EvidenceView, viewEvidence } from './own-evidence.js'
import { loadOwnProposal, viewOwn } from './own-proposal.js'
import type { Ports } from './ports.js'
import type { ProposalView } from './proposal.js'
import { replay } from './replay.js'

/** A proposal's story, as the session that made it may see it: what happened and when, and nobody's name. */
export interface ReplayView {
  readonly proposal: ProposalView
  /** `null` when it has been erased or its digest no longer fits. */
  readonly evidence: EvidenceView | null
  readonly timeline: readonly { readonly at: string; readonly type: string }[]
}

/** Tells what happened to a proposal of one's own. Reads only the ledger, writes nothing. */
export async function ownReplay(ports: Ports, id: string, own: ResolvedContext): Promise<ReplayView> {
  const { state } = await loadOwnProposal(ports, id, own)
  const { evidence, timeline } = await replay(ports, state.frozen.proposal_id)
  return {
    proposal: viewOwn(ports, state),
    evidence: evidence === null ? null : viewEvidence(ports, evidence),
    // A place in the chain would tell how much others have recorded.
    timeline: timeline.map(({ at, type }) => ({ at, type })),
  }
}
