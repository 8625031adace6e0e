import { type LangGraphRunnableConfig, task } from '@langchain/langgraph'
import { RunnerError } from '../../src/errors.js'
import type { Config, Envelope, ToolOptionsOf, ToolSource, WorkflowInput, WorkflowName } from '../../src/index.js'
import { awaitRun } from './await-run.js'
import { hostContextOf, type LangGraphContext } from './host-context.js'

/** How a whole workflow fits into a graph. The node knows nothing else of the state. */
export interface WorkflowNodeOptions<State, Input, Update, C extends Config = Config>
  extends Pick<ToolOptionsOf<C, LangGraphContext>, 'adapter' | 'link'> {
  /** What a run is started with. */
  readonly input: (state: State) => Input
  /** A run to go on with, of a session of the same context; `undefined` starts one. */
  readonly run_id?: (state: State) => string | undefined
  /**
   * What becomes of the run once it does not wait any more: completed, rejected, failed and so on. A refusal is an answer
   * too: look at `ok`.
   */
  readonly to: (envelope: Envelope<never>, state: State) => Update | Promise<Update>
}

/**
 * Makes a node that starts a run of a workflow and interrupts the graph while it waits. Needs a checkpointer.
 *
 * Only the ledger says how the run stands: whatever the graph is resumed with, a run that still waits for somebody else
 * interrupts it again. A run that asks for information takes it from the resume: `new Command({ resume: { information } })`.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a workflow that the contract does not expose.
 *
 * @example
 * ```ts
 * const refund = createWorkflowNode(session, 'support.ticket_refund_flow', {
 *   input: (state: typeof State.State) => ({ ticket_id: state.ticket }),
 *   to: ({ run, error }) => ({ status: run?.status, problem: error?.message }),
 * })
 * const graph = new StateGraph(State).addNode('refund', refund)
 * ```
 */
export function createWorkflowNode<C extends Config, Name extends WorkflowName<C>, State, Update>(
  source: ToolSource<C, LangGraphContext>,
  name: Name,
  { input, run_id, to, ...options }: WorkflowNodeOptions<State, WorkflowInput<C, Name>, Update, C>,
): (state: State, config: LangGraphRunnableConfig) => Promise<Update> {
  const [tool] = source.tools({ ...options, only: [name] })
  if (tool?.kind !== 'workflow') throw new RunnerError('CAPABILITY_NOT_FOUND', 'The node has no workflow.')
  return async (state, config) => {
    const call = (args: unknown): Promise<Envelope> => tool.call(args, undefined, hostContextOf(config))
    // The framework runs this node from its top at every resume, with all earlier answers. As tasks, a run that was
    // started is not started again, though it may be over by now, and an answer that was given is not given to the next
    // question.
    const known = run_id?.(state)
    const started = known === undefined ? await task('synapsor.start', () => call(input(state)))() : undefined
    const id = known ?? started?.run?.run_id
    const envelope =
      id === undefined
        ? started
        : await awaitRun({
            look: () => call({ run_id: id }),
            answer: async (information) => await task('synapsor.answer', () => call({ run_id: id, information }))(),
          })
    // A workflow answers with a run or with a refusal, never with rows.
    return to(envelope as Envelope<never>, state)
  }
}
