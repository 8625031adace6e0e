/**
 * Tools for OpenAI Agents JS: an agent inspects and proposes; what waits for a person is found on the result of its run.
 *
 * @packageDocumentation
 */
import {
  type Agent,
  type AgentOutputType,
  type FunctionTool,
  type RunItem,
  type RunState,
  type ToolInputParameters,
  type ToolOutputCustomData,
  tool,
} from '@openai/agents'
import type { Config, Envelope, ToolDefinition, ToolOptionsOf, ToolSource } from '../../src/index.js'
import { isEnvelope } from '../../src/protocol/is-envelope.js'

/** A function tool of an agent whose runs carry `Context`. Answers the model with JSON text. */
export type OpenAIAgentsTool<Context = unknown> = FunctionTool<Context, ToolInputParameters, string>

/** A proposal that is not over, as the run last saw it. */
export type AwaitingProposal = Pick<NonNullable<Envelope['proposal']>, 'id' | 'hash' | 'status' | 'target' | 'next'>

/** A run of a workflow that is not over, as the agent last saw it. */
export type AwaitingRun = NonNullable<Envelope['run']>

/**
 * Makes tools for `new Agent({ tools })`. Where the source is `runner.sessionsFrom(…)`, each call finds its session by
 * the `context` that was given to `run`. No tool throws: a refusal is an answer that the model can read.
 *
 * `Context` follows from the source, or from the agent that gets the tools. Given by hand, it gives up the check of
 * `adapter` and `only` against the contract: the compiler infers all types or none.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed or an `adapter` that the contract
 * lacks, `INVALID_ARGUMENT` for an option that is none.
 *
 * @example
 * ```ts
 * const source = runner.sessionsFrom((user: User) => ({ tenant_id: user.tenant, principal: 'support_agent' }))
 * const agent = new Agent<User>({ name: 'Support', tools: createOpenAIAgentsTools(source) })
 * const result = await run(agent, 'Waive the late fee of INV-3001.', { context: user })
 * for (const { id, hash } of proposalsAwaiting(result)) await tellReviewers(id, hash)
 * ```
 */
export function createOpenAIAgentsTools<Context = unknown, C extends Config = Config>(
  source: ToolSource<C>,
  options?: ToolOptionsOf<C, Context>,
): OpenAIAgentsTool<Context>[]
/** The same of a source that says what its runs carry: agents need that context. */
export function createOpenAIAgentsTools<Context, C extends Config = Config>(
  source: ToolSource<C, Context>,
  options?: ToolOptionsOf<C, Context>,
): OpenAIAgentsTool<Context>[]
export function createOpenAIAgentsTools<Context>(
  source: ToolSource<Config, Context>,
  options?: ToolOptionsOf<Config, Context>,
): OpenAIAgentsTool<Context>[] {
  return source.tools(options).map((definition) => toAgentsTool<Context>(definition))
}

/** A run's result, streamed or not, or its state: one that was stored, or that an error carries. */
export type RunOrState =
  | { readonly newItems: readonly RunItem[] }
  | Pick<RunState<unknown, Agent<unknown, AgentOutputType>>, 'toJSON'>

/**
 * What a run proposed and somebody still has to act on, each proposal once, in the order of the calls. How it stands is
 * what the run last saw of it: `session.status(id)` tells how it stands now.
 *
 * @example
 * ```ts
 * const state = await RunState.fromString(agent, stored)
 * for (const { id, hash, target } of proposalsAwaiting(state)) await tellReviewers(id, hash, target)
 * ```
 */
export function proposalsAwaiting(run: RunOrState): readonly AwaitingProposal[] {
  const proposals = envelopesIn(run).flatMap(({ proposal }) => proposal ?? [])
  const lastSeen = new Map(proposals.map((proposal) => [proposal.id, proposal]))
  return [...lastSeen.values()]
    .filter(({ awaiting }) => awaiting !== null)
    .map(({ id, hash, status, target, next }) => ({ id, hash, status, target, next }))
}

/**
 * The runs of workflows that a run of the agent started and that are not over, each once, in the order of the calls, as
 * the agent last saw them: `session.run(run_id)` tells how they stand now.
 *
 * @example
 * ```ts
 * for (const { run_id, proposal_id, awaiting } of runsAwaiting(result)) {
 *   if (awaiting === 'reviewer') await tellReviewers(run_id, proposal_id)
 * }
 * ```
 */
export function runsAwaiting(run: RunOrState): readonly AwaitingRun[] {
  const runs = envelopesIn(run).flatMap((envelope) => envelope.run ?? [])
  const lastSeen = new Map(runs.map((each) => [each.run_id, each]))
  return [...lastSeen.values()].filter(({ awaiting }) => awaiting !== null)
}

function envelopesIn(run: RunOrState): readonly Envelope[] {
  const items: readonly AnyRunItem[] = 'newItems' in run ? run.newItems : run.toJSON().generatedItems
  return items.flatMap((item) => envelopeOf(item) ?? [])
}

/** Any item of a run, live or stored. Answers of tools may carry data that no model sees. */
export type AnyRunItem = Pick<RunItem, 'type'> & { readonly customData?: ToolOutputCustomData | undefined }

/**
 * The whole answer of one of our tools, whatever part of it the model was shown; `undefined` for any other item. It stays
 * with the item when the state of the run is stored.
 *
 * @example
 * ```ts
 * for await (const event of stream) {
 *   if (event.type === 'run_item_stream_event') showCard(envelopeOf(event.item))
 * }
 * ```
 */
export function envelopeOf(item: AnyRunItem): Envelope | undefined {
  const envelope = item.customData?.[CUSTOM_DATA]
  return isEnvelope(envelope) ? envelope : undefined
}

const CUSTOM_DATA = 'synapsor'

function toAgentsTool<Context>(definition: ToolDefinition): OpenAIAgentsTool<Context> {
  const answers = createAnswers()
  return tool<ToolInputParameters, Context, string>({
    name: definition.wire_name,
    description: definition.description,
    // The framework's type of a schema without strict mode wants `additionalProperties: true`; at run time it passes any.
    parameters: definition.input_schema as ObjectSchemaOfAgents,
    // Strict mode would make every optional argument a required one that may be null, and a provider may refuse limits in
    // our schemas there. The framework checks no JSON Schema in either mode; the core checks each call.
    strict: false,
    execute: async (args, runContext, details) => {
      const envelope = await definition.call(args, undefined, runContext?.context)
      answers.put(runContext, details?.toolCall?.callId, envelope)
      return JSON.stringify(definition.toModel(envelope))
    },
    customDataExtractor: ({ runContext, toolCall }) => {
      const envelope = answers.take(runContext, toolCall.callId)
      return envelope && { [CUSTOM_DATA]: envelope }
    },
  })
}

type ObjectSchemaOfAgents = Extract<ToolInputParameters, { readonly additionalProperties: true }>

/** Whole answers on their way from a call to the item that is made of it. Both know the run and the call, nothing else. */
function createAnswers() {
  const answersOf = new WeakMap<object, Map<string, Envelope>>()
  return {
    put: (run: object | undefined, callId: string | undefined, envelope: Envelope) => {
      if (run === undefined || callId === undefined) return
      answersOf.set(run, (answersOf.get(run) ?? new Map<string, Envelope>()).set(callId, envelope))
    },
    take: (run: object, callId: string) => {
      const answers = answersOf.get(run)
      const envelope = answers?.get(callId)
      answers?.delete(callId)
      return envelope
    },
  }
}
