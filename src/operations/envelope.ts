/** What a model is answered with: the one envelope, from a result or from a refusal. */
import type { Capability } from '../capability/capability.js'
import { ERROR_CODES, isRunnerError, RunnerError } from '../errors.js'
import type { Envelope } from '../protocol/envelope.js'
import type { Inspection } from './inspect.js'
import { type Proposal, type ProposalView, visibleDiff } from './proposal.js'

/** What a read answers a model with. */
export function readEnvelope(capability: Capability, inspection: Inspection): Envelope {
  const { data, row_count, truncated, evidence } = inspection
  const more = truncated ? ' There are more than are shown.' : ''
  const rows = row_count === 1 ? '1 row' : `${row_count} rows`
  return {
    ok: true,
    summary: `Read ${rows} of ${capability.target.type}; recorded as evidence ${evidence.bundle_id}.${more}`,
    kind: 'read',
    capability: capability.name,
    data,
    evidence: {
      bundle_id: evidence.bundle_id,
      row_count,
      truncated,
      untrusted_columns: [...capability.untrusted_columns],
    },
    source_database_changed: false,
  }
}

/** What a proposal answers a model with: of columns that it may not read, only what it asked for. */
export function proposalEnvelope(capability: Capability, proposal: Proposal): Envelope {
  const { id, hash, status, target, diff, approval, evidence_bundle_id } = proposal
  const { expires_at, next_allowed_actions, awaiting, next } = proposal
  const { required_role, required_approvals } = approval
  return {
    ok: true,
    summary: `Proposal ${id} is ${status}. ${next}`,
    kind: 'proposal',
    capability: capability.name,
    proposal: {
      id,
      hash,
      status,
      target,
      diff: visibleDiff(diff, capability.visible_columns),
      approval: { ...(required_role === undefined ? {} : { required_role }), required_approvals },
      expires_at,
      next_allowed_actions: [...next_allowed_actions],
      awaiting,
      next,
    },
    evidence: {
      bundle_id: evidence_bundle_id,
      row_count: 1,
      truncated: false,
      untrusted_columns: [...capability.untrusted_columns],
    },
    source_database_changed: false,
  }
}

/** How a proposal of one's own stands now. */
export function statusEnvelope(view: ProposalView): Envelope {
  const { id, hash, status, capability, target, diff, decision, receipt_status, information_requested } = view
  const { expires_at, next_allowed_actions, awaiting, next } = view
  return {
    ok: true,
    summary: `Proposal ${id} is ${status}. ${next}`,
    kind: 'proposal',
    capability,
    proposal: {
      ...{ id, hash, status, target, diff },
      ...(decision === undefined ? {} : { decision }),
      ...(information_requested === undefined ? {} : { information_requested }),
      ...(receipt_status === undefined ? {} : { receipt_status }),
      ...{ expires_at, next_allowed_actions, awaiting, next },
    },
    source_database_changed: false,
  }
}

/** A refusal, in the one shape that errors have. */
export function errorEnvelope(capability: string, kind: Envelope['kind'], error: RunnerError): Envelope {
  return {
    ok: false,
    summary: `${error.message} ${error.next}`,
    kind,
    capability,
    error: error.toJSON(),
    source_database_changed: false,
  }
}

/** What is no error of ours is told as one, and says nothing of itself. Never throws. */
export function toRunnerError(error: unknown): RunnerError {
  try {
    if (isRunnerError(error) && Object.hasOwn(ERROR_CODES, error.code)) return copyOf(error)
  } catch {
    // What cannot even be looked at is not ours.
  }
  return new RunnerError('INTERNAL', 'The call failed unexpectedly.', { cause: error })
}

/** Anybody can write the brand: of what bears it, an answer takes the fields of the one shape and nothing else. */
function copyOf({ code, message, next, details, retry_after_ms, cause }: RunnerError): RunnerError {
  return new RunnerError(code, String(message), {
    ...{ details, cause },
    ...(typeof next === 'string' ? { next } : {}),
    ...(typeof retry_after_ms === 'number' ? { retry_after_ms } : {}),
  })
}
