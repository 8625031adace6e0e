import { type LoadedProposal, loadProposal } from '../operations/load-proposal.js'
import type { Ports } from '../operations/ports.js'

/** The proposals that one pass through a run has in hand, so that each is loaded once. */
export interface ProposalCache {
  load(id: string): Promise<LoadedProposal>
  /** Adds one that was just recorded. */
  put(loaded: LoadedProposal): void
  /** Whoever has moved a proposal looks at it anew. */
  clear(): void
}

export function createProposalCache(ports: Ports): ProposalCache {
  const held = new Map<string, LoadedProposal>()
  return {
    load: async (id) => {
      const found = held.get(id) ?? (await loadProposal(ports, id))
      held.set(found.row.proposal_id, found)
      return found
    },
    put: (loaded) => {
      held.set(loaded.row.proposal_id, loaded)
    },
    clear: () => held.clear(),
  }
}
