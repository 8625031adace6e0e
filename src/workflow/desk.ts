import { type LoadedProposal, loadProposal } from '../operations/load-proposal.js'
import type { Ports } from '../operations/ports.js'

/** The proposals that one pass through a run has in hand, so that each is loaded once. */
export interface Desk {
  load(id: string): Promise<LoadedProposal>
  /** Puts down one that was just recorded. */
  keep(loaded: LoadedProposal): void
  /** Whoever has moved a proposal looks at it anew. */
  forget(): void
}

export function createDesk(ports: Ports): Desk {
  const held = new Map<string, LoadedProposal>()
  return {
    load: async (id) => {
      const found = held.get(id) ?? (await loadProposal(ports, id))
      held.set(found.row.proposal_id, found)
      return found
    },
    keep: (loaded) => {
      held.set(loaded.row.proposal_id, loaded)
    },
    forget: () => held.clear(),
  }
}
