import { HANDLER_HEADERS } from '../protocol/handler.js'
import { type Authorizer, createAuthorizer, type HandlerAuth } from './authorize.js'
import { readBody } from './body.js'
import {
  type About,
  DEFAULT_MAX_BODY_BYTES,
  type HandlerWork,
  type Outcome,
  performText,
  type Told,
  tell,
} from './outcome.js'
import type { CheckedRequest, Denial } from './request.js'

/** Options of {@link createWritebackHandler}. */
export interface WritebackHandlerOptions<Tx> extends HandlerWork<Tx>, HandlerAuth {}

/** Answers a request of a runner. Never rejects. */
export type WritebackHandler = (request: Request) => Promise<Response>

const METHODS = ['POST', 'PUT', 'PATCH']
const JSON_TYPE = /^application\/json *(;|$)/i

/**
 * The app's side of an executor of kind `http_handler`: takes an approved change from the runner, has the app make it
 * in one transaction of the app's own database, once, and answers what came of it.
 *
 * Before the function of a capability runs, the sender is known, the request is well-formed, its key is taken, and the
 * row is locked and still what people approved. What the function did and the receipt are committed together; another
 * request with the same key gets the first answer.
 *
 * An answer 503 carries `Retry-After` and means that nothing was done: the same request can be sent again then. Of a 500
 * nobody knows what was done, until the same request, or one to settle, is answered.
 *
 * @throws RunnerError `CONFIG_INVALID` for a token or signing secret that is missing or too short.
 *
 * @example
 * ```ts
 * import { createWritebackHandler, postgresDatabase, refuse } from '@synapsor/runner/handler'
 * import pg from 'pg'
 *
 * export const handler = createWritebackHandler({
 *   token: process.env.BILLING_HANDLER_TOKEN ?? '',
 *   database: postgresDatabase(new pg.Pool()),
 *   capabilities: {
 *     'billing.propose_late_fee_waiver': async ({ tenant_id, object_id, patch }, tx) => {
 *       const { rowCount } = await tx.query(
 *         'update invoices set late_fee = $1, version = version + 1 where id = $2 and tenant_id = $3',
 *         [patch.late_fee, object_id, tenant_id],
 *       )
 *       if (rowCount !== 1) throw refuse('INVOICE_LOCKED')
 *       return { rows_affected: 1 }
 *     },
 *   },
 * })
 * ```
 */
export function createWritebackHandler<Tx>(options: WritebackHandlerOptions<Tx>): WritebackHandler {
  const authorizer = createAuthorizer(options)
  return async (request) => toResponse(await tell(options, (about) => receive(options, authorizer, { request, about })))
}

interface Arrival {
  readonly request: Request
  readonly about: About
}

async function receive<Tx>(
  options: WritebackHandlerOptions<Tx>,
  authorizer: Authorizer,
  { request, about }: Arrival,
): Promise<Outcome> {
  const denial = denialOf(request, authorizer)
  if (denial) return { kind: 'denied', denial }
  const body = await readBody(request, options.max_body_bytes ?? DEFAULT_MAX_BODY_BYTES)
  if (body === 'broken') return denied(400, 'BODY_BROKEN')
  if (body === 'too_large') return denied(413, 'BODY_TOO_LARGE')
  if (body === 'not_utf8') return denied(400, 'JSON_INVALID')
  if (!authorizer.isSigned(request.headers, body.bytes)) return denied(401, 'SIGNATURE_INVALID')
  return performText(options, body.text, { about, denial: (checked) => otherKey(request.headers, checked) })
}

/** What is wrong with a request whose body nobody has read. */
function denialOf(request: Request, authorizer: Authorizer): Denial | undefined {
  const { method, headers } = request
  if (!METHODS.includes(method)) return { status: 405, safe_error_code: 'METHOD_NOT_ALLOWED' }
  if (!JSON_TYPE.test(headers.get('content-type') ?? '')) return { status: 415, safe_error_code: 'MEDIA_TYPE' }
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') {
    return { status: 415, safe_error_code: 'CONTENT_ENCODING' }
  }
  return authorizer.isSender(request) ? undefined : { status: 401, safe_error_code: 'UNAUTHORIZED' }
}

function denied(status: Denial['status'], safe_error_code: string): Outcome {
  return { kind: 'denied', denial: { status, safe_error_code } }
}

/** Something in between may sort by the header; it must not see another key than the body has. */
function otherKey(headers: Headers, { request }: CheckedRequest): Denial | undefined {
  const key = headers.get(HANDLER_HEADERS.idempotency_key)
  if (key === null || key === request.idempotency_key) return undefined
  return { status: 422, safe_error_code: 'KEY_MISMATCH' }
}

function toResponse({ outcome, correlation_id }: Told): Response {
  if (outcome.kind === 'answered') {
    return json(outcome.answer.status === 'conflict' ? 409 : 200, outcome.answer)
  }
  if (outcome.kind === 'error') {
    // Whoever sent it comes again only where this says when.
    const headers = outcome.is_busy ? { 'retry-after': '1' } : {}
    return json(outcome.is_busy ? 503 : 500, { error_code: outcome.code, correlation_id }, headers)
  }
  const { status, safe_error_code } = outcome.denial
  const refused = { status: 'failed', rows_affected: 0, source_database_mutated: false }
  return json(status, { ...refused, safe_error_code, correlation_id }, HEADERS[status] ?? {})
}

const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer' },
  405: { allow: METHODS.join(', ') },
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })
}
