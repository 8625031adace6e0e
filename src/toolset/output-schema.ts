import type { Capability } from '../capability/capability.js'
import { type JsonSchema, type ObjectSchema, objectSchema } from './json-schema.js'

const TEXT: JsonSchema = { type: 'string' }
const SCALAR: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] }
const TEXTS: JsonSchema = { type: 'array', items: TEXT }

const ERROR: JsonSchema = objectSchema(
  {
    code: TEXT,
    message: TEXT,
    retry: { type: 'string', enum: ['never', 'same_request', 'propose_again', 'reconcile'] },
    retry_after_ms: { type: 'number' },
    details: { type: 'object', additionalProperties: true },
    next: TEXT,
  },
  ['retry_after_ms'],
)

const EVIDENCE: JsonSchema = objectSchema(
  { bundle_id: TEXT, row_count: { type: 'integer' }, truncated: { type: 'boolean' }, untrusted_columns: TEXTS },
  ['row_count', 'truncated', 'untrusted_columns'],
)

const CHANGE: JsonSchema = objectSchema({ before: SCALAR, after: SCALAR }, ['before'])

const PROPOSAL: JsonSchema = objectSchema(
  {
    id: TEXT,
    status: TEXT,
    target: objectSchema({ type: TEXT, id: TEXT }),
    diff: { type: 'object', additionalProperties: CHANGE },
    approval: objectSchema({ required_role: TEXT, required_approvals: { type: 'integer' } }, ['required_role']),
    decision: objectSchema({ decision: { type: 'string', enum: ['approved', 'rejected'] }, reason: TEXT }, ['reason']),
    information_requested: TEXT,
    receipt_status: TEXT,
    expires_at: TEXT,
    awaiting: { type: ['string', 'null'] },
    next: TEXT,
  },
  [...['target', 'diff', 'approval', 'decision', 'information_requested', 'receipt_status', 'expires_at'], 'awaiting'],
)

/** What a capability answers with: the one envelope, in whatever measure a model is shown it. */
export function outputSchema(capability: Capability): ObjectSchema {
  return capability.kind === 'read' ? envelopeSchema({ data: dataSchema(capability) }) : PROPOSAL_OUTPUT
}

function envelopeSchema(own: Readonly<Record<string, JsonSchema>>): ObjectSchema {
  const common = {
    ok: { type: 'boolean' },
    summary: TEXT,
    kind: { type: 'string', enum: ['read', 'proposal', 'workflow'] },
    capability: TEXT,
  } as const
  return objectSchema(
    {
      ...common,
      ...own,
      error: ERROR,
      evidence: EVIDENCE,
      source_database_changed: { type: 'boolean', enum: [false] },
    },
    [...Object.keys(own), 'error', 'evidence'],
  )
}

/** One envelope for all proposals, also for their status. */
export const PROPOSAL_OUTPUT: ObjectSchema = envelopeSchema({ proposal: PROPOSAL })

const TEXT_OR_NULL: JsonSchema = { type: ['string', 'null'] }

const RUN: JsonSchema = objectSchema(
  {
    run_id: TEXT,
    status: TEXT,
    evidence_bundle_id: TEXT_OR_NULL,
    proposal_id: TEXT_OR_NULL,
    branch: TEXT,
    next_allowed_actions: TEXTS,
    awaiting: TEXT_OR_NULL,
    waiting_for: TEXT,
    question: TEXT,
  },
  ['waiting_for', 'question'],
)

/** One envelope for all workflows. */
export const RUN_OUTPUT: ObjectSchema = envelopeSchema({ run: RUN })

function dataSchema({ visible_columns, max_rows }: Capability): JsonSchema {
  const row = objectSchema(Object.fromEntries(visible_columns.map((column) => [column, SCALAR])))
  return max_rows === 1 ? row : { type: 'array', items: row }
}
