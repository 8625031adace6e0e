import type { LangGraphRunnableConfig } from '@langchain/langgraph'
import {
  type ArgsOf,
  type CapabilityName,
  type Config,
  type Envelope,
  type Exact,
  type ToolOptions,
  type ToolSource,
  toolNamed,
} from '../../src/index.js'
import { hostContextOf } from './host-context.js'

/** How a capability fits into a graph. The node knows nothing else of the state. */
export interface CapabilityNodeOptions<State, Args, Update> extends Pick<ToolOptions, 'link'> {
  /** What the capability is called with. */
  readonly args: (state: State) => Args
  /** What becomes of the answer: an update of the state, or a `Command`. A refusal is an answer: look at `ok`. */
  readonly to: (envelope: Envelope, state: State) => Update | Promise<Update>
}

/**
 * Makes a node that calls one capability. However often the framework runs it again, the same request is the same
 * proposal.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name that the contract does not expose.
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
  source: ToolSource<C>,
  name: Name,
  { args, to, ...options }: CapabilityNodeOptions<State, Args & Exact<ArgsOf<C, Name>, Args>, Update>,
): (state: State, config: LangGraphRunnableConfig) => Promise<Update> {
  const tool = toolNamed(source.tools({ ...options, only: [name] }), name)
  return async (state, config) => to(await tool.call(args(state), undefined, hostContextOf(config)), state)
}
