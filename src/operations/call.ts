import type { Capability } from '../capability/capability.js'
import { parseRawArguments } from '../capability/raw-arguments.js'
import { RunnerError } from '../errors.js'
import type { Envelope } from '../protocol/envelope.js'
import type { Context } from '../protocol/proposal.js'
import { proposalEnvelope, readEnvelope } from './envelope.js'
import type { Inspection } from './inspect.js'
import type { Link, Ports } from './ports.js'
import type { Proposal } from './proposal.js'
import { refuse } from './refuse.js'

/** The two verbs of a session that a capability is called by. */
export interface Verbs {
  inspect(name: string, args: unknown, link: Link | undefined): Promise<Inspection>
  propose(name: string, args: unknown, link: Link | undefined): Promise<Proposal>
}

/** A call by any name, with arguments as an object or as raw JSON text. */
export interface AnyCall {
  readonly name: unknown
  readonly args: unknown
  readonly link: Link | undefined
}

/**
 * Calls a capability by its canonical or wire name, and answers with the one envelope. Nothing thrown reaches a model;
 * refusals are counted.
 */
export async function call(ports: Ports, context: Context, verbs: Verbs, request: AnyCall): Promise<Envelope> {
  const capability = findByAnyName(ports, request.name)
  const kind = capability?.kind ?? 'read'
  const name = capability?.name ?? ''
  try {
    if (capability === undefined) throw new RunnerError('CAPABILITY_NOT_FOUND', 'There is no capability of this name.')
    const args = typeof request.args === 'string' ? parseRawArguments(request.args) : request.args
    return kind === 'read'
      ? readEnvelope(capability, await verbs.inspect(name, args, request.link))
      : proposalEnvelope(capability, await verbs.propose(name, args, request.link))
  } catch (error) {
    return refuse(ports, { name, kind, tenant_id: context.tenant_id, error })
  }
}

function findByAnyName(ports: Ports, name: unknown): Capability | undefined {
  if (typeof name !== 'string') return undefined
  const { capabilities } = ports.contract
  return capabilities.get(name) ?? ports.contract.wire_names.get(name)
}
