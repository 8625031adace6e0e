import { ToolMessage } from '@langchain/core/messages'
import { DynamicStructuredTool, type StructuredTool, type ToolRunnableConfig } from '@langchain/core/tools'
import type { JSONSchema } from '@langchain/core/utils/json_schema'
import type { Config, ToolDefinition, ToolOptionsOf, ToolSource } from '../../src/index.js'
import { hostContextOf, type LangGraphContext } from './host-context.js'

/**
 * Makes tools for `createAgent`, `createReactAgent`, `ToolNode` and `bindTools`.
 *
 * The content of a `ToolMessage` is what the model may see, as JSON text; its `artifact` is the whole envelope. A
 * refusal, also of arguments, is such a message with `status: 'error'`.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed.
 *
 * @example
 * ```ts
 * const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' })
 * const agent = createAgent({ model, tools: createLangGraphTools(session) })
 * ```
 */
export function createLangGraphTools<C extends Config>(
  source: ToolSource<C, LangGraphContext>,
  options: ToolOptionsOf<C, LangGraphContext> = {},
): StructuredTool[] {
  return source.tools(options).map((definition) => new CapabilityTool(definition))
}

type Checked = DynamicStructuredTool<JSONSchema, unknown, unknown>

/** A tool whose arguments are checked by the core alone: the framework would refuse them without a reason. */
class CapabilityTool extends DynamicStructuredTool<JSONSchema, unknown, unknown> {
  constructor(definition: ToolDefinition) {
    const { wire_name: name, description, input_schema } = definition
    super({
      name,
      description,
      func: (args: unknown, _: unknown, config?: ToolRunnableConfig) => answer(definition, args, config),
      responseFormat: 'content_and_artifact',
      // The framework's type of a JSON Schema is the same with mutable lists; nothing writes to them.
      schema: input_schema as JSONSchema,
    })
  }

  /** The tool itself, callbacks, tags and metadata included, but for the schema by which the framework checks. */
  override invoke: Checked['invoke'] = (input, config) => {
    const unchecked: Checked = Object.create(this, { schema: { value: {} } })
    return super.invoke.call(unchecked, input, config)
  }
}

/** Content and artifact of one call. Without the id of a call there is no message that could carry a status. */
async function answer(definition: ToolDefinition, args: unknown, config?: ToolRunnableConfig) {
  const envelope = await definition.call(args, undefined, hostContextOf(config))
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
