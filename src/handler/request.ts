/** From the text of a request to what may be performed, or why nothing will be. */
import { HANDLER_SCHEMA_VERSION, type HandlerRequest, handlerRequestV1 } from '../protocol/handler.js'
import { parseStrictJson } from '../protocol/strict-json.js'
import type { TargetOf } from './database.js'
import { MAX_KEY_BYTES } from './receipts.js'

export interface CheckedRequest {
  readonly request: HandlerRequest
  readonly target: TargetOf
}

/** Why a request was turned away before any work. */
export interface Denial {
  readonly status: 400 | 401 | 404 | 405 | 413 | 415 | 422
  readonly safe_error_code: string
}

const MAX_DEPTH = 32

export interface RequestRules {
  readonly has: (capability: string) => boolean
  readonly single_tenant_dev: boolean
}

/** Reads a request; every reason to refuse it is found before the database is asked. */
export function readRequest(text: string, { has, single_tenant_dev }: RequestRules): CheckedRequest | Denial {
  const json = parseStrictJson(text, { max_depth: MAX_DEPTH })
  if (!json.ok) return { status: 400, safe_error_code: 'JSON_INVALID' }
  const parsed = handlerRequestV1().safeParse(json.value)
  if (!parsed.success) return unfit(isOtherVersion(json.value) ? 'SCHEMA_VERSION_UNKNOWN' : 'REQUEST_INVALID')
  const request = parsed.data
  if (!has(request.change_set.action)) return { status: 404, safe_error_code: 'CAPABILITY_NOT_FOUND' }
  const { target } = request
  if (target === undefined) return unfit('TARGET_MISSING')
  if (target.tenant_key === null && !single_tenant_dev) return unfit('TENANT_MISSING')
  if (!isOneRow(request, target)) return unfit('TARGET_INVALID')
  if (!isGuarded(request)) return unfit('GUARD_MISSING')
  if (Buffer.byteLength(request.idempotency_key) > MAX_KEY_BYTES) return unfit('KEY_TOO_LONG')
  return { request, target }
}

function unfit(safe_error_code: string): Denial {
  return { status: 422, safe_error_code }
}

function isOtherVersion(value: unknown): boolean {
  const version = typeof value === 'object' && value !== null ? Reflect.get(value, 'schema_version') : undefined
  return version !== undefined && version !== HANDLER_SCHEMA_VERSION
}

/** Whoever reads only the scope, and whoever reads only the target, must see the same object of the same tenant. */
function isOneRow({ change_set: { scope } }: HandlerRequest, { primary_key, tenant_key }: TargetOf): boolean {
  if (primary_key.value === null || String(primary_key.value) !== scope.object_id) return false
  return tenant_key === null || (tenant_key.value !== null && String(tenant_key.value) === scope.tenant_id)
}

/** Without it nobody could tell whether the row is still what was reviewed. */
function isGuarded({ change_set: { guards } }: HandlerRequest): boolean {
  return guards.expected_version !== undefined || Object.keys(guards.reviewed ?? {}).length > 0
}
