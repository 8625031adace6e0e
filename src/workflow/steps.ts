import type { ArgumentRule, Arguments } from '../capability/arguments.js'
import type { Inspection } from '../operations/inspect.js'
import type { Proposal } from '../operations/proposal.js'
import { createPass, type Pass, type PassDeps } from './pass.js'
import { awaitExternal, awaitInformation } from './step-answer.js'
import { inspectStep, type ListedProposal, proposeStep } from './step-call.js'
import { functionStep } from './step-function.js'
import { type AppliedOutcome, awaitApplied, awaitDecision, type Outcome, type ProposalRef } from './step-proposal.js'

type Args = Readonly<Record<string, unknown>>

/** The steps of one pass through a run. Each is found again by its key; what is on record is not done again. */
export interface Steps {
  /** @param holds - Nobody is answered before the next record is made: it takes the evidence along. */
  inspect(key: string, capability: string, args: Args, holds?: boolean): Promise<Inspection>
  /** @param listed - What the contract says of a step that it lists. */
  propose(key: string, capability: string, args: Args, listed?: ListedProposal): Promise<Proposal>
  awaitDecision(key: string, proposal: ProposalRef): Promise<Outcome>
  awaitApplied(key: string, proposal: ProposalRef): Promise<AppliedOutcome>
  awaitInformation(key: string, question: string, rules: ReadonlyMap<string, ArgumentRule>): Promise<Arguments>
  awaitExternal(key: string, rules: ReadonlyMap<string, ArgumentRule>): Promise<Arguments>
  condition(key: string, holds: () => boolean): Promise<boolean>
  step(key: string, run: () => unknown, lease_ms: number): Promise<unknown>
  /** The proposals that were made by calls from outside, in their order. */
  linkedProposals(): readonly string[]
  /** Waits for calls from outside. */
  awaitCalls(): Promise<never>
  /** @throws RunnerError `STEP_CONFLICT` where a step on record was not reached. */
  assertAllReached(): void
}

/** Makes the steps of one pass. */
export function createSteps(deps: PassDeps): Steps {
  const pass = createPass(deps)
  return {
    inspect: (key, name, args, holds = false) => inspectStep(pass, { key, name, args }, holds),
    propose: (key, name, args, listed) => proposeStep(pass, { key, name, args }, listed),
    awaitDecision: (key, proposal) => awaitDecision(pass, key, proposal),
    awaitApplied: (key, proposal) => awaitApplied(pass, key, proposal),
    awaitInformation: (key, question, rules) => awaitInformation(pass, key, { question, rules }),
    awaitExternal: (key, rules) => awaitExternal(pass, key, rules),
    condition: (key, holds) => conditionStep(pass, key, holds),
    step: (key, run, lease_ms) => functionStep(pass, key, { run, lease_ms }),
    linkedProposals: () => linkedProposals(pass),
    awaitCalls: () => pass.halt({ why: 'waits' }),
    assertAllReached: pass.assertAllReached,
  }
}

/** Whether a condition held is decided once, and on record. */
function conditionStep(pass: Pass, key: string, holds: () => boolean): Promise<boolean> {
  return pass.take(
    { key, kind: 'condition', asked: null },
    (step) => step.output === true,
    async (request) => {
      const output = holds()
      pass.finish({ key, kind: 'condition', request, output })
      return output
    },
  )
}

function linkedProposals({ journal }: Pass): readonly string[] {
  return journal.state.steps.flatMap(({ linked, proposal_id }) => (linked && proposal_id !== null ? [proposal_id] : []))
}
