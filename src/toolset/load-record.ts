/** What hosts with resources show beside the tools: records of the session's own, in the measure of its tools. */
import { RunnerError } from '../errors.js'
import { notFound } from '../operations/load-proposal.js'
import type { EvidenceView } from '../operations/own-evidence.js'
import type { ReplayView } from '../operations/own-replay.js'
import type { ProposalView } from '../operations/proposal.js'
import { noSuchRun } from '../workflow/load-run.js'
import { type Run, runEnvelope } from '../workflow/run.js'
import { type InlineEvidence, type ModelProposal, toModelProposal } from './model-view.js'

/** What can be loaded by its id. */
export type RecordKind = 'proposal' | 'evidence' | 'replay' | 'run'

/** The verbs of a session that find its records. */
export interface OwnRecords {
  status(id: string): Promise<ProposalView>
  evidence(id: string): Promise<EvidenceView>
  replay(id: string): Promise<ReplayView>
  run(id: string): Promise<Run>
}

/** A record, and the capability by which an adapter admits it. */
export interface LoadedRecord {
  readonly capability: string
  readonly shown: Readonly<Record<string, unknown>>
}

/**
 * Loads a record of the session's own.
 *
 * @throws RunnerError `PROPOSAL_NOT_FOUND`, `EVIDENCE_NOT_FOUND` or `RUN_NOT_FOUND` (absent or somebody else's), `INTEGRITY`.
 */
export async function loadRecord(
  session: OwnRecords,
  kind: RecordKind,
  id: string,
  level: InlineEvidence,
): Promise<LoadedRecord> {
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
    case 'run': {
      const run = await session.run(id)
      return { capability: run.workflow, shown: { ...runEnvelope(run).run, workflow: run.workflow, steps: run.steps } }
    }
  }
}

function proposalAt(view: ProposalView, level: InlineEvidence): ModelProposal & Pick<ProposalView, 'capability'> {
  return { ...toModelProposal(view, level), capability: view.capability }
}

function evidenceAt(view: EvidenceView, level: InlineEvidence): Readonly<Record<string, unknown>> {
  const { rows, bundle_id, capability, ...about } = view
  if (level === 'handles_only') return { bundle_id, capability }
  return { bundle_id, capability, ...about, ...(level === 'full' ? { rows } : {}) }
}

/** What is not shown is answered as what is not there. */
export function recordNotFound(kind: RecordKind): RunnerError {
  if (kind === 'run') return noSuchRun()
  return kind === 'evidence'
    ? new RunnerError('EVIDENCE_NOT_FOUND', 'There is no such evidence bundle here.')
    : notFound()
}
