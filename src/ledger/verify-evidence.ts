import { digestText } from '../protocol/canonical.js'
import { evidenceV1 } from '../protocol/evidence.js'
import type { AuditRecord, LedgerProblem } from './ledger.js'
import { parseJson } from './rows.js'

/** A bundle of evidence and its audit line. */
export interface WalkedEvidence {
  readonly seq: number
  /** `undefined` when it cannot be read. */
  readonly audit: AuditRecord | undefined
  readonly digest: string
  /** `null` once erased. */
  readonly text: string | null
}

/** What is wrong with a bundle that follows the one at place `before`. */
export function evidenceProblems(walked: WalkedEvidence, before: number): readonly LedgerProblem[] {
  const { seq, audit, digest, text } = walked
  const problem = (message: string): LedgerProblem => ({ seq, code: 'EVIDENCE', message })
  const gap =
    seq === before + 1 ? [] : [problem(`Between evidence ${before} and evidence ${seq} something is missing.`)]
  if (audit === undefined) return [...gap, problem(`Evidence ${seq} cannot be read.`)]
  if (text === null) return gap
  if (digestText('synapsor.evidence.v1', text) !== digest) return [...gap, problem(`${audit.bundle_id} was changed.`)]
  return auditAgrees(audit, text) ? gap : [...gap, problem(`The audit line of ${audit.bundle_id} is not its own.`)]
}

function auditAgrees(audit: AuditRecord, text: string): boolean {
  const parsed = evidenceV1().safeParse(parseJson(text))
  if (!parsed.success) return false
  const { bundle_id, capability, context, source, query_fingerprint, row_count, captured_at } = parsed.data
  return (
    audit.bundle_id === bundle_id &&
    audit.capability === capability &&
    audit.tenant_id === context.tenant_id &&
    audit.principal === context.principal &&
    audit.source === source &&
    audit.query_fingerprint === query_fingerprint &&
    audit.row_count === row_count &&
    audit.at === captured_at
  )
}
