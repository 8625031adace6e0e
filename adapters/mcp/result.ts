import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { Config, Envelope, ToolHandler, ToolOptionsOf } from '../../src/index.js'
import { isEnvelope } from '../../src/protocol/is-envelope.js'
import { type Extra, hostContextOf, type McpHostContext } from './host-context.js'
import { linksOf } from './resources.js'
import type { AliasMode } from './tools-listed.js'

/** Where a result carries the whole envelope in `_meta`, if it is asked to. */
const ENVELOPE_META = 'synapsor/envelope'

/** What MCP servers take besides the options that every adapter takes. */
export interface McpToolOptions<C extends Config = Config> extends ToolOptionsOf<C, McpHostContext> {
  /**
   * Sends the whole envelope in `_meta['synapsor/envelope']` of each result, for a client's program. Some clients put
   * `_meta` before their model: then it sees what `inline_evidence` was to keep from it. Default false.
   */
  readonly envelope_in_meta?: boolean
  /**
   * By which names the tools are listed: `openai` for `billing__inspect_invoice`, `canonical` for
   * `billing.inspect_invoice`, `both` for each tool twice. Calls find a tool by either. Default `openai`.
   */
  readonly alias_mode?: AliasMode
}

/**
 * The whole answer of one of our tools, for a client's program; `undefined` where there is none: the server was not asked to
 * send it with `envelope_in_meta`, or what it sent is no envelope.
 *
 * @example
 * ```ts
 * const result = await client.callTool({ name: 'billing__inspect_invoice', arguments: { invoice_id: 'INV-3001' } })
 * const { data } = envelopeOf(result) ?? {}
 * ```
 */
export function envelopeOf(result: {
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}): Envelope | undefined {
  const envelope = result._meta?.[ENVELOPE_META]
  return isEnvelope(envelope) ? envelope : undefined
}

/** Calls a tool with an object, or with raw JSON text, and answers as MCP does. A call without arguments has none. */
export async function callTool(
  tool: ToolHandler,
  args: Readonly<Record<string, unknown>> | string | undefined,
  extra: Extra,
  envelope_in_meta: boolean,
): Promise<CallToolResult> {
  const envelope = await tool.call(args ?? {}, undefined, hostContextOf(extra))
  const shown = tool.toModel(envelope)
  return {
    content: [{ type: 'text', text: JSON.stringify(shown) }, ...linksOf(envelope)],
    // Clients hold structured content against the output schema of the tool also where it tells of an error.
    ...(envelope.ok ? { structuredContent: { ...shown } } : { isError: true }),
    ...(envelope_in_meta ? { _meta: { [ENVELOPE_META]: envelope } } : {}),
  }
}
