import * as z from 'zod'
import { envelopeError } from '../../protocol/envelope.js'
import { evidenceV1 } from '../../protocol/evidence.js'
import { contextV2 } from '../../protocol/proposal.js'
import { receiptV2 } from '../../protocol/receipt.js'
import { STEP_KINDS } from '../../protocol/run.js'
import { RUN_STATUSES } from '../../protocol/run-status.js'
import { digestString, jsonScalar, timestamp } from '../../protocol/values.js'
import { page } from './common.js'

/** A line of the query audit. */
const auditRecord = z.strictObject({
  audit_id: z.string(),
  bundle_id: z.string(),
  capability: z.string(),
  tenant_id: z.string(),
  principal: z.string(),
  source: z.string(),
  query_fingerprint: digestString(),
  row_count: z.int().min(0),
  at: timestamp(),
})

/** A line of `runs list`: its status is what is on record. */
const runSummary = z.strictObject({
  run_id: z.string(),
  status: z.enum(RUN_STATUSES),
  tenant_id: z.string(),
  principal: z.string(),
  workflow: z.string(),
  created_at: timestamp(),
  expires_at: timestamp(),
})

const step = z.strictObject({
  key: z.string(),
  kind: z.enum(STEP_KINDS),
  status: z.enum(['started', 'waiting', 'finished', 'failed']),
  evidence_bundle_id: z.string().exactOptional(),
  proposal_id: z.string().exactOptional(),
  error: z.string().exactOptional(),
})

/** A run as it stands now. */
export const run = z.strictObject({
  run_id: z.string(),
  workflow: z.string(),
  version: z.string(),
  status: z.enum(RUN_STATUSES),
  evidence_bundle_id: z.string().nullable(),
  proposal_id: z.string().nullable(),
  branch: z.string(),
  next_allowed_actions: z.array(z.string()),
  awaiting: z.enum(['reviewer', 'caller', 'worker', 'external']).nullable(),
  waiting_for: z.string().exactOptional(),
  question: z.string().exactOptional(),
  context: contextV2(),
  input: z.record(z.string(), jsonScalar()),
  steps: z.array(step),
  error: envelopeError().exactOptional(),
  output: z.json().exactOptional(),
  created_at: timestamp(),
  expires_at: timestamp(),
})

/** An entry in words. `who` is null where nobody in particular did it. */
const activity = z.strictObject({
  seq: z.int().min(1),
  at: timestamp(),
  type: z.string(),
  subject: z.string(),
  who: z.string().nullable(),
  what: z.string(),
})

const refusal = z.strictObject({
  minute: z.string(),
  tenant_id: z.string(),
  capability: z.string(),
  code: z.string(),
  count: z.int().min(1),
})

/** An entry of the ledger. Its body is null once erased. */
export const event = z.strictObject({
  seq: z.int().min(1),
  at: timestamp(),
  type: z.string(),
  subject: z.string(),
  hash: digestString(),
  body: z.json(),
})

/** What the commands around records print with `--json`. `events tail --follow` prints one entry a line. */
export const RECORD_DOCUMENTS = {
  'evidence list': page(evidenceV1()),
  'evidence show': evidenceV1().extend({ digest: digestString() }),
  'query-audit list': page(auditRecord),
  'receipts list': page(receiptV2()),
  'receipts show': receiptV2(),
  'runs list': page(runSummary),
  'runs show': run,
  'runs resume': z.union([run, z.strictObject({ items: z.array(run) })]),
  'runs cancel': run,
  activity: z.strictObject({
    items: z.array(activity),
    next_cursor: z.string().nullable(),
    refusals: z.array(refusal).exactOptional(),
  }),
  'events tail': z.union([z.strictObject({ items: z.array(event), next_since: z.int().min(0) }), event]),
} satisfies Readonly<Record<string, z.ZodType>>
