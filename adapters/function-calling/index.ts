/**
 * Tools for a loop of your own: definitions in the exact shape of a provider, and one function that answers its calls.
 *
 * @packageDocumentation
 */
import { RunnerError } from '../../src/errors.js'
import type {
  Config,
  Envelope,
  ModelView,
  ObjectSchema,
  ToolDefinition,
  ToolOptionsOf,
  ToolSource,
} from '../../src/index.js'

/** JSON Schema as the types of the providers' clients take it: plain, and free to be changed. */
export type FunctionSchema = {
  type: 'object'
  properties: Record<string, unknown>
  required: string[]
  additionalProperties: boolean
}

/** A tool as OpenAI's Chat Completions take it. */
export interface OpenAIChatTool {
  readonly type: 'function'
  readonly function: {
    readonly name: string
    readonly description: string
    readonly parameters: FunctionSchema
    readonly strict: false
  }
}

/** A tool as OpenAI's Responses take it. */
export interface OpenAIResponsesTool {
  readonly type: 'function'
  readonly name: string
  readonly description: string
  readonly parameters: FunctionSchema
  readonly strict: false
}

/** A tool as Anthropic's Messages take it. */
export interface AnthropicTool {
  readonly name: string
  readonly description: string
  readonly input_schema: FunctionSchema
}

/** A function declaration as Gemini takes it, within `tools: [{ functionDeclarations }]`. */
export interface GeminiTool {
  readonly name: string
  readonly description: string
  readonly parametersJsonSchema: FunctionSchema
}

/** The shape of a tool by format. */
export interface FunctionFormats {
  readonly 'openai-chat': OpenAIChatTool
  readonly 'openai-responses': OpenAIResponsesTool
  readonly anthropic: AnthropicTool
  readonly gemini: GeminiTool
}

/** Whose shape the definitions have. */
export type FunctionFormat = keyof FunctionFormats

export interface FunctionToolOptions<Format extends FunctionFormat, C extends Config = Config, Host = unknown>
  extends ToolOptionsOf<C, Host> {
  readonly format: Format
}

/** Tools for a provider, and the answer to its calls. */
export interface FunctionTools<Format extends FunctionFormat, Host = unknown> {
  readonly tools: FunctionFormats[Format][]
  /**
   * Answers one call of the model. Never throws: a refusal, also of a name that is not among the tools, is an envelope.
   *
   * @param args as the provider gives them: raw JSON text or an object.
   * @param host who the call is made for, where the source is `runner.sessionsFrom(…)`. Needed where that says what
   * it is.
   */
  call(
    name: string,
    args: unknown,
    ...host: unknown extends Host ? [hostContext?: Host] : [hostContext: Host]
  ): Promise<Envelope>
  /** The part of an answer that the model is to see. Send it back as JSON text. */
  toModel(name: string, envelope: Envelope): ModelView
}

/**
 * Makes tools for a hand-written loop.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed or an `adapter` that the contract
 * lacks, `INVALID_ARGUMENT` for an option that is none
 * or a `format` that is not known.
 *
 * @example
 * ```ts
 * const { tools, call, toModel } = createFunctionTools(session, { format: 'anthropic' })
 * const envelope = await call(block.name, block.input)
 * const content = JSON.stringify(toModel(block.name, envelope))
 * ```
 */
export function createFunctionTools<Format extends FunctionFormat, C extends Config, Host>(
  source: ToolSource<C, Host>,
  { format, ...options }: FunctionToolOptions<Format, C, Host>,
): FunctionTools<Format, Host> {
  assertFormat(format)
  const { tools, named } = source.toolset(options)
  return {
    tools: tools.map((tool) => SHAPES[format](tool)),
    call: (name, args, ...[hostContext]) => named(name).call(args, undefined, hostContext),
    toModel: (name, envelope) => named(name).toModel(envelope),
  }
}

/** Callers without types give the wrong one, too. */
function assertFormat(format: FunctionFormat): void {
  if (Object.hasOwn(SHAPES, format)) return
  throw new RunnerError('INVALID_ARGUMENT', 'The format of the tools is not one that is known.', {
    details: { argument: 'format' },
    next: `Give ${Object.keys(SHAPES).join(', ')}.`,
  })
}

type Shapes = { readonly [Format in FunctionFormat]: (tool: ToolDefinition) => FunctionFormats[Format] }

const SHAPES: Shapes = {
  // Strict mode would make every optional argument a required one that may be null; the core checks each call anyway.
  'openai-chat': ({ wire_name: name, description, input_schema }) => ({
    type: 'function',
    function: { name, description, parameters: plain(input_schema), strict: false },
  }),
  'openai-responses': ({ wire_name: name, description, input_schema }) => ({
    type: 'function',
    name,
    description,
    parameters: plain(input_schema),
    strict: false,
  }),
  anthropic: ({ wire_name: name, description, input_schema }) => ({
    name,
    description,
    input_schema: plain(input_schema),
  }),
  gemini: ({ wire_name: name, description, input_schema }) => ({
    name,
    description,
    parametersJsonSchema: plain(input_schema),
  }),
}

function plain({ type, properties, required, additionalProperties }: ObjectSchema): FunctionSchema {
  return { type, properties: { ...properties }, required: [...required], additionalProperties }
}
