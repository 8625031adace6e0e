import { statusAt } from '../policy/expiry.js'
import type { ResolvedContext } from './context.js'
import { wrongStatus } from './decide.js'
import { advance, untilRecorded } from './load-proposal.js'
import { loadOwnProposal } from './own-proposal.js'
import type { Ports } from './ports.js'
import { type Proposal, toProposal } from './proposal.js'

/** Takes back a proposal of one's own that nobody has decided on. */
export async function withdraw(ports: Ports, id: string, own: ResolvedContext): Promise<Proposal> {
  return untilRecorded(async () => {
    const loaded = await loadOwnProposal(ports, id, own)
    const { state } = loaded
    const now = ports.clock.now()
    const status = statusAt(state.status, state.frozen.expires_at, now)
    if (status !== 'pending_review') throw wrongStatus(state.frozen.proposal_id, status)

    const advanced = await advance(ports, loaded, {
      durability: 'durable',
      entry: {
        type: 'proposal.withdrawn',
        subject: state.frozen.proposal_id,
        at: now.toISOString(),
        body: { by: state.frozen.context.principal },
      },
    })
    return advanced && toProposal(advanced.state, now)
  })
}
