import type { Append, AuditRecord, EvidenceRecord, Ledger, ProposalRow } from '../ledger/ledger.js'
import { canonicalJson, digest, digestText } from '../protocol/canonical.js'
import type { NewEntry } from '../protocol/entry.js'
import { type Evidence, evidenceDigest } from '../protocol/evidence.js'
import type { WritebackJob } from '../protocol/job.js'
import { type FrozenProposal, objectKey, proposalHash, proposalIdentity } from '../protocol/proposal.js'
import { type Receipt, sealReceipt } from '../protocol/receipt.js'
import type { ProposalStatus } from '../protocol/status.js'

/** What a sample differs by. Everything else is the same in all of them. */
export interface Sample {
  /** Makes the ids: larger ones are younger. */
  readonly number: number
  readonly tenant_id?: string
  readonly principal?: string
  readonly capability?: string
  /** Key of the row that the proposal is about. */
  readonly object?: string
  readonly run_id?: string | null
}

export interface SampleProposal {
  readonly frozen: FrozenProposal
  readonly hash: FrozenProposal['capability_digest']
  readonly row: ProposalRow
  readonly created: NewEntry
}

export const CAPTURED_AT = '2026-01-02T03:04:05.678Z'
export const EXPIRES_AT = '2026-01-09T03:04:05.678Z'

/** Ids as the runner makes them: they begin with what rises, so that later ones sort behind earlier ones. */
export function sampleId(prefix: string, number: number): string {
  return `${prefix}_${String(number).padStart(12, '0')}`
}

export function sampleEvidence(sample: Sample): EvidenceRecord {
  const { number, tenant_id = 'acme', principal = 'support_agent_17', capability = 'billing.inspect_invoice' } = sample
  const evidence: Evidence = {
    schema_version: 'synapsor.evidence.v1',
    bundle_id: sampleId('ev', number),
    capability,
    context: { tenant_id, principal, provenance: 'session' },
    source: 'billing',
    query_fingerprint: digest('sample', 'query'),
    arguments_digest: digest('sample', number),
    captured_at: CAPTURED_AT,
    row_count: 1,
    truncated: false,
    rows: [
      {
        id: { type: 'text', text: `INV-${number}` },
        customer: { type: 'text', text: 'Müller & Söhne 🧾' },
        late_fee_cents: { type: 'bigint', text: '5500' },
        paid_at: { type: 'timestamp with time zone', text: null },
        updated_at: { type: 'timestamp with time zone', text: '2026-01-01 00:00:00.123456+00' },
      },
    ],
    run_id: sample.run_id ?? null,
    step_key: null,
  }
  const text = canonicalJson(evidence)
  return { evidence, digest: digestText('synapsor.evidence.v1', text), text }
}

export function sampleAudit({ evidence }: EvidenceRecord): AuditRecord {
  return {
    audit_id: evidence.bundle_id.replace('ev_', 'qa_'),
    bundle_id: evidence.bundle_id,
    capability: evidence.capability,
    tenant_id: evidence.context.tenant_id,
    principal: evidence.context.principal,
    source: evidence.source,
    query_fingerprint: evidence.query_fingerprint,
    row_count: evidence.row_count,
    at: evidence.captured_at,
  }
}

/** Records the read of a sample, as an inspection does. */
export async function recordSample(ledger: Ledger, sample: Sample): Promise<void> {
  const record = sampleEvidence(sample)
  await ledger.recordRead(record, sampleAudit(record))
}

