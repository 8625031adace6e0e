import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { ToolDefinition } from '../../src/index.js'
import { type Extra, hostContextOf } from './host-context.js'
import { proposalLink } from './resources.js'

/** Where a result carries the whole envelope in `_meta`: for the client's program, not for its model. */
const ENVELOPE = 'synapsor/envelope'

/** Calls a tool and answers as MCP does. A call without arguments has none. */
export async function callTool(
  tool: Pick<ToolDefinition, 'call' | 'toModel'>,
  args: Readonly<Record<string, unknown>> | undefined,
  extra: Extra,
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
    _meta: { [ENVELOPE]: envelope },
  }
}
