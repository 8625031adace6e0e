/** The check of an envelope by hand: adapters load it, and it loads no zod. A test holds it against the schema. */
import { ERROR_CODES } from '../errors.js'
import type { Envelope } from './envelope.js'

type Check = (value: unknown) => boolean

/**
 * Whether a value has the shape of an envelope, whoever wrote it. Fields that an envelope has not got are let through.
 * Nothing proves by it that one of our tools gave the answer.
 */
export function isEnvelope(value: unknown): value is Envelope {
  return isWhole(value)
}

const isText: Check = (value) => typeof value === 'string'
const isBoolean: Check = (value) => typeof value === 'boolean'
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isScalar: Check = (value) => value === null || isText(value) || isBoolean(value) || Number.isFinite(value)
const isTextOrNull: Check = (value) => value === null || isText(value)

function isOneOf(values: readonly unknown[]): Check {
  return (value) => values.includes(value)
}

function isAbsentOr(check: Check): Check {
  return (value) => value === undefined || check(value)
}

function isListOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check)
}

function isMapOf(check: Check): Check {
  return (value) => isObject(value) && Object.values(value).every(check)
}

/** The compiler asks for every field of `Shape`. */
function isShape<Shape>(fields: { readonly [Name in keyof Required<Shape>]: Check }): Check {
  const checks = Object.entries<Check>(fields)
  return (value) => isObject(value) && checks.every(([name, check]) => check(Reflect.get(value, name)))
}

type Proposal = NonNullable<Envelope['proposal']>
type Run = NonNullable<Envelope['run']>

const isRow = isMapOf(isScalar)
const areRows = isListOf(isRow)

const isProposal = isShape<Proposal>({
  id: isText,
  hash: isText,
  status: isText,
  target: isShape<Proposal['target']>({ type: isText, id: isText }),
  diff: isMapOf(isShape<Proposal['diff'][string]>({ before: isAbsentOr(isScalar), after: isScalar })),
  approval: isAbsentOr(
    isShape<NonNullable<Proposal['approval']>>({
      required_role: isAbsentOr(isText),
      required_approvals: Number.isSafeInteger,
    }),
  ),
  decision: isAbsentOr(
    isShape<NonNullable<Proposal['decision']>>({
      decision: isOneOf(['approved', 'rejected']),
      reason: isAbsentOr(isText),
    }),
  ),
  information_requested: isAbsentOr(isText),
  receipt_status: isAbsentOr(isText),
  expires_at: isText,
  next_allowed_actions: isListOf(isText),
  awaiting: isTextOrNull,
  next: isText,
})

const isRun = isShape<Run>({
  run_id: isText,
  // Which ones there are is written beside the schema of runs, which loads zod; nothing here depends on it.
  status: isText,
  evidence_bundle_id: isTextOrNull,
  proposal_id: isTextOrNull,
  branch: isText,
  next_allowed_actions: isListOf(isText),
  awaiting: isTextOrNull,
  waiting_for: isAbsentOr(isText),
  question: isAbsentOr(isText),
})

const isError = isShape<NonNullable<Envelope['error']>>({
  code: (value) => typeof value === 'string' && Object.hasOwn(ERROR_CODES, value),
  message: isText,
  retry: isOneOf(['never', 'same_request', 'propose_again', 'reconcile']),
  retry_after_ms: isAbsentOr(Number.isFinite),
  details: isObject,
  next: isText,
})

const isWhole = isShape<Envelope>({
  ok: isBoolean,
  summary: isText,
  kind: isOneOf(['read', 'proposal', 'workflow']),
  capability: isText,
  data: isAbsentOr((value) => isRow(value) || areRows(value)),
  proposal: isAbsentOr(isProposal),
  run: isAbsentOr(isRun),
  error: isAbsentOr(isError),
  evidence: isAbsentOr(
    isShape<NonNullable<Envelope['evidence']>>({
      bundle_id: isText,
      row_count: Number.isSafeInteger,
      truncated: isBoolean,
      untrusted_columns: isListOf(isText),
    }),
  ),
  source_database_changed: isOneOf([false]),
})
