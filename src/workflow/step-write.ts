/** The write that a step waits for, by whoever may make it. */
import { apply } from '../operations/apply.js'
import { reconcile } from '../operations/reconcile.js'
import type { EntryBody } from '../protocol/entry.js'
import type { Pass } from './pass.js'
import { isLate } from './time-over.js'

/** A step that waits for its proposal to be applied. */
export type ApplyWait = Omit<EntryBody<'step.waiting'>, 'status' | 'proposal_id'> & { readonly proposal_id: string }

/**
 * Applies what a step waits for. A run whose time is over begins no write any more: it only settles what may have been
 * written before.
 */
export async function writeProposal(pass: Pass, wait: ApplyWait): Promise<void> {
  const { ports, journal } = pass
  try {
    await (isLate(ports, journal.state.frozen) ? reconcile : apply)(ports, wait.proposal_id)
  } catch (error) {
    await putWait(pass, wait)
    throw error
  }
}

/**
 * From here on the run waits for this write, whose outcome may be unknown, and its record says so. What stood in the way
 * is told in any case: it matters more than whether this could be recorded.
 */
async function putWait({ journal }: Pass, wait: ApplyWait): Promise<void> {
  const earlier = journal.state.steps.find(({ key }) => key === wait.key)
  // Once: whoever tries again and again must not fill the ledger.
  if (earlier?.status === 'waiting' && earlier.proposal_id === wait.proposal_id) return
  journal.note('step.waiting', { ...wait, status: 'waiting_apply' })
  try {
    await journal.claim()
  } catch {
    // Then the proposal alone tells of the attempt.
  }
}
