import { RunnerError } from '../errors.js'
import type { EvidenceRecord } from '../ledger/ledger.js'
import { type Evidence, evidenceDigest } from '../protocol/evidence.js'
import { type LoadedProposal, loadProposalOf } from './load-proposal.js'
import type { Ports } from './ports.js'
import { type Proposal, toProposal } from './proposal.js'

/** A proposal's story, rebuilt from the ledger alone. Equal bytes for an equal ledger. */
export interface Replay {
  readonly schema_version: 'synapsor.replay.v1'
  readonly proposal: Proposal
  /** `null` when it has been erased or its digest no longer fits. */
  readonly evidence: Evidence | null
  readonly evidence_verified: boolean
  readonly timeline: readonly ReplayStep[]
}

/** One entry of the chain, verified. */
export interface ReplayStep {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly hash: string
  readonly body: unknown
}

/** Tells what happened to a proposal. Reads only the ledger, writes nothing. */
export async function replay(ports: Ports, id: string, tenant_id?: string): Promise<Replay> {
  const loaded = await loadProposalOf(ports, id, tenant_id)
  const record = await ports.ledger.findEvidence(loaded.state.frozen.evidence.bundle_id)
  const verified = record !== undefined && isCited(record, loaded)
  return {
    schema_version: 'synapsor.replay.v1',
    proposal: toProposal(loaded.state, new Date(loaded.entries.at(-1)?.at ?? 0)),
    evidence: verified ? record.evidence : null,
    evidence_verified: verified,
    timeline: loaded.entries.map(({ seq, at, type, hash, body }) => ({ seq, at, type, hash, body: parse(body, seq) })),
  }
}

function isCited(record: EvidenceRecord, { state }: LoadedProposal): boolean {
  const cited = state.frozen.evidence.digest
  return record.digest === cited && evidenceDigest(record.evidence) === cited
}

function parse(body: string | null, seq: number): unknown {
  if (body === null) throw new RunnerError('INTEGRITY', `The content of ledger entry ${seq} has been erased.`)
  return JSON.parse(body)
}
