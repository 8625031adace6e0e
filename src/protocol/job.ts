import * as z from 'zod'
import { type Digest, digest } from './canonical.js'
import { once } from './once.js'
import type { DeepReadonly } from './readonly.js'
import { digestString, identifier, jsonScalar, timestamp, typedRow, typedText } from './values.js'

const columnValue = once(() => z.strictObject({ column: identifier(), value: jsonScalar() }))

/**
 * An approved change, exported for another process. Field names are those of version 1; the values beside them are
 * the exact database texts that version 1 cannot carry.
 */
export const jobV2 = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.writeback-job.v2'),
    writeback_job_id: z.string().regex(/^wbj_/),
    proposal_id: z.string(),
    proposal_version: z.int().min(1),
    proposal_hash: digestString(),
    runner_scope: z.strictObject({ project_id: z.string().min(1), source_id: z.string().min(1) }),
    engine: z.enum(['postgres', 'mysql', 'sqlite']),
    operation: z.literal('single_row_update'),
    target: z.strictObject({ schema: identifier().exactOptional(), table: identifier(), primary_key: columnValue() }),
    tenant_guard: columnValue().nullable(),
    allowed_columns: z.array(identifier()).min(1),
    patch: z.record(identifier(), jsonScalar()),
    before: typedRow(),
    after: typedRow(),
    conflict_guard: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('column'), column: identifier(), expected_value: typedText() }),
      z.strictObject({ kind: z.literal('row_hash'), expected_hash: digestString() }),
    ]),
    idempotency_key: z.string().min(1),
    lease: z.strictObject({ lease_id: z.string().min(1), attempt: z.int().min(1), expires_at: timestamp() }),
  }),
)
export type WritebackJob = DeepReadonly<z.infer<ReturnType<typeof jobV2>>>

export function jobDigest(job: unknown): Digest {
  return digest('synapsor.writeback-job.v2', job)
}