export function sampleProposal(sample: Sample): SampleProposal {
  const { number, run_id = null } = sample
  const capability = sample.capability ?? 'billing.propose_late_fee_waiver'
  const { evidence } = sampleEvidence(sample)
  const [before = {}] = evidence.rows
  const proposal_id = sampleId('wrp', number)
  const tenant = { type: 'text', text: evidence.context.tenant_id }
  const object = sample.object ?? `INV-${number}`
  const frozen: FrozenProposal = {
    schema_version: 'synapsor.proposal.v2',
    proposal_id,
    proposal_version: 1,
    mode: 'review',
    capability,
    capability_digest: digest('sample', capability),
    context: evidence.context,
    source: { name: 'billing', engine: 'postgres' },
    operation: 'update',
    target: {
      type: 'invoice',
      schema: 'public',
      table: 'invoices',
      primary_key: { column: 'id', value: { type: 'text', text: object } },
      tenant_guard: { column: 'tenant_id', value: tenant },
    },
    arguments_digest: digest('sample', number),
    before,
    patch: { late_fee_cents: 0 },
    after: { ...before, late_fee_cents: { type: 'bigint', text: '0' } },
    allowed_columns: ['late_fee_cents'],
    conflict_guard: { kind: 'row', reviewed: before },
    schema_fingerprint: digest('sample', 'schema'),
    executor: { type: 'sql_update', name: null },
    approval: { mode: 'human', required_role: 'finance', required_approvals: 1, separation_of_duties: true },
    evidence: {
      bundle_id: evidence.bundle_id,
      digest: evidenceDigest(evidence),
      query_fingerprint: evidence.query_fingerprint,
    },
    idempotency_key: proposal_id,
    supersedes: null,
    run_id,
    step_key: null,
    created_at: CAPTURED_AT,
    expires_at: EXPIRES_AT,
  }
  const hash = proposalHash(frozen)
  const { tenant_id, principal } = frozen.context
  const row: ProposalRow = {
    proposal_id,
    status: 'pending_review',
    hash,
    tenant_id,
    principal,
    capability,
    object_key: objectKey(frozen),
    identity: proposalIdentity(frozen),
    created_at: frozen.created_at,
    expires_at: frozen.expires_at,
    run_id,
  }
  const created = {
    type: 'proposal.created',
    subject: proposal_id,
    at: CAPTURED_AT,
    body: { proposal: frozen, hash },
  } as const
  return { frozen, hash, row, created }
}

/** The append that records a new proposal, with its evidence. */
export function sampleCreation(sample: Sample): Append {
  const { row, created } = sampleProposal(sample)
  return {
    durability: 'durable',
    expect: [{ proposal_id: row.proposal_id, revision: 0 }],
    entries: [created],
    rows: [row],
    reads: [{ record: sampleEvidence(sample) }],
  }
}

/** The append that takes a proposal one entry further. */
export function sampleAdvance(
  { row }: SampleProposal,
  revision: number,
  { status, entry }: { readonly status: ProposalStatus; readonly entry: NewEntry },
): Append {
  return {
    durability: entry.type === 'receipt.recorded' ? 'relaxed' : 'durable',
    expect: [{ proposal_id: row.proposal_id, revision }],
    entries: [entry],
    rows: [{ ...row, status }],
  }
}

export function sampleApproval({ row, hash }: SampleProposal): NewEntry {
  const approver = { id: 'dana', roles: ['finance'] }
  const body = { hash, approver, reason: 'agreed', signature: null }
  return { type: 'proposal.approved', subject: row.proposal_id, at: CAPTURED_AT, body }
}

export function sampleStart({ row }: SampleProposal): NewEntry {
  return { type: 'apply.started', subject: row.proposal_id, at: CAPTURED_AT, body: { attempt: 1 } }
}

export function sampleReceipt({ frozen, hash }: SampleProposal, number: number): Receipt {
  return sealReceipt({
    receipt_id: sampleId('rct', number),
    proposal_id: frozen.proposal_id,
    proposal_hash: hash,
    status: 'applied',
    rows_affected: 1,
    idempotency_key: frozen.idempotency_key,
    previous_version: null,
    new_version: null,
    source_database_mutated: true,
    executed_at: CAPTURED_AT,
    dry_run: false,
    safe_error_code: null,
    new_object_id: null,
    details: {},
  })
}

export function sampleReceiptEntry(proposal: SampleProposal, number: number): NewEntry {
  const body = sampleReceipt(proposal, number)
  return { type: 'receipt.recorded', subject: proposal.row.proposal_id, at: CAPTURED_AT, body }
}

export function sampleJob({ frozen, hash }: SampleProposal): WritebackJob {
  return {
    schema_version: 'synapsor.writeback-job.v2',
    writeback_job_id: frozen.proposal_id.replace('wrp_', 'wbj_'),
    proposal_id: frozen.proposal_id,
    proposal_version: 1,
    proposal_hash: hash,
    runner_scope: { project_id: 'local', source_id: 'billing' },
    engine: 'postgres',
    operation: 'single_row_update',
    target: { schema: 'public', table: 'invoices', primary_key: { column: 'id', value: 'INV-1' } },
    tenant_guard: { column: 'tenant_id', value: 'acme' },
    allowed_columns: ['late_fee_cents'],
    patch: { late_fee_cents: 0 },
    before: frozen.before,
    after: frozen.after,
    conflict_guard: { kind: 'row_hash', expected_hash: digest('sample', 'row') },
    idempotency_key: frozen.idempotency_key,
    lease: { lease_id: 'lease_1', attempt: 1, expires_at: EXPIRES_AT },
  }
}
