/** How an app's function says no: it throws, so that nothing behind it is done, and told apart from its mistakes. */
import { RunnerError } from '../errors.js'
import { HANDLER_LIMITS } from '../protocol/handler.js'
import { detailsOf, type HandlerDetails } from './details.js'

/** A no of the app, as {@link refuse} and {@link conflict} throw it: what the function did is undone, and it is the answer. */
export interface Refusal extends Error {
  readonly status: 'failed' | 'conflict'
  readonly safe_error_code: string
  readonly details: HandlerDetails
}

const BRAND = Symbol.for('@synapsor/runner.handler-refusal')

/**
 * Throws: says that the change must not be made, for a reason of the app. Everything the function did is undone; the answer is
 * `failed` with this code, and final for this proposal.
 *
 * @param code - A code of the app's own, such as `CREDIT_POLICY_CHANGED`: a letter, then letters, digits, `_`, `.`, `-`,
 * at most 64. It is kept in the receipt and shown to people, so it holds no value.
 * @param details - A small object of JSON, kept in the receipt.
 * @throws RunnerError `INVALID_ARGUMENT` for a code of another form, or details that are not JSON or too large.
 *
 * @example
 * ```ts
 * import { refuse } from '@synapsor/runner/handler'
 *
 * export function assertOpen(period: { readonly closed: boolean }) {
 *   if (period.closed) refuse('PERIOD_CLOSED')
 * }
 * ```
 */
export function refuse(code: string, details: HandlerDetails = {}): never {
  throw refusal('failed', code, details)
}

/**
 * Throws: says that what the change rests on is no longer so. Everything the function did is undone; the answer is `conflict`,
 * and the way on is to propose again.
 *
 * @param code - As for {@link refuse}. @defaultValue `CONFLICT`
 * @throws RunnerError `INVALID_ARGUMENT` as {@link refuse} does.
 *
 * @example
 * ```ts
 * import { conflict } from '@synapsor/runner/handler'
 *
 * export function assertUnpaid(invoice: { readonly paid: boolean }) {
 *   if (invoice.paid) conflict('INVOICE_PAID')
 * }
 * ```
 */
export function conflict(code = 'CONFLICT', details: HandlerDetails = {}): never {
  throw refusal('conflict', code, details)
}

/** True for what {@link refuse} and {@link conflict} of any installed copy of this package throw. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && BRAND in value
}

export function refusal(status: Refusal['status'], code: string, details: HandlerDetails): Refusal {
  if (!HANDLER_LIMITS.code.test(code)) {
    throw new RunnerError(
      'INVALID_ARGUMENT',
      'A code is a letter, then letters, digits, _, . and -, at most 64 in all.',
    )
  }
  const error = new Error(`The change was refused: ${code}.`)
  const fields = { status, safe_error_code: code, details: detailsOf(details), [BRAND]: true }
  return Object.assign(error, { name: 'Refusal' }, fields)
}
