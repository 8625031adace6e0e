import { isRunnerError } from '../errors.js'
import type { Ports } from '../operations/ports.js'
import { withdraw } from '../operations/withdraw.js'
import type { RunState } from '../protocol/run-state.js'
import { ownContext } from './flow.js'
import { latestProposal } from './proposal-of-run.js'

/**
 * Takes back what a run that ends has proposed and nobody has decided on. What is approved already stays approved, and
 * is the operator's to revoke.
 */
export async function withdrawPending(ports: Ports, { frozen, steps }: RunState): Promise<void> {
  for (const { kind, proposal_id } of steps) {
    if (kind !== 'propose' || proposal_id === null) continue
    const latest = await latestProposal(ports, frozen.run_id, proposal_id)
    if (latest.status !== 'pending_review') continue
    try {
      await withdraw(ports, latest.proposal_id, ownContext(frozen.context))
    } catch (error) {
      // Somebody has decided in this very moment: that stands.
      if (!isRunnerError(error) || error.code !== 'WRONG_STATUS') throw error
    }
  }
}
