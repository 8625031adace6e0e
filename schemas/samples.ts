import { digest } from '../src/protocol/canonical.js'
import type { Envelope } from '../src/protocol/envelope.js'
import { type Evidence, evidenceDigest } from '../src/protocol/evidence.js'
import type { WritebackJob } from '../src/protocol/job.js'
import { type FrozenProposal, proposalHash } from '../src/protocol/proposal.js'
import { sealReceipt } from '../src/protocol/receipt.js'
import { renderV1 } from '../src/protocol/render-v1.js'
import { branchOf, type FrozenRun } from '../src/protocol/run.js'
import type { RunnerRegistrationV1 } from '../src/protocol/v1.js'
import { sampleAudit } from './sample-audit.js'
import { sampleCases } from './sample-cases.js'
import { sampleHandlerAnswer, sampleHandlerRequest } from './sample-handler.js'
import { sampleSelection } from './sample-selection.js'

const text = (value: string | null) => ({ type: 'text', text: value })
const version = { type: 'timestamp with time zone', text: '2030-03-04 09:12:44.120391+00' }
const context = { tenant_id: 'acme', principal: 'support_agent_17', provenance: 'session' } as const
const capability = 'billing.propose_late_fee_waiver'
const fingerprint = digest('sample.query', 'one invoice of one tenant')

const evidence: Evidence = {
  schema_version: 'synapsor.evidence.v1',
  bundle_id: 'ev_0199a3c1f0e2b0d4c6a8e1f3a5b7c9d1',
  capability,
  context,
  source: 'billing',
  query_fingerprint: fingerprint,
  arguments_digest: digest('sample.arguments', { invoice_id: 'INV-3001', reason: 'outage' }),
  captured_at: '2030-03-04T09:15:00.000Z',
  row_count: 1,
  truncated: false,
  rows: [{ id: text('INV-3001'), late_fee_cents: { type: 'integer', text: '5500' }, waiver_reason: text(null) }],
  run_id: null,
  step_key: null,
}

const proposal: FrozenProposal = {
  schema_version: 'synapsor.proposal.v2',
  proposal_id: 'wrp_0199a3c1f0e3d2e4f6a8b0c2d4e6f8a0',
  proposal_version: 1,
  mode: 'review',
  capability,
  capability_digest: digest('sample.capability', capability),
  context,
  source: { name: 'billing', engine: 'postgres' },
  operation: 'update',
  target: {
    type: 'invoices',
    schema: 'public',
    table: 'invoices',
    primary_key: { column: 'id', value: text('INV-3001') },
    tenant_guard: { column: 'tenant_id', value: text('acme') },
  },
  arguments_digest: evidence.arguments_digest,
  before: { late_fee_cents: { type: 'integer', text: '5500' }, waiver_reason: text(null) },
  patch: { late_fee_cents: 0, waiver_reason: 'outage' },
  after: { late_fee_cents: { type: 'integer', text: '0' }, waiver_reason: text('outage') },
  allowed_columns: ['late_fee_cents', 'waiver_reason'],
  conflict_guard: { kind: 'column', column: 'updated_at', expected_value: version, advance: 'timestamp' },
  schema_fingerprint: digest('sample.table', 'invoices'),
  executor: { type: 'sql_update', name: null },
  approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 1, separation_of_duties: true },
  evidence: { bundle_id: evidence.bundle_id, digest: evidenceDigest(evidence), query_fingerprint: fingerprint },
  idempotency_key: 'wrp_0199a3c1f0e3d2e4f6a8b0c2d4e6f8a0',
  supersedes: null,
  run_id: null,
  step_key: null,
  created_at: '2030-03-04T09:15:00.010Z',
  expires_at: '2030-03-11T09:15:00.010Z',
}

const hash = proposalHash(proposal)

