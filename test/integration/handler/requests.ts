import { HANDLER_HEADERS, type HandlerRequest, signHandlerBody } from '../../../src/protocol/handler.js'
import type { JsonScalar } from '../../../src/protocol/values.js'

export const TOKEN = 'handler-token-canary-0123456789abcdef'
export const SECRET = 'handler-secret-canary-0123456789abcdef'

export interface RequestOptions {
  readonly id?: string
  readonly tenant?: string
  readonly key?: string
  readonly capability?: string
  readonly late_fee?: number
  readonly before?: Readonly<Record<string, JsonScalar>>
  readonly guards?: HandlerRequest['change_set']['guards']
  readonly extra?: Partial<HandlerRequest>
}

let made = 0

/** A request to waive the fee of an invoice at version 7, as a runner sends it. */
export function requestOf(options: RequestOptions = {}): HandlerRequest {
  made += 1
  const { id = 'INV-1', tenant = 'acme', key = `wrp_${made}`, late_fee = 0, before = { late_fee: 1500 } } = options
  return {
    schema_version: 'synapsor.handler-writeback.v1',
    protocol_version: '1.0',
    writeback_job_id: `hwb_${key}`,
    proposal_id: key,
    proposal_hash: `sha256:${'ab'.repeat(32)}`,
    proposal_version: 1,
    idempotency_key: key,
    executor: 'billing_app',
    dry_run: false,
    change_set: {
      action: options.capability ?? 'billing.waive',
      scope: { tenant_id: tenant, principal: 'agent', object_type: 'invoice', object_id: id },
      before,
      patch: { late_fee },
      after: { late_fee },
      guards: options.guards ?? { expected_version: { column: 'version', value: 7 } },
      evidence: { bundle_id: 'ev_1' },
    },
    target: {
      table: 'invoices',
      primary_key: { column: 'id', value: id },
      tenant_key: { column: 'tenant_id', value: tenant },
    },
    allowed_columns: ['late_fee'],
    approvals: [{ approver: 'dana', roles: ['billing'], decided_at: '2026-01-01T00:00:00.000Z' }],
    issued_at: '2026-01-01T00:00:00.000Z',
    expires_at: '2099-01-01T00:00:00.000Z',
    ...options.extra,
  }
}

export interface Delivery {
  readonly body?: string | Uint8Array | ReadableStream
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly url?: string
}

/** What goes over the wire for a request, unless something else is said. */
export function toHttp(request: HandlerRequest, delivery: Delivery = {}): Request {
  const { body = JSON.stringify(request), method = 'POST', url = 'http://127.0.0.1/writeback' } = delivery
  const given = {
    'content-type': 'application/json',
    authorization: `Bearer ${TOKEN}`,
    'idempotency-key': request.idempotency_key,
    ...delivery.headers,
  }
  const headers = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new Request(url, { method, headers, ...(hasBody ? { body, duplex: 'half' } : {}) })
}

/** Headers of a body that was signed so many seconds ago. */
export function signed(body: string, { secret = SECRET, age = 0 } = {}): Readonly<Record<string, string>> {
  const seconds = Math.floor(Date.now() / 1000) - age
  return {
    [HANDLER_HEADERS.timestamp]: String(seconds),
    [HANDLER_HEADERS.signature]: signHandlerBody(secret, seconds, body),
  }
}
