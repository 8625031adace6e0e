import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import type { ObjectSchema, ToolDefinition } from '../../src/index.js'

/**
 * By which names tools are listed. `openai`: `billing__inspect_invoice`, as every provider takes it; `canonical`:
 * `billing.inspect_invoice`, as the contract has it; `both`: each tool twice. A call finds its tool by either name.
 */
export type AliasMode = 'openai' | 'canonical' | 'both'

/** A tool under each name by which it is listed. */
export function namesOf({ name, wire_name }: ToolDefinition, mode: AliasMode): readonly string[] {
  if (mode === 'both') return [...new Set([wire_name, name])]
  return [mode === 'canonical' ? name : wire_name]
}

/** The tools as `tools/list` gives them. */
export function toListed(tools: readonly ToolDefinition[], mode: AliasMode): Tool[] {
  const listed = tools.flatMap((tool) => namesOf(tool, mode).map((name) => toMcpTool(name, tool)))
  // A name of an adapter may be the other name of another tool: the first is what a call finds.
  return [...new Map(listed.toReversed().map((tool) => [tool.name, tool])).values()].toReversed()
}

function toMcpTool(name: string, { title, description, ...tool }: ToolDefinition): Tool {
  return {
    name,
    title,
    description,
    inputSchema: toMcpSchema(tool.input_schema),
    outputSchema: toMcpSchema(tool.output_schema),
    annotations: tool.annotations,
  }
}

/** The SDK's type of a schema may be written to. */
function toMcpSchema({ type, properties, required, ...rest }: ObjectSchema): Tool['inputSchema'] {
  return { type, properties: { ...properties }, required: [...required], ...rest }
}
