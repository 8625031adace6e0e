import { looksLikeSecret } from '../policy/secrets.js'
import { canonicalJson } from '../protocol/canonical.js'
import { HANDLER_LIMITS, type HandlerAnswer, type HandlerRequest, handlerAnswerV1 } from '../protocol/handler.js'
import { parseStrictJson } from '../protocol/strict-json.js'
import type { JsonScalar } from '../protocol/values.js'
import type { Delivery, DoubtReason, HandlerReport } from './executor.js'

/** Reads the text that an app answered with. */
export function readAnswerText(request: HandlerRequest, text: string): Delivery {
  const parsed = parseStrictJson(text.replace(/^\ufeff/, ''), { max_depth: HANDLER_LIMITS.depth })
  return parsed.ok ? readAnswer(request, parsed.value) : doubtful('not_an_answer')
}

/** Reads an answer: one that contradicts itself, or is about something else, is none. */
export function readAnswer(request: HandlerRequest, value: unknown): Delivery {
  const parsed = handlerAnswerV1().safeParse(value)
  if (!parsed.success) return doubtful('not_an_answer')
  const answer = parsed.data
  if (!isAbout(answer, request)) return doubtful('other_proposal')
  if (contradicts(answer, request)) return doubtful('contradiction')
  return { kind: 'answered', report: toReport(answer) }
}

/** The reason code of a refusal, as far as its body has one. */
export function readRefusalCode(text: string): string | null {
  const parsed = parseStrictJson(text, { max_depth: HANDLER_LIMITS.depth })
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return null
  const { safe_error_code, error_code } = { safe_error_code: undefined, error_code: undefined, ...parsed.value }
  return codeOf(safe_error_code ?? error_code)
}

export function doubtful(reason: DoubtReason): Delivery {
  return { kind: 'doubtful', reason }
}

/** What an app echoes must be ours. */
function isAbout(answer: HandlerAnswer, request: HandlerRequest): boolean {
  const echoed = ['proposal_id', 'proposal_hash', 'idempotency_key', 'writeback_job_id'] as const
  return echoed.every((key) => (answer[key] ?? request[key]) === request[key])
}

/** A rehearsal keeps nothing, whatever it says it would have done. */
function contradicts(answer: HandlerAnswer, request: HandlerRequest): boolean {
  const { status, source_database_mutated: mutated } = answer
  if (status === 'already_applied') return false
  if (status === 'applied') return !mutated && !(request.dry_run && isRehearsal(answer))
  return mutated
}

function isRehearsal({ details, source_database_mutated }: HandlerAnswer): boolean {
  return details?.dry_run === true && !source_database_mutated
}

function toReport(answer: HandlerAnswer): HandlerReport {
  return {
    status: answer.status,
    rows_affected: answer.rows_affected,
    previous_version: textOf(answer.previous_version),
    new_version: textOf(answer.new_version),
    new_object_id: textOf(answer.new_object_id),
    safe_error_code: codeOf(answer.safe_error_code ?? answer.error_code),
    details: detailsOf(answer),
    key_settled: answer.key_settled === true,
    dry_run: isRehearsal(answer),
  }
}

/** What an app sends may be anything: what looks like a secret is not kept. */
function textOf(value: JsonScalar | undefined): string | null {
  if (value === undefined || value === null) return null
  return looksLikeSecret(String(value)) ? null : String(value)
}

/** A code is kept and shown: a text of another form might be anything. */
function codeOf(value: unknown): string | null {
  return typeof value === 'string' && HANDLER_LIMITS.code.test(value) && !looksLikeSecret(value) ? value : null
}

/** What the app did beyond the change set. Too much of it would not make the outcome any other. */
function detailsOf({ details }: HandlerAnswer): HandlerReport['details'] {
  const text = canonicalJson(details ?? {})
  if (text.length > HANDLER_LIMITS.details) return { omitted: 'too large' }
  return looksLikeSecret(text) ? { omitted: 'looks like a secret' } : (details ?? {})
}
