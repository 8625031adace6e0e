import { RunnerError } from '../errors.js'
import { type Digest, digest } from './canonical.js'
import type { WritebackJob } from './job.js'
import type { FrozenProposal } from './proposal.js'
import type { Receipt } from './receipt.js'
import type { ProposalStatus } from './status.js'
import { type ChangeSetV1, changeSetV1, jobV1, type ReceiptV1, receiptV1, type WritebackJobV1 } from './v1.js'
import { type JsonScalar, rowToJson, type TypedText, toJson } from './values.js'

/** What {@link renderV1} needs of a proposal. */
export interface RenderableProposal {
  readonly frozen: FrozenProposal
  readonly hash: Digest
  readonly status: ProposalStatus
}

export interface RenderV1Options {
  /** Who rendered a receipt. Default `runner`. */
  readonly runner_id?: string
  /** Job that a receipt belongs to. Default `wbj_` and the proposal's own part. */
  readonly writeback_job_id?: string
}

/**
 * Renders a proposal, job or receipt as the public version 1 object.
 *
 * Version 1 knows one-row updates on PostgreSQL and MySQL, with a tenant and a version column.
 *
 * @throws RunnerError `PRECONDITION_FAILED` for a change that version 1 cannot say.
 */
export function renderV1(value: RenderableProposal): ChangeSetV1
export function renderV1(value: WritebackJob): WritebackJobV1
export function renderV1(value: Receipt, options?: RenderV1Options): ReceiptV1
export function renderV1(
  value: RenderableProposal | WritebackJob | Receipt,
  options: RenderV1Options = {},
): ChangeSetV1 | WritebackJobV1 | ReceiptV1 {
  if ('frozen' in value) return renderChangeSet(value)
  return 'lease' in value ? renderJob(value) : renderReceipt(value, options)
}

const APPROVAL: Partial<Record<ProposalStatus, ChangeSetV1['approval']['status']>> = {
  pending_review: 'pending',
  shadow: 'pending',
  rejected: 'rejected',
  canceled: 'canceled',
  superseded: 'canceled',
  expired: 'canceled',
  revoked: 'canceled',
}

const WRITEBACK: Partial<Record<ProposalStatus, ChangeSetV1['writeback']['status']>> = {
  approved: 'pending_worker',
  applying: 'pending_worker',
  outcome_unknown: 'pending_worker',
  applied: 'applied',
  conflict: 'conflict',
  failed: 'failed',
  canceled: 'canceled',
  revoked: 'canceled',
}

function renderChangeSet({ frozen, hash, status }: RenderableProposal): ChangeSetV1 {
  const { target, conflict_guard: guard } = frozen
  const tenant = need(target.tenant_guard, 'a table without a tenant column')
  const engine = needEngine(frozen.source.engine)
  if (guard.kind !== 'column') throw cannotSay('a row without a version column')
  const version = { column: guard.column, value: toJson(guard.expected_value) }
  const before = { ...rowToJson(frozen.before), [version.column]: version.value }
  return changeSetV1().parse({
    schema_version: 'synapsor.change-set.v1',
    proposal_id: frozen.proposal_id,
    proposal_version: frozen.proposal_version,
    action: frozen.capability,
    mode: frozen.mode === 'shadow' ? 'shadow' : 'review_required',
    principal: { id: frozen.context.principal, source: provenanceV1(frozen) },
    scope: { tenant_id: frozen.context.tenant_id, business_object: target.type, object_id: keyText(frozen) },
    source: {
      kind: `external_${engine}`,
      source_id: frozen.source.name,
      schema: need(target.schema, 'a table without a schema'),
      table: target.table,
      primary_key: columnJson(target.primary_key),
    },
    before,
    patch: frozen.patch,
    after: { ...before, ...rowToJson(frozen.after) },
    guards: {
      tenant: columnJson(tenant),
      allowed_columns: frozen.allowed_columns,
      expected_version: version,
    },
    evidence: {
      bundle_id: frozen.evidence.bundle_id,
      query_fingerprint: frozen.evidence.query_fingerprint,
      items: [],
    },
    approval: {
      status: APPROVAL[status] ?? 'approved',
      ...(frozen.approval.required_role === null ? {} : { required_role: frozen.approval.required_role }),
      required_approvals: frozen.approval.required_approvals,
    },
    writeback: { status: WRITEBACK[status] ?? 'not_applied', mode: 'trusted_worker_required' },
    source_database_mutated: status === 'applied',
    integrity: { proposal_hash: hash },
    created_at: frozen.created_at,
  })
}

function renderJob(job: WritebackJob): WritebackJobV1 {
  const { before: _before, after: _after, conflict_guard: guard, ...rest } = job
  if (guard.kind !== 'column') throw cannotSay('a row without a version column')
  return jobV1().parse({
    ...rest,
    schema_version: 'synapsor.writeback-job.v1',
    engine: needEngine(job.engine),
    target: { ...job.target, schema: need(job.target.schema, 'a table without a schema') },
    tenant_guard: need(job.tenant_guard, 'a table without a tenant column'),
    conflict_guard: { kind: 'column', column: guard.column, expected_value: toJson(guard.expected_value) },
  })
}

function renderReceipt(receipt: Receipt, options: RenderV1Options): ReceiptV1 {
  const content = {
    schema_version: 'synapsor.execution-receipt.v1',
    writeback_job_id: options.writeback_job_id ?? receipt.proposal_id.replace(/^wrp_/, 'wbj_'),
    proposal_id: receipt.proposal_id,
    runner_id: options.runner_id ?? 'runner',
    status: receipt.status,
    rows_affected: receipt.rows_affected,
    idempotency_key: receipt.idempotency_key,
    previous_version: receipt.previous_version,
    new_version: receipt.new_version,
    source_database_mutated: receipt.source_database_mutated,
    executed_at: receipt.executed_at,
    ...(receipt.safe_error_code === null ? {} : { safe_error_code: receipt.safe_error_code }),
  }
  return receiptV1().parse({ ...content, receipt_hash: digest('synapsor.execution-receipt.v1', content) })
}

function provenanceV1({ context }: FrozenProposal): ChangeSetV1['principal']['source'] {
  const { provenance } = context
  return provenance === 'session' || provenance === 'http_claims' ? 'trusted_session' : provenance
}

function keyText({ target }: FrozenProposal): string {
  return need(target.primary_key.value.text, 'a row without a key')
}

function columnJson(pair: { readonly column: string; readonly value: TypedText }): {
  column: string
  value: JsonScalar
} {
  return { column: pair.column, value: toJson(pair.value) }
}

function needEngine(engine: FrozenProposal['source']['engine']): 'postgres' | 'mysql' {
  if (engine === 'sqlite') throw cannotSay('a change in SQLite')
  return engine
}

function need<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw cannotSay(what)
  return value
}

function cannotSay(what: string): RunnerError {
  return new RunnerError('PRECONDITION_FAILED', `Version 1 of the protocol has no words for ${what}.`, {
    next: 'Use the version 2 object.',
  })
}
