import { RunnerError } from '../errors.js'
import { type Evidence, evidenceDigest } from '../protocol/evidence.js'
import { type JsonScalar, rowToJson } from '../protocol/values.js'
import type { ResolvedContext } from './context.js'
import { isId } from './load-proposal.js'
import { isOwn } from './own-proposal.js'
import type { Ports } from './ports.js'

/** What was read for a session, as it may see it. */
export interface EvidenceView {
  readonly bundle_id: string
  readonly capability: string
  readonly captured_at: string
  readonly row_count: number
  readonly truncated: boolean
  readonly untrusted_columns: readonly string[]
  /** The visible columns of what was read then, not of the rows as they are now. */
  readonly rows: readonly Readonly<Record<string, JsonScalar>>[]
}

/** Finds what this tenant and principal read, for the same person. Anybody else's is answered as an absent one. */
export async function ownEvidence(ports: Ports, id: unknown, own: ResolvedContext): Promise<EvidenceView> {
  const record = isId(id) ? await ports.ledger.findEvidence(id) : undefined
  if (record === undefined || !isOwn(ports, record.evidence, own)) {
    throw new RunnerError('EVIDENCE_NOT_FOUND', 'There is no such evidence bundle here.')
  }
  if (evidenceDigest(record.evidence) === record.digest) return viewEvidence(ports, record.evidence)
  throw new RunnerError('INTEGRITY', 'The evidence was changed after it was written.')
}

/** Of a capability that the contract no longer has, nothing says which columns may be seen. */
export function viewEvidence(ports: Ports, evidence: Evidence): EvidenceView {
  const { bundle_id, capability: name, captured_at, row_count, truncated } = evidence
  const capability = ports.contract.capabilities.get(name)
  const visible = new Set(capability?.visible_columns)
  return {
    ...{ bundle_id, capability: name, captured_at, row_count, truncated },
    untrusted_columns: capability?.untrusted_columns ?? [],
    rows: capability === undefined ? [] : evidence.rows.map((row) => pick(rowToJson(row), visible)),
  }
}

function pick(row: Readonly<Record<string, JsonScalar>>, names: ReadonlySet<string>): Record<string, JsonScalar> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name)))
}