const job: WritebackJob = {
  schema_version: 'synapsor.writeback-job.v2',
  writeback_job_id: 'wbj_0199a3c1f5a1c3e5a7b9d1f3e5c7a9b1',
  proposal_id: proposal.proposal_id,
  proposal_version: 1,
  proposal_hash: hash,
  runner_scope: { project_id: 'local', source_id: 'billing' },
  engine: 'postgres',
  operation: 'single_row_update',
  target: { schema: 'public', table: 'invoices', primary_key: { column: 'id', value: 'INV-3001' } },
  tenant_guard: { column: 'tenant_id', value: 'acme' },
  allowed_columns: proposal.allowed_columns,
  patch: proposal.patch,
  before: proposal.before,
  after: proposal.after,
  conflict_guard: { kind: 'column', column: 'updated_at', expected_value: version },
  idempotency_key: proposal.idempotency_key,
  lease: {
    lease_id: 'lease_0199a3c1f5a2e4c6b8d0f2a4c6e8b0d2',
    attempt: 1,
    expires_at: '2030-03-04T09:35:00.000Z',
  },
}

const content = {
  receipt_id: 'rct_0199a3c1f0e3d2e4f6a8b0c2d4e6f8a0',
  proposal_id: proposal.proposal_id,
  proposal_hash: hash,
  idempotency_key: proposal.idempotency_key,
  executed_at: '2030-03-04T09:20:31.402Z',
  dry_run: false,
  new_object_id: null,
  details: {},
  previous_version: version.text,
}
const applied = sealReceipt({
  ...content,
  status: 'applied',
  rows_affected: 1,
  new_version: '2030-03-04 09:20:31.398512+00',
  source_database_mutated: true,
  safe_error_code: null,
})
const conflict = sealReceipt({
  ...content,
  status: 'conflict',
  rows_affected: 0,
  new_version: '2030-03-04 09:18:02.000417+00',
  source_database_mutated: false,
  safe_error_code: 'VERSION_CONFLICT',
})

const answer = { capability, source_database_changed: false } as const
const readEnvelope: Envelope = {
  ...answer,
  ok: true,
  summary: 'Read 1 row of invoices; recorded as evidence ev_0199a3c1f0e2b0d4c6a8e1f3a5b7c9d1.',
  kind: 'read',
  capability: 'billing.inspect_invoice',
  data: { id: 'INV-3001', late_fee_cents: 5500, waiver_reason: null },
  evidence: { bundle_id: evidence.bundle_id, row_count: 1, truncated: false, untrusted_columns: [] },
}
const proposalEnvelope: Envelope = {
  ...answer,
  ok: true,
  summary: `Proposal ${proposal.proposal_id} is pending_review. A person must decide on this proposal.`,
  kind: 'proposal',
  proposal: {
    id: proposal.proposal_id,
    hash,
    status: 'pending_review',
    target: { type: 'invoices', id: 'INV-3001' },
    diff: { late_fee_cents: { before: 5500, after: 0 }, waiver_reason: { before: null, after: 'outage' } },
    approval: { required_role: 'billing_lead', required_approvals: 1 },
    expires_at: proposal.expires_at,
    next_allowed_actions: ['approve', 'reject', 'request_more_info'],
    awaiting: 'reviewer',
    next: 'A person must decide on this proposal. The source is unchanged.',
  },
}
const refusalEnvelope: Envelope = {
  ...answer,
  ok: false,
  summary: 'There is no such row of invoices for this tenant. Check the identifier.',
  kind: 'proposal',
  error: {
    code: 'NOT_FOUND',
    message: 'There is no such row of invoices for this tenant.',
    retry: 'never',
    details: { type: 'invoices' },
    next: 'Check the identifier.',
  },
}

