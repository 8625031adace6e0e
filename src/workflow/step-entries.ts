/** What a step puts on record. */
import { type Digest, digest } from '../protocol/canonical.js'
import type { RunState } from '../protocol/run-state.js'
import type { Companions, Journal } from './journal.js'

/** Digest of what a step is asked, so that it is known again. */
export function stepRequest(asked: unknown): Digest {
  return digest('synapsor.step.v1', asked)
}

/** True for a step that is on record as finished. */
export function isFinished({ steps }: RunState, key: string): boolean {
  return steps.some((step) => step.key === key && step.status === 'finished')
}

/** A step that is one call of a capability. */
export interface CallEntry {
  readonly key: string
  readonly kind: 'inspect' | 'propose'
  readonly request: Digest
  /** Called from outside, by a link. */
  readonly linked: boolean
}

/** Finishes the step of a read together with its evidence. */
export function finishedByRead(journal: Journal, step: CallEntry): NonNullable<Companions['read']> {
  return ({ evidence }) =>
    journal.entry('step.finished', {
      ...step,
      proposal_id: null,
      output: null,
      evidence_bundle_id: evidence.bundle_id,
    })
}

/** Finishes the step of a proposal together with its creation, with whatever else follows from that. */
export function finishedByProposal(
  journal: Journal,
  step: CallEntry,
  further: (proposal_id: string) => ReturnType<NonNullable<Companions['append']>> = () => [],
): NonNullable<Companions['append']> {
  return ({ entries }) => {
    const created = entries.find(({ type }) => type === 'proposal.created')
    if (created?.type !== 'proposal.created') return []
    const { proposal_id, evidence } = created.body.proposal
    const finished = { ...step, proposal_id, output: null, evidence_bundle_id: evidence.bundle_id }
    return [journal.entry('step.finished', finished), ...further(proposal_id)]
  }
}
