import { RunnerError } from '../errors.js'
import { canonicalJson } from '../protocol/canonical.js'
import { type Evidence, evidenceV1 } from '../protocol/evidence.js'
import type { AuditRecord, EvidenceRecord } from './ledger.js'
import { parseJson, type Row, readInteger, readText, unreadable } from './rows.js'
import type { Connection } from './sqlite-connection.js'

const INSERT_READ = `
  insert into reads (bundle_id, audit_id, capability, tenant_id, principal, source, query_fingerprint, row_count, at,
    digest, body)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (bundle_id) do nothing`

/**
 * Stores what a read returned together with its audit line: one row, since each table and each index that a commit
 * touches costs a page. The line stays when the evidence is erased.
 */
export function insertRead(connection: Connection, record: EvidenceRecord, audit: AuditRecord): void {
  const { bundle_id } = record.evidence
  const { audit_id, capability, tenant_id, principal, source, query_fingerprint, row_count, at } = audit
  const changes = connection.run(
    INSERT_READ,
    ...[bundle_id, audit_id, capability, tenant_id, principal, source, query_fingerprint, row_count, at],
    ...[record.digest, record.text ?? canonicalJson(record.evidence)],
  )
  if (changes === 0) assertSame(connection, record)
}

/** A proposal may bring the evidence of a read that was recorded already. */
function assertSame(connection: Connection, { evidence, digest }: EvidenceRecord): void {
  const stored = connection.get('select digest from reads where bundle_id = ?', evidence.bundle_id)
  if (stored?.digest === digest) return
  throw new RunnerError('INTERNAL', `Evidence ${evidence.bundle_id} is recorded already, with another content.`)
}

/** The audit line that a bundle of evidence implies. */
export function auditOf(evidence: Evidence): AuditRecord {
  const { bundle_id, capability, context, source, query_fingerprint, row_count, captured_at } = evidence
  const { tenant_id, principal } = context
  const audit_id = `qa_${bundle_id.slice('ev_'.length)}`
  return {
    audit_id,
    bundle_id,
    capability,
    tenant_id,
    principal,
    source,
    query_fingerprint,
    row_count,
    at: captured_at,
  }
}

export const EVIDENCE_COLUMNS = 'seq, bundle_id, digest, body'
export const AUDIT_TEXTS = 'seq, audit_id, bundle_id, capability, tenant_id, principal, source, query_fingerprint, at'
export const AUDIT_COLUMNS = `${AUDIT_TEXTS}, row_count`

export function toEvidenceRecord(row: Row): EvidenceRecord {
  const text = readText(row, 'body')
  const parsed = evidenceV1().safeParse(parseJson(text))
  if (!parsed.success) throw unreadable(`evidence ${readText(row, 'bundle_id')}`)
  return { evidence: parsed.data, digest: readText(row, 'digest'), text }
}

export function toAuditRecord(row: Row): AuditRecord {
  return {
    audit_id: readText(row, 'audit_id'),
    bundle_id: readText(row, 'bundle_id'),
    capability: readText(row, 'capability'),
    tenant_id: readText(row, 'tenant_id'),
    principal: readText(row, 'principal'),
    source: readText(row, 'source'),
    query_fingerprint: readText(row, 'query_fingerprint'),
    row_count: readInteger(row, 'row_count'),
    at: readText(row, 'at'),
  }
}

export function findEvidence(connection: Connection, bundle_id: string): EvidenceRecord | undefined {
  const sql = `select ${EVIDENCE_COLUMNS} from reads where bundle_id = ? and body is not null`
  const row = connection.get(sql, bundle_id)
  return row === undefined ? undefined : toEvidenceRecord(row)
}
