import type { Context } from '../protocol/proposal.js'
import { type LoadedProposal, loadProposal, notFound } from './load-proposal.js'
import type { Ports } from './ports.js'

/** Loads a proposal that this tenant and principal made, for the same person. Anybody else's is answered as an absent one. */
export async function loadOwnProposal(ports: Ports, id: string, context: Context): Promise<LoadedProposal> {
  const loaded = await loadProposal(ports, id)
  const { tenant_id, principal, on_behalf_of } = loaded.state.frozen.context
  const same = tenant_id === context.tenant_id && principal === context.principal
  if (!same || on_behalf_of !== context.on_behalf_of) throw notFound()
  return loaded
}
