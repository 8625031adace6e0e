import * as z from 'zod'
import { type Digest, digest } from './canonical.js'
import { once } from './once.js'
import type { DeepReadonly } from './readonly.js'
import { digestString, timestamp } from './values.js'

/**
 * The reason of a receipt whose key the source held already, for a decision that the ledger does not know: as after an
 * older copy of the ledger was put back.
 */
export const DECISION_UNKNOWN = 'DECISION_UNKNOWN'

/**
 * What became of one approved change. `failed` means: no change, for certain; with the reason {@link DECISION_UNKNOWN}
 * only that nothing was changed by the decisions of this ledger.
 */
export const receiptV2 = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.execution-receipt.v2'),
    receipt_id: z.string().regex(/^rct_/),
    proposal_id: z.string(),
    proposal_hash: digestString(),
    status: z.enum(['applied', 'already_applied', 'conflict', 'failed']),
    rows_affected: z.int().min(0),
    idempotency_key: z.string(),
    previous_version: z.string().nullable(),
    new_version: z.string().nullable(),
    source_database_mutated: z.boolean(),
    executed_at: timestamp(),
    dry_run: z.boolean(),
    safe_error_code: z.string().nullable(),
    new_object_id: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    receipt_hash: digestString(),
  }),
)
export type Receipt = DeepReadonly<z.infer<ReturnType<typeof receiptV2>>>

/** Seals a receipt: its hash covers every other field. */
export function sealReceipt(body: Omit<Receipt, 'receipt_hash' | 'schema_version'>): Receipt {
  const content = { schema_version: 'synapsor.execution-receipt.v2' as const, ...body }
  return { ...content, receipt_hash: receiptHash(content) }
}

/** The hash that {@link sealReceipt} gives, for checking a receipt that comes from elsewhere. */
export function receiptHash(receipt: Omit<Receipt, 'receipt_hash'> & { receipt_hash?: unknown }): Digest {
  const { receipt_hash: _, ...content } = receipt
  return digest('synapsor.execution-receipt.v2', content)
}
