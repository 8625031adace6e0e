import { isRunnerError } from '../errors.js'
import type { Ports } from '../operations/ports.js'
import { withdraw } from '../operations/withdraw.js'
import type { RunState } from '../protocol/run-state.js'
import { ownContext } from './load-run.js'
import { proposalsOfRun } from './proposal-of-run.js'

/**
 * Takes back what a run that ends has proposed and nobody has decided on. What is approved already stays approved, and
 * is the operator's to revoke.
 */
export async function withdrawPending(ports: Ports, { frozen }: RunState): Promise<void> {
  for (const { proposal_id, status } of await proposalsOfRun(ports, frozen)) {
    if (status !== 'pending_review') continue
    try {
      await withdraw(ports, proposal_id, ownContext(frozen.context))
    } catch (error) {
      // Decided or expired in this very moment: that stands.
      if (!isRunnerError(error) || error.code !== 'WRONG_STATUS') throw error
    }
  }
}
