import type { Capability } from '../capability/capability.js'
import { parseRawArguments } from '../capability/raw-arguments.js'
import { isRunnerError, RunnerError } from '../errors.js'
import type { Envelope } from '../protocol/envelope.js'
import type { Context } from '../protocol/proposal.js'
import type { JsonScalar } from '../protocol/values.js'
import { type Call, type Inspection, inspect } from './inspect.js'
import type { Ports } from './ports.js'
import { type Proposal, visibleDiff } from './proposal.js'
import { propose } from './propose.js'

/**
 * Calls a capability by its canonical or wire name, with arguments as an object or as raw JSON text, and answers with
 * the one envelope. Nothing thrown reaches a model; refusals are counted.
 */
export async function call(ports: Ports, context: Context, request: Call): Promise<Envelope> {
  const capability = findByAnyName(ports, request.name)
  const kind = capability?.kind ?? 'read'
  const name = capability?.name ?? ''
  try {
    if (capability === undefined) throw new RunnerError('CAPABILITY_NOT_FOUND', 'There is no capability of this name.')
    const args = typeof request.args === 'string' ? parseRawArguments(request.args) : request.args
    const resolved = { ...request, name, args }
    return kind === 'read'
      ? readEnvelope(capability, await inspect(ports, resolved))
      : proposalEnvelope(capability, await propose(ports, resolved))
  } catch (error) {
    const refusal = toRunnerError(error)
    await ports.ledger
      .countRefusal({
        minute: `${ports.clock.now().toISOString().slice(0, 16)}Z`,
        tenant_id: context.tenant_id,
        capability: name,
        code: refusal.code,
      })
      .catch(() => undefined)
    return errorEnvelope(name, kind, refusal)
  }
}

function findByAnyName(ports: Ports, name: unknown): Capability | undefined {
  if (typeof name !== 'string') return undefined
  const { capabilities } = ports.contract
  return capabilities.get(name) ?? ports.contract.wire_names.get(name)
}

function readEnvelope(capability: Capability, inspection: Inspection): Envelope {
  const { data, row_count, truncated, evidence } = inspection
  const more = truncated ? ' There are more than are shown.' : ''
  const rows = row_count === 1 ? '1 row' : `${row_count} rows`
  return {
    ok: true,
    summary: `Read ${rows} of ${capability.target.type}; recorded as evidence ${evidence.bundle_id}.${more}`,
    kind: 'read',
    capability: capability.name,
    data: isRows(data) ? [...data] : { ...data },
    evidence: {
      bundle_id: evidence.bundle_id,
      row_count,
      truncated,
      untrusted_columns: [...capability.untrusted_columns],
    },
    source_database_changed: false,
  }
}

function isRows(data: Inspection['data']): data is readonly Record<string, JsonScalar>[] {
  return Array.isArray(data)
}

function proposalEnvelope(capability: Capability, proposal: Proposal): Envelope {
  const { id, hash, status, target, diff, approval, expires_at, next_allowed_actions, awaiting, next } = proposal
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
    source_database_changed: false,
  }
}

function errorEnvelope(capability: string, kind: Envelope['kind'], error: RunnerError): Envelope {
  return {
    ok: false,
    summary: `${error.message} ${error.next}`,
    kind,
    capability,
    error: error.toJSON(),
    source_database_changed: false,
  }
}

function toRunnerError(error: unknown): RunnerError {
  return isRunnerError(error) ? error : new RunnerError('INTERNAL', 'The call failed unexpectedly.', { cause: error })
}
