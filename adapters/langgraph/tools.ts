import { ToolMessage } from '@langchain/core/messages'
import { DynamicStructuredTool, type StructuredTool, type ToolRunnableConfig } from '@langchain/core/tools'
import type { JSONSchema } from '@langchain/core/utils/json_schema'
import type { Config, Envelope, Link, ToolDefinition, ToolOptionsOf, ToolSource } from '../../src/index.js'
import { awaitRun } from './await-run.js'
import { hostContextOf, type LangGraphContext } from './host-context.js'

/** What LangGraph tools take besides the options that every adapter takes. */
export interface LangGraphToolOptions<C extends Config = Config> extends ToolOptionsOf<C, LangGraphContext> {
  /**
   * The tool of a workflow interrupts the graph while its run waits for a reviewer, the operator or an event, and answers
   * its model afterwards. Needs a checkpointer, and ids of tool calls that come once in a thread. Default false: it
   * answers at once, and the model goes on with the run by its id.
   */
  readonly interrupt?: boolean
}

/**
 * Makes tools for `createAgent`, `createReactAgent`, `ToolNode` and `bindTools`.
 *
 * The content of a `ToolMessage` is what the model may see, as JSON text; its `artifact` is the whole envelope. A
 * refusal, also of arguments, is such a message with `status: 'error'`.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed or an `adapter` that the contract
 * lacks, `INVALID_ARGUMENT` for an option that is none.
 *
 * @example
 * ```ts
 * const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' })
 * const agent = createAgent({ model, tools: createLangGraphTools(session) })
 * ```
 */
export function createLangGraphTools<C extends Config>(
  source: ToolSource<C, LangGraphContext>,
  { interrupt = false, ...options }: LangGraphToolOptions<C> = {},
): StructuredTool[] {
  return source.tools(options).map((definition) => new CapabilityTool(definition, interrupt))
}

type Checked = DynamicStructuredTool<JSONSchema, unknown, unknown>

/** A tool whose arguments are checked by the core alone: the framework would refuse them without a reason. */
class CapabilityTool extends DynamicStructuredTool<JSONSchema, unknown, unknown> {
  constructor(definition: ToolDefinition, interrupts: boolean) {
    const { wire_name: name, description, input_schema } = definition
    super({
      name,
      description,
      func: async (args: unknown, _: unknown, config?: ToolRunnableConfig) =>
        toMessage(definition, await callTool(definition, { args, config, interrupts }), config),
      responseFormat: 'content_and_artifact',
      // A copy: the framework's validator notes in a schema where it found it, and ours is frozen.
      schema: structuredClone(input_schema) as JSONSchema,
    })
  }

  /**
   * The tool itself, callbacks, tags and metadata included, but for the schema by which the framework checks: `true` is
   * the one that it takes whatever the arguments are. `invoke` comes by here too.
   */
  override call: Checked['call'] = (given, config, tags) => {
    const unchecked: Checked = Object.create(this, { schema: { value: true } })
    return super.call.call(unchecked, sayable(given), config, tags)
  }
}

/** What a model sent, as the framework can tell its callbacks about it. A call without arguments lacks them. */
function sayable(given: unknown): unknown {
  if (isToolCall(given)) return { ...given, args: sayable(given.args) }
  if (given === undefined) return {}
  return typeof given === 'bigint' ? String(given) : given
}

function isToolCall(given: unknown): given is { readonly args: unknown } {
  return typeof given === 'object' && given !== null && 'type' in given && given.type === 'tool_call'
}

interface ToolCall {
  readonly args: unknown
  readonly config: ToolRunnableConfig | undefined
  readonly interrupts: boolean
}

async function callTool(definition: ToolDefinition, { args, config, interrupts }: ToolCall): Promise<Envelope> {
  const call = (given: unknown, link?: Link) => definition.call(given, link, hostContextOf(config))
  // A call that answers a question is made once: run again from its top, it would answer the next one too.
  if (definition.kind !== 'workflow' || !interrupts || answers(args)) return call(args)
  // The framework runs a tool again from its top at every resume: by this name, the run is the same also after its end.
  const started = await call(args, nameOf(config))
  const run_id = started.run?.run_id
  return run_id === undefined ? started : awaitRun({ look: () => call({ run_id }) })
}

function answers(args: unknown): boolean {
  return typeof args === 'object' && args !== null && 'information' in args
}

/** The host's name for what one call of a tool starts, where the framework has ids for both. */
function nameOf(config: ToolRunnableConfig | undefined): Link | undefined {
  const thread_id: unknown = config?.configurable?.thread_id
  const call_id = config?.toolCall?.id
  return typeof thread_id === 'string' && call_id !== undefined ? { run_id: thread_id, step_key: call_id } : undefined
}

/** Content and artifact of one call. Without the id of a call there is no message that could carry a status. */
function toMessage(definition: ToolDefinition, envelope: Envelope, config: ToolRunnableConfig | undefined) {
  const content = JSON.stringify(definition.toModel(envelope))
  const tool_call_id = config?.toolCall?.id
  if (envelope.ok || tool_call_id === undefined) return [content, envelope]
  const refusal = new ToolMessage({
    status: 'error',
    name: definition.wire_name,
    ...{ content, tool_call_id, artifact: envelope },
  })
  return [refusal, envelope]
}
