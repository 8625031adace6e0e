/**
 * Tools for the Vercel AI SDK, versions 6 and 7: a record for `tools:` of `generateText`, `streamText` and agents.
 *
 * @packageDocumentation
 */
import { type JSONSchema7, type JSONValue, jsonSchema, type Schema } from 'ai'
import type {
  ArgsOf,
  CapabilityName,
  Config,
  Envelope,
  JsonScalar,
  ToolDefinition,
  ToolOptions,
  ToolSource,
} from '../../src/index.js'

/** `billing.inspect_invoice` goes over the wire as `billing__inspect_invoice`. */
type WireName<Name extends string> = Name extends `${infer Head}.${infer Tail}` ? `${Head}__${WireName<Tail>}` : Name

type HostContext = Readonly<Record<string, unknown>> | undefined

/** What the SDK tells a tool of a call, as far as it is used here. */
export interface AISDKToolCall {
  readonly toolCallId: string
  /** What `toolsContext` holds for the tool, in AI SDK 7. */
  readonly context?: HostContext
  /** The context of the run, in AI SDK 6. */
  readonly experimental_context?: unknown
}

/** What a model is shown of an answer: a refusal is marked as an error. */
export interface AISDKModelOutput {
  readonly type: 'json' | 'error-json'
  readonly value: JSONValue
}

/** A tool as both versions of the SDK take it. */
export interface AISDKTool<Input = Record<string, JsonScalar>> {
  readonly description: string
  readonly inputSchema: Schema<Input>
  /** Never set. By it the types of AI SDK 7 know that `toolsContext` may hold anything for the tool, or nothing. */
  readonly contextSchema?: Schema<HostContext>
  /** Gives the host the whole envelope. Never throws: a refusal is an envelope. */
  readonly execute: (input: Input, call: AISDKToolCall) => Promise<Envelope>
  readonly toModelOutput: (result: { readonly output: Envelope }) => AISDKModelOutput
}

/**
 * The tools of a contract by wire name; of a contract that was loaded at run time, by any name. Names longer than 64
 * characters are shortened at run time, and what `mode` or `only` leave out is not there.
 */
export type AISDKTools<C extends Config = Config> = {
  readonly [Name in CapabilityName<C> as WireName<Name>]: AISDKTool<ArgsOf<C, Name>>
}

/** The tool that `status_tool` adds. */
export interface AISDKStatusTool {
  readonly synapsor__proposal_status: AISDKTool<{ proposal_id: string }>
}

/**
 * Makes tools for the Vercel AI SDK. A model that holds them reads and proposes; none of them writes to a source.
 *
 * @param source a session, or `runner.sessionsFrom(…)`: then each call finds its session by `experimental_context` (AI
 * SDK 6) or by what `toolsContext` holds for the tool (AI SDK 7).
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed.
 *
 * @example
 * ```ts
 * const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17', on_behalf_of: 'sam' })
 * const { text, steps } = await generateText({
 *   model,
 *   tools: createAISDKTools(session),
 *   stopWhen: stepCountIs(5),
 *   prompt: 'Waive the late fee of INV-3001: the payment page was down.',
 * })
 * ```
 */
export function createAISDKTools<C extends Config>(
  source: ToolSource<C>,
  options: ToolOptions & { readonly status_tool: true },
): AISDKTools<C> & AISDKStatusTool
export function createAISDKTools<C extends Config>(source: ToolSource<C>, options?: ToolOptions): AISDKTools<C>
export function createAISDKTools(source: ToolSource, options: ToolOptions = {}): AISDKTools {
  return Object.fromEntries(source.tools(options).map((tool) => [tool.wire_name, toAISDKTool(tool)]))
}

function toAISDKTool(tool: ToolDefinition): AISDKTool {
  return {
    description: tool.description,
    // No `validate`: what a model gets wrong reaches the core too, which answers it and counts it. The cast drops
    // `readonly`, which the type of the SDK does not know.
    inputSchema: jsonSchema<Record<string, JsonScalar>>(tool.input_schema as JSONSchema7),
    execute: (input, { context, experimental_context }) => tool.call(input, undefined, context ?? experimental_context),
    toModelOutput: ({ output }) => ({
      // What a browser sends back may be anything.
      type: output?.ok === true ? 'json' : 'error-json',
      // An envelope is JSON; its type says `unknown` where the details of an error are.
      value: (isEnvelope(output) ? tool.toModel(output) : 'This is no answer of the tool.') as JSONValue,
    }),
  }
}

/** Of what comes back from a browser, only what has the shape of an envelope is shown. */
function isEnvelope(output: Envelope | null | undefined): output is Envelope {
  const { proposal, evidence } = output ?? {}
  const isWhole = (part: unknown) => part === undefined || (typeof part === 'object' && part !== null)
  const hasDiff = proposal === undefined || isWhole(proposal.diff)
  return typeof output === 'object' && output !== null && isWhole(proposal) && isWhole(evidence) && hasDiff
}
