/**
 * The public objects of version 1, as other tools read and write them. They are read always, rendered where version 1
 * can say the change (`render-v1.ts`), and never changed.
 */
import * as z from 'zod'
import { RunnerError } from '../errors.js'
import { once } from './once.js'
import { identifier, jsonScalar } from './values.js'

const text = once(() => z.string().min(1))
const digestLike = once(() => z.string().regex(/^sha256:.+/))
const dateTime = once(() => z.iso.datetime({ offset: true }))
const scalarMap = once(() =>
  z
    .record(identifier(), jsonScalar())
    .refine((map) => Object.keys(map).length > 0, { message: 'At least one column.' }),
)
const columnValue = once(() => z.strictObject({ column: identifier(), value: jsonScalar() }))
const identifiers = once(() =>
  z
    .array(identifier())
    .min(1)
    .refine((names) => new Set(names).size === names.length, { message: 'Each name once.' }),
)
const engine = once(() => z.enum(['postgres', 'mysql']))

const principalScope = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.principal-scope.v1'),
    column: identifier(),
    binding: identifier(),
    provider: z.enum(['environment', 'http_claims', 'cloud_session', 'static_dev']),
    value_fingerprint: digestLike(),
    value: jsonScalar().optional(),
  }),
)

/** `synapsor.freshness-authority.v1` belongs to another tool: passed through as it is. */
const freshness = once(() => z.looseObject({}))

export const changeSetV1 = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.change-set.v1'),
    proposal_id: text(),
    proposal_version: z.int().min(1),
    action: text(),
    mode: z.enum(['read_only', 'shadow', 'review_required', 'approved_for_writeback']),
    principal: z.strictObject({
      id: text(),
      source: z.enum(['trusted_session', 'cloud_session', 'environment', 'static_dev']),
    }),
    scope: z.strictObject({ tenant_id: text(), business_object: text(), object_id: text() }),
    source: z.strictObject({
      kind: z.enum(['external_postgres', 'external_mysql', 'synapsor_table']),
      source_id: text(),
      schema: identifier(),
      table: identifier(),
      primary_key: columnValue(),
    }),
    before: scalarMap(),
    patch: scalarMap(),
    after: scalarMap(),
    guards: z.strictObject({
      tenant: columnValue(),
      principal_scope: principalScope().optional(),
      allowed_columns: identifiers(),
      expected_version: columnValue(),
    }),
    freshness: freshness().optional(),
    evidence: z.looseObject({ bundle_id: text(), query_fingerprint: digestLike(), items: z.array(z.unknown()) }),
    approval: z.looseObject({
      status: z.enum(['pending', 'approved', 'rejected', 'canceled']),
      required_role: z.string().optional(),
      required_approvals: z.int().min(1).max(10).optional(),
    }),
    writeback: z.looseObject({
      status: z.enum(['not_applied', 'pending_worker', 'applied', 'conflict', 'failed', 'canceled']),
      mode: z.enum(['trusted_worker_required', 'synapsor_merge', 'read_only']),
    }),
    source_database_mutated: z.boolean(),
    integrity: z.strictObject({ proposal_hash: digestLike() }),
    created_at: dateTime(),
  }),
)
export type ChangeSetV1 = Readonly<z.infer<ReturnType<typeof changeSetV1>>>

export const jobV1 = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.writeback-job.v1'),
    writeback_job_id: text(),
    proposal_id: text(),
    proposal_version: z.int().min(1),
    proposal_hash: digestLike(),
    runner_scope: z.strictObject({ project_id: text(), source_id: text() }),
    engine: engine(),
    operation: z.literal('single_row_update'),
    target: z.strictObject({ schema: identifier(), table: identifier(), primary_key: columnValue() }),
    tenant_guard: columnValue(),
    principal_scope: principalScope().optional(),
    allowed_columns: identifiers(),
    patch: scalarMap(),
    conflict_guard: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('column'), column: identifier(), expected_value: jsonScalar() }),
      z.strictObject({ kind: z.literal('row_hash'), expected_hash: text() }),
      z.strictObject({ kind: z.literal('none') }),
    ]),
    freshness: freshness().optional(),
    idempotency_key: text(),
    lease: z.strictObject({ lease_id: text(), attempt: z.int().min(1), expires_at: dateTime() }),
  }),
)
export type WritebackJobV1 = Readonly<z.infer<ReturnType<typeof jobV1>>>

export const receiptV1 = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.execution-receipt.v1'),
    writeback_job_id: text(),
    proposal_id: text(),
    runner_id: text(),
    status: z.enum(['applied', 'conflict', 'failed', 'canceled', 'already_applied']),
    rows_affected: z.int().min(0),
    idempotency_key: text(),
    previous_version: jsonScalar().optional(),
    new_version: jsonScalar().optional(),
    source_database_mutated: z.boolean(),
    executed_at: dateTime(),
    safe_error_code: z.string().optional(),
    receipt_hash: digestLike(),
  }),
)
export type ReceiptV1 = Readonly<z.infer<ReturnType<typeof receiptV1>>>

export const runnerRegistrationV1 = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.runner-registration.v1'),
    runner_id: text(),
    runner_version: text(),
    engines: z.array(engine()).min(1),
    capabilities: z.array(text()).min(1),
    scope: z.strictObject({ project_id: text(), source_ids: z.array(text()).min(1) }),
    registered_at: dateTime(),
  }),
)
export type RunnerRegistrationV1 = Readonly<z.infer<ReturnType<typeof runnerRegistrationV1>>>

/** Every object of version 1 by its `schema_version`. */
export const V1_OBJECTS = {
  'synapsor.change-set.v1': changeSetV1,
  'synapsor.writeback-job.v1': jobV1,
  'synapsor.execution-receipt.v1': receiptV1,
  'synapsor.runner-registration.v1': runnerRegistrationV1,
} as const

const normalised = once(() => z.looseObject({ protocol_version: z.literal('1.0') }))

/**
 * Parses any version 1 object by what it says it is. A job with `protocol_version: "1.0"` and no `schema_version`, as
 * early tools wrote, is read as a job.
 *
 * @throws RunnerError `INVALID_ARGUMENT` when it is none of them, or not a valid one.
 */
export function parseV1(value: unknown): ChangeSetV1 | WritebackJobV1 | ReceiptV1 | RunnerRegistrationV1 {
  try {
    return parse(value)
  } catch (cause) {
    throw new RunnerError('INVALID_ARGUMENT', 'This is not a valid object of version 1.', { cause })
  }
}

function parse(value: unknown): ChangeSetV1 | WritebackJobV1 | ReceiptV1 | RunnerRegistrationV1 {
  const { schema_version } = z.looseObject({ schema_version: z.string().optional() }).parse(value)
  if (schema_version === undefined) {
    const { protocol_version: _, ...job } = normalised().parse(value)
    return jobV1().parse({ schema_version: 'synapsor.writeback-job.v1', ...job })
  }
  const name = z.enum(Object.keys(V1_OBJECTS) as (keyof typeof V1_OBJECTS)[]).parse(schema_version)
  return V1_OBJECTS[name]().parse(value)
}
