/** How a step came out, as it goes on record and comes back from it. */
import { type ErrorCode, isRunnerError, RunnerError } from '../errors.js'
import { refuseSecret } from '../policy/secrets.js'
import { canonicalJson } from '../protocol/canonical.js'
import type { EntryBody } from '../protocol/entry.js'
import type { StepState } from '../protocol/run-state.js'

/** The longest answer of a function of the app, as JSON. */
const MAX_OUTPUT = 65_536

/**
 * What a function of the app gave, as it is on record.
 *
 * @throws RunnerError `INVALID_ARGUMENT`, `RESULT_TOO_LARGE` or `SECRET_REFUSED`.
 */
export function toOutput(key: string, value: unknown): EntryBody<'step.finished'>['output'] {
  const text = canonicalText(key, value)
  if (text.length > MAX_OUTPUT) {
    throw new RunnerError('RESULT_TOO_LARGE', `Step ${shown(key)} gave more than ${MAX_OUTPUT} characters of JSON.`)
  }
  refuseSecret(`step ${shown(key)}`, text)
  return JSON.parse(text)
}

function canonicalText(key: string, value: unknown): string {
  try {
    return canonicalJson(value ?? null)
  } catch {
    throw new RunnerError('INVALID_ARGUMENT', `Step ${shown(key)} gave what JSON cannot say.`)
  }
}

/** Another try would end the same way, so that it is worth remembering. Everything else may pass by itself. */
const LASTING: ReadonlySet<ErrorCode> = new Set([
  'ACTIVE_PROPOSAL_EXISTS',
  'BOUND_EXCEEDED',
  'EVIDENCE_REQUIRED',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'PRECONDITION_FAILED',
  'PROPOSALS_DISABLED',
  'RESULT_TOO_LARGE',
  'SECRET_REFUSED',
  'TRANSITION_REFUSED',
  'WORKFLOW_NOT_ALLOWED',
])

/** True for an error that goes on record and fails the step for good. */
export function isLasting(error: unknown): error is RunnerError {
  return isRunnerError(error) && LASTING.has(error.code)
}

/** An error as it is on record. */
export function toRecord(error: RunnerError): EntryBody<'step.failed'>['error'] {
  const { code, message, retry, details, next } = error.toJSON()
  return { code, message, retry, details, next }
}

/** The error that is on record, to be thrown again. */
export function fromRecord({ code, message, details, next }: NonNullable<StepState['error']>): RunnerError {
  return new RunnerError(code, message, { details, next })
}

/** A key came from a function of the app: short and printable. */
export function shown(key: unknown): string {
  return String(key)
    .slice(0, 128)
    .replace(/[^\x21-\x7e]/g, '?')
}
