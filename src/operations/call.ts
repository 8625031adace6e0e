import type { Capability } from '../capability/capability.js'
import { parseRawArguments } from '../capability/raw-arguments.js'
import { RunnerError } from '../errors.js'
import type { Envelope } from '../protocol/envelope.js'
import type { Context } from '../protocol/proposal.js'
import { proposalEnvelope, readEnvelope } from './envelope.js'
import { type Call, inspect } from './inspect.js'
import type { Ports } from './ports.js'
import { propose } from './propose.js'
import { refuse } from './refuse.js'

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
    return refuse(ports, { name, kind, tenant_id: context.tenant_id, error })
  }
}

function findByAnyName(ports: Ports, name: unknown): Capability | undefined {
  if (typeof name !== 'string') return undefined
  const { capabilities } = ports.contract
  return capabilities.get(name) ?? ports.contract.wire_names.get(name)
}
