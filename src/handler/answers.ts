/** The answers of a handler. Each says what became of the key, and nothing of the row but its versions. */
import * as z from 'zod'
import { RunnerError } from '../errors.js'
import { type HandlerAnswer, type HandlerRequest, handlerAnswerV1, KEY_REUSED } from '../protocol/handler.js'
import { once } from '../protocol/once.js'
import type { JsonScalar } from '../protocol/values.js'
import type { StoredReceipt } from './database.js'
import type { HandlerDetails } from './details.js'
import type { ReadEffects } from './effects.js'
import type { Refusal } from './refusal.js'

/** What a request is told apart by, echoed so that nobody takes the answer for another's. */
function echo({ proposal_id, proposal_hash, idempotency_key, writeback_job_id }: HandlerRequest) {
  return { proposal_id, ...(proposal_hash === undefined ? {} : { proposal_hash }), idempotency_key, writeback_job_id }
}

export interface Done {
  readonly effects: ReadEffects
  readonly previous_version: JsonScalar | undefined
  readonly new_version: JsonScalar | undefined
}

export function appliedAnswer(
  request: HandlerRequest,
  { effects, previous_version, new_version }: Done,
): HandlerAnswer {
  const { new_object_id } = effects
  return {
    status: 'applied',
    rows_affected: effects.rows_affected,
    ...(previous_version === undefined ? {} : { previous_version }),
    ...(new_version === undefined ? {} : { new_version }),
    ...(new_object_id === undefined ? {} : { new_object_id }),
    source_database_mutated: true,
    ...(Object.keys(effects.details).length === 0 ? {} : { details: jsonOf(effects.details) }),
    key_settled: true,
    ...echo(request),
  }
}

/** Nothing was done, and nothing can follow under the key once this is recorded. */
export function refusedAnswer(
  request: HandlerRequest,
  { status, safe_error_code, details }: Pick<Refusal, 'status' | 'safe_error_code' | 'details'>,
): HandlerAnswer {
  return {
    status,
    rows_affected: 0,
    source_database_mutated: false,
    safe_error_code,
    ...(Object.keys(details).length === 0 ? {} : { details: jsonOf(details) }),
    key_settled: true,
    ...echo(request),
  }
}

/** Another request has the key. Nothing was done for this one; of tries before it this says nothing. */
export function keyReusedAnswer(request: HandlerRequest): HandlerAnswer {
  const { key_settled: _, ...answer } = refusedAnswer(request, {
    status: 'failed',
    safe_error_code: KEY_REUSED,
    details: {},
  })
  return answer
}

/** What a rehearsal would have answered. Nothing is kept, so that nothing is settled. */
export function rehearsedAnswer({ key_settled: _, ...answer }: HandlerAnswer): HandlerAnswer {
  return { ...answer, source_database_mutated: false, details: { ...answer.details, dry_run: true } }
}

/** The first answer again. What was applied then is `already_applied` now. */
export function storedAnswer(request: HandlerRequest, { receipt_id, answer }: StoredReceipt): HandlerAnswer {
  const first = handlerAnswerV1().parse(JSON.parse(answer ?? 'null'))
  if (first.status !== 'applied') return { ...first, ...echo(request) }
  const details = { ...first.details, original_receipt_id: receipt_id }
  return { ...first, status: 'already_applied', details, ...echo(request) }
}

const json = once(() => z.record(z.string(), z.json()))

/** Read anew, since types of JSON that nobody may write to are no types of JSON to their reader. */
function jsonOf(details: HandlerDetails) {
  return json().parse(details)
}

export function tornReceipt(): RunnerError {
  return new RunnerError(
    'INTEGRITY',
    'A receipt was begun and never finished: the function ended the transaction itself.',
    {
      next: 'Find out whether the change was made, and write the answer into the receipt by hand.',
    },
  )
}
