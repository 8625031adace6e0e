import * as z from 'zod'
import { canonicalJson, type Digest, digestText } from './canonical.js'
import { once } from './once.js'
import { contextV2 } from './proposal.js'
import type { DeepReadonly } from './readonly.js'
import { digestString, timestamp, typedRow } from './values.js'

/** What was read, by whom, when, and through which query. */
export const evidenceV1 = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.evidence.v1'),
    bundle_id: z.string().regex(/^ev_/),
    capability: z.string(),
    context: contextV2(),
    source: z.string(),
    query_fingerprint: digestString(),
    arguments_digest: digestString(),
    captured_at: timestamp(),
    row_count: z.int().min(0),
    truncated: z.boolean(),
    rows: z.array(typedRow()),
    run_id: z.string().nullable(),
    step_key: z.string().nullable(),
  }),
)
export type Evidence = DeepReadonly<z.infer<ReturnType<typeof evidenceV1>>>

/** The digest that a proposal cites. `text` is the canonical JSON, where the caller has it already. */
export function evidenceDigest(evidence: Evidence, text = canonicalJson(evidence)): Digest {
  return digestText('synapsor.evidence.v1', text)
}
