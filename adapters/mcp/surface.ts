import type { CallToolResult, Implementation, Tool } from '@modelcontextprotocol/sdk/types.js'
import { RunnerError } from '../../src/errors.js'
import type { Config, ToolSource, Toolset } from '../../src/index.js'
import { VERSION } from '../../src/protocol/version.js'
import type { Extra, McpHostContext } from './host-context.js'
import { callTool, type McpToolOptions } from './result.js'
import { type AliasMode, toListed } from './tools-listed.js'

/** How a server shows itself to clients, besides the options that every adapter takes. */
export interface McpServerOptions<C extends Config = Config> extends McpToolOptions<C> {
  /** Name and version that clients are told. */
  readonly serverInfo?: Implementation
  /** What a client may add to the prompt of its model. */
  readonly instructions?: string
}

export const SERVER_INFO: Implementation = { name: 'synapsor-runner', version: VERSION }

/** What every server shows: its tools, and what answers a call. The same for all clients. */
export interface Surface {
  readonly serverInfo: Implementation
  readonly instructions: string | undefined
  readonly toolset: Toolset
  readonly listed: Tool[]
  callTool(
    name: unknown,
    args: Readonly<Record<string, unknown>> | string | undefined,
    extra: Extra,
  ): Promise<CallToolResult>
  /** The name of a tool as the contract has it; `undefined` for a name that is none. For logs, which repeat nothing else. */
  canonicalName(name: unknown): string | undefined
}

/** @throws RunnerError `CAPABILITY_NOT_FOUND`, or `INVALID_ARGUMENT` for an option that is none. */
export function createSurface<C extends Config>(
  source: ToolSource<C, McpHostContext>,
  options: McpServerOptions<C>,
): Surface {
  const { serverInfo = SERVER_INFO, instructions, envelope_in_meta = false, alias_mode, ...toolOptions } = options
  const toolset = source.toolset(toolOptions)
  const canonicalNames = canonicalNamesOf(toolset)
  return {
    serverInfo,
    instructions,
    toolset,
    listed: toListed(toolset.tools, aliasMode(alias_mode)),
    callTool: (name, args, extra) => callTool(toolset.named(name), args, extra, envelope_in_meta),
    canonicalName: (name) => (typeof name === 'string' ? canonicalNames.get(name) : undefined),
  }
}

/** The names of a tool by each of its names. Where two tools share one it is the first one's, which a call finds. */
function canonicalNamesOf({ tools }: Toolset): ReadonlyMap<string, string> {
  const names = tools.flatMap(({ name, wire_name }) => [[wire_name, name] as const, [name, name] as const])
  return new Map(names.toReversed())
}

/** Callers without types give other things, too. */
export function aliasMode(mode: AliasMode = 'openai'): AliasMode {
  if (mode === 'openai' || mode === 'canonical' || mode === 'both') return mode
  throw new RunnerError('INVALID_ARGUMENT', 'Option alias_mode must be openai, canonical or both.', {
    details: { argument: 'alias_mode' },
  })
}
