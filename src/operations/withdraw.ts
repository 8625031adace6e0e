import { RunnerError } from '../errors.js'
import { statusAt } from '../policy/expiry.js'
import type { Context } from '../protocol/proposal.js'
import { wrongStatus } from './decide.js'
import { advance } from './load-proposal.js'
import { loadOwnProposal } from './own-proposal.js'
import type { Ports } from './ports.js'
import { type Proposal, toProposal } from './proposal.js'

const MAX_TRIES = 50

/** Takes back a proposal of one's own that nobody has decided on. */
export async function withdraw(ports: Ports, id: string, context: Context): Promise<Proposal> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const loaded = await loadOwnProposal(ports, id, context)
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
        body: { by: context.principal },
      },
    })
    if (advanced !== undefined) return toProposal(advanced.state, now)
  }
  throw new RunnerError('BUSY', 'Too many others change this proposal at the same moment.')
}
