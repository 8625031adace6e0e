import { HANDLER_SCHEMA_VERSION, type HandlerRequest } from '../protocol/handler.js'
import { afterToJson } from '../protocol/proposal.js'
import type { ProposalState } from '../protocol/state.js'
import { rowToJson, toJson } from '../protocol/values.js'

/** Why an app is asked. */
export interface RequestPurpose {
  /** Name of the executor in the contract. */
  readonly executor: string
  /** `rehearse`: do everything, keep nothing. `settle`: do nothing, and bar the key. */
  readonly purpose: 'perform' | 'rehearse' | 'settle'
}

type Approved = Pick<ProposalState, 'frozen' | 'hash' | 'decisions'>

/** Builds what the app is sent: from the frozen proposal and its approvals alone, so that every try has the same bytes. */
export function buildHandlerRequest(state: Approved, { executor, purpose }: RequestPurpose): HandlerRequest {
  const { frozen, hash, decisions } = state
  const { proposal_id, target, context } = frozen
  const approvals = decisions.filter((decision) => decision.decision === 'approved')
  const issued_at = approvals.at(-1)?.decided_at
  const tenant = target.tenant_guard
  return {
    schema_version: HANDLER_SCHEMA_VERSION,
    protocol_version: '1.0',
    writeback_job_id: `hwb_${proposal_id}`,
    proposal_id,
    proposal_hash: hash,
    proposal_version: frozen.proposal_version,
    idempotency_key: frozen.idempotency_key,
    executor,
    dry_run: purpose !== 'perform',
    ...(purpose === 'settle' ? { settle: true } : {}),
    change_set: {
      action: frozen.capability,
      scope: {
        tenant_id: context.tenant_id,
        principal: context.principal,
        object_type: target.type,
        object_id: target.primary_key.value.text ?? '',
      },
      before: rowToJson(frozen.before),
      patch: frozen.patch,
      after: afterToJson(frozen),
      guards: guardsOf(state),
      evidence: { bundle_id: frozen.evidence.bundle_id },
    },
    target: {
      ...(target.schema === undefined ? {} : { schema: target.schema }),
      table: target.table,
      primary_key: { column: target.primary_key.column, value: toJson(target.primary_key.value) },
      tenant_key: tenant === null ? null : { column: tenant.column, value: toJson(tenant.value) },
    },
    allowed_columns: [...frozen.allowed_columns],
    approvals: approvals.map(({ approver, roles, decided_at }) => ({ approver, roles: [...roles], decided_at })),
    ...(issued_at === undefined ? {} : { issued_at }),
    expires_at: frozen.expires_at,
  }
}

function guardsOf({ frozen }: Approved): HandlerRequest['change_set']['guards'] {
  const guard = frozen.conflict_guard
  if (guard.kind === 'row') return { reviewed: rowToJson({ ...guard.reviewed, ...frozen.before }) }
  return { expected_version: { column: guard.column, value: toJson(guard.expected_value) } }
}
