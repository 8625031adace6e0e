/** When the time of a run is over, and what is waited for all the same. */
import type { Ports } from '../operations/ports.js'
import type { FrozenRun } from '../protocol/run.js'
import type { RunState } from '../protocol/run-state.js'
import type { ProposalStatus } from '../protocol/status.js'
import type { ProposalCache } from './proposal-cache.js'
import { latestProposal } from './proposal-of-run.js'

/** Whether the time that the contract gives a run has passed. */
export function isLate(ports: Ports, { expires_at }: FrozenRun): boolean {
  return expires_at <= ports.clock.now().toISOString()
}

/**
 * Whether a run ends for want of time. What was written in time goes on to its end, however late somebody looks; and
 * while a write may have been made, nobody can say that the run came to nothing.
 */
export async function isOver(ports: Ports, state: RunState, proposals: ProposalCache): Promise<boolean> {
  const { frozen, steps } = state
  if (!isLate(ports, frozen)) return false
  const waiting = steps.findLast(({ status }) => status === 'waiting')
  if (waiting === undefined) return !(await isBetweenWrites(ports, state, proposals))
  if (waiting.proposal_id === null) return true
  return !mayBeWritten((await latestProposal(ports, frozen.run_id, waiting.proposal_id, proposals)).status)
}

/** A process that ends while it applies leaves no step that waits: then only the proposals tell of the write. */
async function isBetweenWrites(ports: Ports, { frozen, steps }: RunState, proposals: ProposalCache): Promise<boolean> {
  if (steps.some(({ status }) => status === 'started')) return false
  const done = steps.flatMap(({ kind, status, proposal_id }) =>
    kind === 'apply' && status === 'finished' && proposal_id !== null ? [proposal_id] : [],
  )
  for (const { kind, proposal_id } of steps) {
    if (kind !== 'propose' || proposal_id === null) continue
    const latest = await latestProposal(ports, frozen.run_id, proposal_id, proposals)
    if (!done.includes(latest.proposal_id) && mayBeWritten(latest.status)) return true
  }
  return false
}

function mayBeWritten(status: ProposalStatus): boolean {
  return status === 'applying' || status === 'outcome_unknown' || status === 'applied'
}
