import type { Caller } from './pass.js'
import type { Steps } from './steps.js'

/**
 * A workflow whose calls a framework makes: the run follows its proposals to their end. Its caller alone ends it, by
 * continuing it after the last of them: nobody else knows that no further call comes.
 */
export async function runLinkedSteps(steps: Steps, by: Caller['by']): Promise<void> {
  const proposals = steps.linkedProposals()
  for (const proposal_id of proposals) {
    // The keys of calls are the host's, of any letters and up to any length that a link has.
    await steps.awaitDecision(`${proposal_id}.decision`, proposal_id)
    await steps.awaitApplied(`${proposal_id}.applied`, proposal_id)
  }
  if (by === 'runner' || proposals.length === 0) await steps.awaitCalls()
}
