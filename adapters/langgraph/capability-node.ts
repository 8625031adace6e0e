import type { LangGraphRunnableConfig } from '@langchain/langgraph'
import { RunnerError } from '../../src/errors.js'
import type {
  AnswerOf,
  ArgsOf,
  CapabilityName,
  Config,
  Envelope,
  Exact,
  ToolOptionsOf,
  ToolSource,
} from '../../src/index.js'
import { hostContextOf, type LangGraphContext } from './host-context.js'

/** How a capability fits into a graph. The node knows nothing else of the state. */
export interface CapabilityNodeOptions<State, Args, Update, C extends Config = Config, Data = unknown>
  extends Pick<ToolOptionsOf<C, LangGraphContext>, 'adapter' | 'link'> {
  /** What the capability is called with. */
  readonly args: (state: State) => Args
  /** What becomes of the answer: an update of the state, or a `Command`. A refusal is an answer: look at `ok`. */
  readonly to: (envelope: Envelope<Data>, state: State) => Update | Promise<Update>
}

/**
 * Makes a node that calls one capability. However often the framework runs it again, the same request is the same
 * proposal.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name that is not exposed or an `adapter` that the contract lacks,
 * `INVALID_ARGUMENT` for an option that is none.
 *
 * @example
 * ```ts
 * const propose = createCapabilityNode(session, 'billing.propose_late_fee_waiver', {
 *   args: (state: typeof State.State) => ({ invoice_id: state.invoice, reason: state.reason }),
 *   to: ({ proposal, error }) => ({ proposal: proposal?.id, problem: error?.message }),
 * })
 * const graph = new StateGraph(State).addNode('propose', propose)
 * ```
 */
export function createCapabilityNode<
  C extends Config,
  Name extends CapabilityName<C>,
  State,
  const Args extends ArgsOf<C, Name>,
  Update,
>(
  source: ToolSource<C, LangGraphContext>,
  name: Name,
  {
    args,
    to,
    ...options
  }: CapabilityNodeOptions<State, Args & Exact<ArgsOf<C, Name>, Args>, Update, C, AnswerOf<C, Name>>,
): (state: State, config: LangGraphRunnableConfig) => Promise<Update> {
  const [tool] = source.tools({ ...options, only: [name] })
  if (tool === undefined || tool.kind === 'workflow') {
    throw new RunnerError('CAPABILITY_NOT_FOUND', 'The node has no capability.')
  }
  return async (state, config) => {
    const envelope = await tool.call(args(state), undefined, hostContextOf(config))
    // The contract says what the capability answers with.
    return to(envelope as Envelope<AnswerOf<C, Name>>, state)
  }
}
