import * as z from 'zod'
import { envelopeError } from '../../protocol/envelope.js'
import { jobV2 } from '../../protocol/job.js'
import { contextV2, proposalV2 } from '../../protocol/proposal.js'
import { receiptV2 } from '../../protocol/receipt.js'
import { PROPOSAL_STATUSES } from '../../protocol/status.js'
import { V1_OBJECTS } from '../../protocol/v1.js'
import { digestString, jsonScalar, timestamp } from '../../protocol/values.js'
import { page } from './common.js'

const status = z.enum(PROPOSAL_STATUSES)

/** A line of `proposals list`. */
const summary = z.strictObject({
  proposal_id: z.string(),
  status,
  hash: digestString(),
  tenant_id: z.string(),
  principal: z.string(),
  capability: z.string(),
  created_at: timestamp(),
  expires_at: timestamp(),
  run_id: z.string().nullable(),
})

const decision = z.strictObject({
  approver: z.string(),
  roles: z.array(z.string()),
  decision: z.enum(['approved', 'rejected']),
  reason: z.string().exactOptional(),
  decided_at: timestamp(),
  signature: z.string().exactOptional(),
})

/** A proposal as people see it who decide and apply. */
export const proposal = z.strictObject({
  id: z.string(),
  version: z.int(),
  hash: digestString(),
  status,
  capability: z.string(),
  context: contextV2(),
  target: z.strictObject({ type: z.string(), id: z.string() }),
  diff: z.record(z.string(), z.strictObject({ before: jsonScalar(), after: jsonScalar() })),
  frozen: proposalV2(),
  evidence_bundle_id: z.string(),
  approval: z.strictObject({
    required_role: z.string().exactOptional(),
    required_approvals: z.int(),
    decisions: z.array(decision),
  }),
  information_requested: z.string().exactOptional(),
  superseded_by: z.string().exactOptional(),
  receipt: receiptV2().exactOptional(),
  created_at: timestamp(),
  expires_at: timestamp(),
  run_id: z.string().exactOptional(),
  next_allowed_actions: z.array(z.string()),
  awaiting: z.enum(['reviewer', 'caller', 'worker']).nullable(),
  next: z.string(),
})

/** Whether the row is still what was proposed on. */
const freshness = z.strictObject({
  state: z.enum(['unchanged', 'changed', 'absent', 'unknown']),
  columns: z.array(z.string()),
  code: z.string().exactOptional(),
})

const step = z.strictObject({
  seq: z.int(),
  at: timestamp(),
  type: z.string(),
  hash: z.string(),
  body: z.unknown(),
})

const proposalReplay = z.strictObject({
  schema_version: z.literal('synapsor.replay.v1'),
  proposal,
  evidence: z.unknown(),
  evidence_verified: z.boolean(),
  timeline: z.array(step),
})

const runReplay = z.looseObject({ run: z.unknown(), timeline: z.array(z.unknown()) })

const applied = z.union([
  receiptV2(),
  z.strictObject({
    items: z.array(
      z.strictObject({
        proposal_id: z.string(),
        receipt: receiptV2().exactOptional(),
        error: envelopeError().exactOptional(),
      }),
    ),
    not_begun: z.int().min(0),
  }),
])

/** What the commands around proposals print with `--json`. */
export const PROPOSAL_DOCUMENTS = {
  'proposals list': page(summary),
  'proposals show': proposal.extend({ freshness }),
  'proposals approve': proposal,
  'proposals reject': proposal,
  'proposals request-info': proposal,
  'proposals revoke': proposal,
  'proposals job': z.union([jobV2(), V1_OBJECTS['synapsor.writeback-job.v1']()]),
  apply: applied,
  reconcile: proposal,
  'replay show': z.union([proposalReplay, runReplay]),
  'replay export': z.strictObject({ file: z.string(), format: z.enum(['markdown', 'json']) }),
} satisfies Readonly<Record<string, z.ZodType>>
