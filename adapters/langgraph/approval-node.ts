import { interrupt, type LangGraphRunnableConfig, task } from '@langchain/langgraph'
import type { Config, ProposalView, ToolSource } from '../../src/index.js'
import { type ApprovalCard, approvalCard } from './approval-card.js'
import { type DecideByResume, decideAs } from './decide.js'
import { hostContextOf, type LangGraphContext } from './host-context.js'

/** How waiting for a decision fits into a graph. */
export interface ApprovalNodeOptions<State, Update> {
  /** Id of the proposal, made by a session of the same context. */
  readonly proposal: (state: State) => string
  /**
   * What becomes of the proposal once it no longer waits for a reviewer: decided, expired, withdrawn, or sent back with
   * `information_requested`.
   */
  readonly to: (view: ProposalView, state: State) => Update | Promise<Update>
  /**
   * Lets a person decide by resuming the run with what `resumeWith` makes. Left out, decisions are made elsewhere and a
   * resume only looks again.
   */
  readonly decide?: DecideByResume
}

/**
 * Makes a node that interrupts the graph until a person has decided. Needs a checkpointer.
 *
 * Only the ledger says what was decided: whatever the graph is resumed with, a proposal that still waits interrupts it
 * again.
 *
 * @throws RunnerError in the run: `PROPOSAL_NOT_FOUND` for a proposal that is absent or somebody else's, `CONTEXT_MISSING`
 * where the host cannot say for whom the run is, `INTEGRITY` for a record that was changed, `LEDGER_*` and `BUSY`.
 *
 * @example
 * ```ts
 * const approval = createApprovalNode(session, {
 *   proposal: (state: typeof State.State) => state.proposal,
 *   to: ({ status }) => new Command({ update: { status }, goto: status === 'approved' ? 'thank' : 'explain' }),
 * })
 * const graph = new StateGraph(State).addNode('approval', approval, { ends: ['thank', 'explain'] })
 * ```
 */
export function createApprovalNode<State, Update>(
  source: ToolSource<Config, LangGraphContext>,
  { proposal, to, decide }: ApprovalNodeOptions<State, Update>,
): (state: State, config: LangGraphRunnableConfig) => Promise<Update> {
  return async (state, config) => {
    const session = await source.sessionFor(hostContextOf(config))
    let refusal: string | null = null
    for (let turn = 0; ; turn++) {
      const view = await session.status(proposal(state))
      if (view.awaiting !== 'reviewer') return to(view, state)
      const card = approvalCard(view, { turn, refusal, decides: decide !== undefined })
      const resume = interrupt<ApprovalCard, unknown>(card)
      // The framework runs this node from its top at every resume, with all earlier answers. As a task, an answer that
      // was acted on is not acted on again; one that was not, because its run died, decides nothing in a later run,
      // whose config has not got its id. So it is never recorded in the name of whoever resumes later.
      if (decide) refusal = await task('synapsor.decide', () => decideAs(decide, { card, view, resume, config }))()
    }
  }
}