const workflow = 'billing.late_fee_flow'
const run_id = 'run_0199a3c1f0e1a0b0c0d0e0f0a1b2c3d4'
const run: FrozenRun = {
  schema_version: 'synapsor.run.v1',
  run_id,
  workflow,
  version: '1',
  workflow_digest: digest('sample.workflow', workflow),
  form: 'steps',
  context,
  input: { invoice_id: 'INV-3001', reason: 'outage' },
  key: null,
  branch: branchOf(workflow, run_id),
  created_at: '2030-03-04T09:14:59.000Z',
  expires_at: '2030-04-03T09:14:59.000Z',
}
const runEnvelope: Envelope = {
  ...answer,
  ok: true,
  summary: `Run ${run_id} of ${workflow} is waiting_approval. A person must decide on its proposal.`,
  kind: 'workflow',
  capability: workflow,
  run: {
    run_id,
    status: 'waiting_approval',
    evidence_bundle_id: evidence.bundle_id,
    proposal_id: proposal.proposal_id,
    branch: run.branch,
    next_allowed_actions: ['approve', 'reject', 'request_more_info'],
    awaiting: 'reviewer',
  },
}

const registration: RunnerRegistrationV1 = {
  schema_version: 'synapsor.runner-registration.v1',
  runner_id: 'runner_1',
  runner_version: '0.1.0',
  engines: ['postgres', 'mysql'],
  capabilities: ['single_row_update'],
  scope: { project_id: 'local', source_ids: ['billing'] },
  registered_at: '2030-03-04T09:00:00.000Z',
}

const receiptOptions = { runner_id: 'runner_1', writeback_job_id: job.writeback_job_id }

/** One late fee, told in every object of the protocol. By file name. */
export const SAMPLES: Readonly<Record<string, { readonly schema: string; readonly value: unknown }>> = {
  'proposal.v2.json': { schema: 'synapsor.proposal.v2', value: proposal },
  'writeback-job.v2.json': { schema: 'synapsor.writeback-job.v2', value: job },
  'execution-receipt.applied.v2.json': { schema: 'synapsor.execution-receipt.v2', value: applied },
  'execution-receipt.conflict.v2.json': { schema: 'synapsor.execution-receipt.v2', value: conflict },
  'evidence.v1.json': { schema: 'synapsor.evidence.v1', value: evidence },
  'contract-cases.v1.json': { schema: 'synapsor.contract-cases.v1', value: sampleCases },
  'handler-writeback.v1.json': {
    schema: 'synapsor.handler-writeback.v1',
    value: sampleHandlerRequest({ frozen: proposal, hash }),
  },
  'handler-writeback-answer.v1.json': { schema: 'synapsor.handler-writeback-answer.v1', value: sampleHandlerAnswer },
  'onboarding-selection.v1.json': { schema: 'synapsor.onboarding-selection.v1', value: sampleSelection },
  'run.v1.json': { schema: 'synapsor.run.v1', value: run },
  'envelope.workflow.v1.json': { schema: 'synapsor.envelope.v1', value: runEnvelope },
  'envelope.read.v1.json': { schema: 'synapsor.envelope.v1', value: readEnvelope },
  'envelope.proposal.v1.json': { schema: 'synapsor.envelope.v1', value: proposalEnvelope },
  'envelope.refusal.v1.json': { schema: 'synapsor.envelope.v1', value: refusalEnvelope },
  'change-set.v1.json': {
    schema: 'synapsor.change-set.v1',
    value: renderV1({ frozen: proposal, hash, status: 'pending_review' }),
  },
  'writeback-job.v1.json': { schema: 'synapsor.writeback-job.v1', value: renderV1(job) },
  'execution-receipt.applied.v1.json': {
    schema: 'synapsor.execution-receipt.v1',
    value: renderV1(applied, receiptOptions),
  },
  'execution-receipt.conflict.v1.json': {
    schema: 'synapsor.execution-receipt.v1',
    value: renderV1(conflict, receiptOptions),
  },
  'mcp-audit.v1.json': { schema: 'mcp-audit-report', value: sampleAudit },
  'runner-registration.v1.json': { schema: 'synapsor.runner-registration.v1', value: registration },
}
