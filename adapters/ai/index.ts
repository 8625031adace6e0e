/**
 * Tools for the Vercel AI SDK, versions 6 and 7: a record for `tools:` of `generateText`, `streamText` and agents.
 *
 * @packageDocumentation
 */
import { type JSONSchema7, type JSONValue, jsonSchema, type Schema } from 'ai'
import type {
  AnswerOf,
  ArgsOf,
  CapabilityName,
  Config,
  Envelope,
  Exact,
  JsonScalar,
  ToolDefinition,
  ToolNames,
  ToolOptions,
  ToolOptionsOf,
  ToolSource,
  WorkflowInput,
  WorkflowName,
} from '../../src/index.js'
import { isEnvelope } from '../../src/protocol/is-envelope.js'

/** `billing.inspect_invoice` goes over the wire as `billing__inspect_invoice`. */
type PlainName<Name> = Name extends `${infer Head}.${infer Tail}` ? `${Head}__${PlainName<Tail>}` : Name

// Of adjacent placeholders each takes one character, and the last one the rest.
type Plus8<Text extends string> = `${Text}${string}${string}${string}${string}${string}${string}${string}${string}`
type Plus32<Text extends string> = Plus8<Plus8<Plus8<Plus8<Text>>>>
type LongerThan64 = `${Plus32<Plus32<'.'>>}${string}${string}`

/** Names of more than 64 characters end in a digest, which no compiler knows. */
type WireName<Name, Plain = PlainName<Name>> = `.${Plain & string}` extends LongerThan64 ? never : Plain & string

/** What `toolsContext` of AI SDK 7 holds for a tool where the source does not say: anything, or nothing. */
export type AnyToolContext = Readonly<Record<string, unknown>> | undefined

/** What the SDK tells a tool of a call, as far as it is used here. */
export interface AISDKToolCall<Context = AnyToolContext> {
  readonly toolCallId: string
  /** What `toolsContext` holds for the tool, in AI SDK 7. */
  readonly context?: Context
  /** The context of the run, in AI SDK 6. */
  readonly experimental_context?: unknown
}

/** What a model is shown of an answer: a refusal is marked as an error. */
export interface AISDKModelOutput {
  readonly type: 'json' | 'error-json'
  readonly value: JSONValue
}

/** A tool as both versions of the SDK take it. */
export interface AISDKTool<Input = Record<string, JsonScalar>, Output = Envelope, Context = AnyToolContext> {
  readonly description: string
  readonly inputSchema: Schema<Input>
  /** Never set. By it the types of AI SDK 7 know what `toolsContext` must hold for the tool. */
  readonly contextSchema?: Schema<Context>
  /** Gives the host the whole envelope. Never throws: a refusal is an envelope. */
  readonly execute: (input: Input, call: AISDKToolCall<Context>) => Promise<Output>
  readonly toModelOutput: (result: { readonly output: Output }) => AISDKModelOutput
}

/** What a source says of its context, or anything where it says nothing. Mapped: the SDK takes no interface as it is. */
type ContextOf<Host> = unknown extends Host ? AnyToolContext : { [Key in keyof Host]: Host[Key] }

/**
 * The tools of a contract by wire name: those that its mode and the options show. Options that are not literals leave
 * open which tools there are: then each may be missing. Of a contract that was loaded at run time, by any name. Names
 * longer than 64 characters are shortened at run time, and so are none of these.
 */
export type AISDKTools<C extends Config = Config, Options = unknown, Host = unknown> = ByWireName<
  C,
  ToolNames<C, Options>,
  Host
> &
  StatusToolIn<Options, Host>

type ByWireName<C extends Config, Names, Host> = {
  readonly [Name in keyof Names as WireName<Name>]: AISDKToolFor<C, Names[Name], Host>
}

type StatusToolIn<Options, Host> = [Options] extends [{ readonly status_tool: true }]
  ? AISDKStatusTool<Host>
  : true extends StatusToolOf<Options>
    ? Partial<AISDKStatusTool<Host>>
    : unknown

type StatusToolOf<Options> = Options extends unknown
  ? 'status_tool' extends keyof Options
    ? Options['status_tool']
    : never
  : never

type AISDKToolFor<C extends Config, Name, Host> =
  Name extends CapabilityName<C>
    ? AISDKTool<ArgsOf<C, Name>, Envelope<AnswerOf<C, Name>>, ContextOf<Host>>
    : Name extends WorkflowName<C>
      ? AISDKTool<WorkflowInput<C, Name> | RunContinuation, Envelope<never>, ContextOf<Host>>
      : never

/** What a call of a workflow goes on with, instead of its input. */
export interface RunContinuation {
  run_id: string
  /** The step that asks, as `waiting_for` of the run tells it. */
  step?: string
  /** The answer to what the run asks. */
  information?: Record<string, JsonScalar>
}

/** The tool that `status_tool` adds. No interface: the SDK takes none for a set of tools. */
export type AISDKStatusTool<Host = unknown> = {
  readonly synapsor__proposal_status: AISDKTool<{ proposal_id: string }, Envelope<never>, ContextOf<Host>>
}

/**
 * Makes tools for the Vercel AI SDK. A model that holds them reads and proposes; none of them writes to a source.
 *
 * @param source a session, or `runner.sessionsFrom(…)`: then each call finds its session by `experimental_context` (AI
 * SDK 6) or by what `toolsContext` holds for the tool (AI SDK 7, whose types ask for it).
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed or an `adapter` that the contract
 * lacks, `INVALID_ARGUMENT` for an option that is none.
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
export function createAISDKTools<
  C extends Config,
  Host,
  const Options extends ToolOptionsOf<C, Host> = Record<never, never>,
>(
  source: ToolSource<C, Host>,
  options?: Options & ToolOptionsOf<C, Host> & Exact<ToolOptionsOf<C, Host>, Options>,
): AISDKTools<C, Options, Host>
export function createAISDKTools(source: ToolSource, options: ToolOptions = {}): Readonly<Record<string, AISDKTool>> {
  return Object.fromEntries(source.tools(options).map((tool) => [tool.wire_name, toAISDKTool(tool)]))
}

function toAISDKTool(tool: ToolDefinition): AISDKTool {
  return {
    description: tool.description,
    // No `validate`: what a model gets wrong reaches the core too, which answers it and counts it. The cast drops
    // `readonly`, which the type of the SDK does not know.
    inputSchema: jsonSchema<Record<string, JsonScalar>>(tool.input_schema as JSONSchema7),
    execute: (input, { context, experimental_context }) => tool.call(input, undefined, context ?? experimental_context),
    toModelOutput: ({ output }) => toModelOutput(tool, output),
  }
}

/** What a browser sends back may be anything. Of that, only what has the shape of an envelope is shown. */
function toModelOutput(tool: ToolDefinition, output: unknown): AISDKModelOutput {
  if (!isEnvelope(output)) return { type: 'error-json', value: 'This is no answer of the tool.' }
  const shown: unknown = tool.toModel(output)
  // An envelope is JSON; its type has `readonly` lists, and `unknown` where the details of an error are.
  return { type: output.ok ? 'json' : 'error-json', value: shown as JSONValue }
}
