import * as z from 'zod'
import { ERROR_CODES, type ErrorCode } from '../errors.js'
import { once } from './once.js'
import type { DeepReadonly } from './readonly.js'
import { RUN_STATUSES } from './run.js'
import { jsonScalar } from './values.js'

const errorCodes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]

const row = once(() => z.record(z.string(), jsonScalar()))

/** What the model may see of a proposal. */
export const envelopeProposal = once(() =>
  z.strictObject({
    id: z.string(),
    hash: z.string(),
    status: z.string(),
    target: z.strictObject({ type: z.string(), id: z.string() }),
    diff: z.record(z.string(), z.strictObject({ before: jsonScalar().exactOptional(), after: jsonScalar() })),
    approval: z
      .strictObject({ required_role: z.string().exactOptional(), required_approvals: z.int() })
      .exactOptional(),
    decision: z
      .strictObject({ decision: z.enum(['approved', 'rejected']), reason: z.string().exactOptional() })
      .exactOptional(),
    information_requested: z.string().exactOptional(),
    receipt_status: z.string().exactOptional(),
    expires_at: z.string(),
    next_allowed_actions: z.array(z.string()),
    awaiting: z.string().nullable(),
    next: z.string(),
  }),
)

export const envelopeError = once(() =>
  z.strictObject({
    code: z.enum(errorCodes),
    message: z.string(),
    retry: z.enum(['never', 'same_request', 'propose_again', 'reconcile']),
    retry_after_ms: z.number().exactOptional(),
    details: z.record(z.string(), z.unknown()),
    next: z.string(),
  }),
)

/** What a model sees of a run: the compact form, without a value of any row. */
export const envelopeRun = once(() =>
  z.strictObject({
    run_id: z.string(),
    status: z.enum(RUN_STATUSES),
    evidence_bundle_id: z.string().nullable(),
    proposal_id: z.string().nullable(),
    branch: z.string(),
    next_allowed_actions: z.array(z.string()),
    awaiting: z.string().nullable(),
    waiting_for: z.string().exactOptional(),
    question: z.string().exactOptional(),
  }),
)

/** The one answer of every tool, in every adapter. Nothing called by a model ever writes to a source. */
export const envelope = once(() =>
  z.strictObject({
    ok: z.boolean(),
    summary: z.string(),
    kind: z.enum(['read', 'proposal', 'workflow']),
    capability: z.string(),
    data: z.union([row(), z.array(row())]).exactOptional(),
    proposal: envelopeProposal().exactOptional(),
    run: envelopeRun().exactOptional(),
    error: envelopeError().exactOptional(),
    evidence: z
      .strictObject({
        bundle_id: z.string(),
        row_count: z.int(),
        truncated: z.boolean(),
        untrusted_columns: z.array(z.string()),
      })
      .exactOptional(),
    source_database_changed: z.literal(false),
  }),
)
type EnvelopeShape = DeepReadonly<z.infer<ReturnType<typeof envelope>>>

/** The one answer of every tool. `data` is what was read: the row where `max_rows` is 1, else the rows. */
export interface Envelope<Data = NonNullable<EnvelopeShape['data']>> extends Omit<EnvelopeShape, 'data'> {
  readonly data?: Data
}
