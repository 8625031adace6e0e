/** An approved change, as an app's function gets it. */
import type { HandlerRequest } from '../protocol/handler.js'
import { type JsonScalar, toJson } from '../protocol/values.js'
import type { FoundRow } from './database.js'

/**
 * One approved change, read-only, with what an app needs at hand. It was checked before the function is called: the
 * sender, the row's key and tenant byte for byte, its version and every value that was reviewed, under a lock.
 */
export interface ApprovedChange {
  /** Name of the capability. */
  readonly capability: string
  /** The tenant whose row is locked. Put it in every statement. */
  readonly tenant_id: string
  readonly principal: string
  readonly object_type: string
  /** The row's primary key, as text. */
  readonly object_id: string
  readonly proposal_id: string
  /** What people approved. Absent from older runners. */
  readonly proposal_hash?: string
  readonly idempotency_key: string
  /** What to set. Whole numbers beyond 2^53, decimals and times are text. */
  readonly patch: Readonly<Record<string, JsonScalar>>
  /** The reviewed columns, as they still are. */
  readonly before: Readonly<Record<string, JsonScalar>>
  readonly after: Readonly<Record<string, JsonScalar>>
  /** The version column of the locked row, where the table has one. */
  readonly expected_version?: { readonly column: string; readonly value: JsonScalar }
  /** The columns of the locked row that the request names. */
  readonly row: Readonly<Record<string, JsonScalar>>
  /** Who approved, in which roles, when. Empty from older runners. */
  readonly approvals: NonNullable<HandlerRequest['approvals']>
  /** True: do everything. It will be rolled back, so send nothing to the outside. */
  readonly dry_run: boolean
  /** Everything that was sent. */
  readonly request: HandlerRequest
}

/** Builds what a function gets of a request whose row is locked and as it was reviewed. */
export function buildApprovedChange(request: HandlerRequest, row: FoundRow): ApprovedChange {
  const { change_set, proposal_hash } = request
  const { scope, patch, before, after, guards } = change_set
  const { expected_version } = guards
  return deepFreeze({
    capability: change_set.action,
    tenant_id: scope.tenant_id,
    principal: scope.principal,
    object_type: scope.object_type,
    object_id: scope.object_id,
    proposal_id: request.proposal_id,
    ...(proposal_hash === undefined ? {} : { proposal_hash }),
    idempotency_key: request.idempotency_key,
    patch,
    before,
    after,
    ...(expected_version === undefined ? {} : { expected_version }),
    row: Object.fromEntries([...row].map(([column, value]) => [column, toJson(value)])),
    approvals: request.approvals ?? [],
    dry_run: request.dry_run,
    request,
  })
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  Object.values(value).forEach(deepFreeze)
  return value
}
