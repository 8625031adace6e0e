import { isRunnerError } from '../errors.js'
import type { Context } from '../protocol/proposal.js'
import type { ProposalState } from '../protocol/state.js'
import type { ResolvedContext } from './context.js'
import { type LoadedProposal, loadProposal, notFound, unlessErased } from './load-proposal.js'
import type { Ports } from './ports.js'
import { type ProposalView, toProposal, toProposalView } from './proposal.js'

/** Loads a proposal that this tenant and principal made, for the same person. Anybody else's is answered as an absent one. */
export async function loadOwnProposal(ports: Ports, id: string, own: ResolvedContext): Promise<LoadedProposal> {
  // Of one that was erased nothing tells for which person it was made.
  const loaded = await unlessErased(loadProposal(ports, id), notFound)
  if (!isOwn(ports, loaded.state.frozen, own)) throw notFound()
  return loaded
}

/** Whether a record was made for this tenant and principal, and the same person. */
export function isOwn(ports: Ports, record: Made, own: ResolvedContext): boolean {
  const { tenant_id, principal, on_behalf_of } = record.context
  const context = contextFor(ports, record.capability, own)
  const same = tenant_id === context?.tenant_id && principal === context.principal
  return same && on_behalf_of === context.on_behalf_of
}

/** A record by a capability in a context. */
interface Made {
  readonly capability: string
  readonly context: Context
}

/** The session as the capability sees it; for one that the contract no longer has, as the session sees itself. */
function contextFor(ports: Ports, name: string, { context, contextOf }: ResolvedContext): Context | undefined {
  const capability = ports.contract.capabilities.get(name)
  if (capability === undefined) return context
  try {
    return contextOf(capability.context)
  } catch (error) {
    if (isRunnerError(error)) return undefined
    throw error
  }
}

/** A proposal as the session that made it may see it. */
export function viewOwn(ports: Ports, state: ProposalState): ProposalView {
  const capability = ports.contract.capabilities.get(state.frozen.capability)
  return toProposalView(toProposal(state, ports.clock.now()), capability?.visible_columns ?? [])
}
