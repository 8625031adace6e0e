import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { ToolDefinition, ToolOptions } from '../../src/index.js'
import { type Extra, hostContextOf } from './host-context.js'
import { proposalLink } from './resources.js'

/** Where a result carries the whole envelope in `_meta`, if it is asked to. */
export const ENVELOPE_META = 'synapsor/envelope'

/** What MCP servers take besides the options that every adapter takes. */
export interface McpToolOptions extends ToolOptions {
  /**
   * Sends the whole envelope in `_meta['synapsor/envelope']` of each result, for a client's program. Some clients put
   * `_meta` before their model: then it sees what `inline_evidence` was to keep from it. Default false.
   */
  readonly envelope_in_meta?: boolean
}

/** Calls a tool and answers as MCP does. A call without arguments has none. */
export async function callTool(
  tool: Pick<ToolDefinition, 'call' | 'toModel'>,
  args: Readonly<Record<string, unknown>> | undefined,
  extra: Extra,
  envelope_in_meta: boolean,
): Promise<CallToolResult> {
  const envelope = await tool.call(args ?? {}, undefined, hostContextOf(extra))
  const shown = tool.toModel(envelope)
  const { proposal } = envelope
  return {
    content: [
      { type: 'text', text: JSON.stringify(shown) },
      ...(proposal === undefined ? [] : [proposalLink(proposal.id)]),
    ],
    // Clients hold structured content against the output schema of the tool also where it tells of an error.
    ...(envelope.ok ? { structuredContent: { ...shown } } : { isError: true }),
    ...(envelope_in_meta ? { _meta: { [ENVELOPE_META]: envelope } } : {}),
  }
}
