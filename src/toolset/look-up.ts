/** What hosts with resources show beside the tools: records of the session's own, in the measure of its tools. */
import type { EvidenceView } from '../operations/own-evidence.js'
import type { ReplayView } from '../operations/own-replay.js'
import type { ProposalView } from '../operations/proposal.js'
import { type InlineEvidence, toProposalView, type ViewedProposal } from './model-view.js'

/** What can be looked up by its id. */
export type RecordKind = 'proposal' | 'evidence' | 'replay'

/** The verbs of a session that look something up. */
export interface Lookups {
  status(id: string): Promise<ProposalView>
  evidence(id: string): Promise<EvidenceView>
  replay(id: string): Promise<ReplayView>
}

/** A record, and the capability by which an adapter admits it. */
export interface Found {
  readonly capability: string
  readonly shown: Readonly<Record<string, unknown>>
}

export async function lookUp(session: Lookups, kind: RecordKind, id: string, level: InlineEvidence): Promise<Found> {
  switch (kind) {
    case 'proposal': {
      const view = await session.status(id)
      return { capability: view.capability, shown: proposalAt(view, level) }
    }
    case 'evidence': {
      const view = await session.evidence(id)
      return { capability: view.capability, shown: evidenceAt(view, level) }
    }
    case 'replay': {
      const { proposal, evidence, timeline } = await session.replay(id)
      const read = evidence === null ? null : evidenceAt(evidence, level)
      return {
        capability: proposal.capability,
        shown: { proposal: proposalAt(proposal, level), evidence: read, timeline },
      }
    }
  }
}

function proposalAt(view: ProposalView, level: InlineEvidence): ViewedProposal & Pick<ProposalView, 'capability'> {
  return { ...toProposalView(view, level), capability: view.capability }
}

function evidenceAt(view: EvidenceView, level: InlineEvidence): Readonly<Record<string, unknown>> {
  const { rows, bundle_id, capability, ...about } = view
  if (level === 'handles_only') return { bundle_id, capability }
  return { bundle_id, capability, ...about, ...(level === 'full' ? { rows } : {}) }
}
