import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { Config, ToolSource } from '../../src/index.js'
import type { McpHostContext } from './host-context.js'
import { createMcpServer, type McpServerOptions } from './server.js'

/**
 * Serves the client that started this process, over stdin and stdout. Write nothing else to stdout: logs go to stderr.
 *
 * Resolves once it serves. When the client leaves, stdin ends; close the runner then.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed or an `adapter` that the contract
 * lacks, `INVALID_ARGUMENT` for an option that is none.
 *
 * @example
 * ```ts
 * await serveStdio(runner.session({ tenant_id: 'acme', principal: 'support_agent_17' }))
 * ```
 */
export async function serveStdio<C extends Config>(
  source: ToolSource<C, McpHostContext>,
  options: McpServerOptions<C> = {},
): Promise<Server> {
  // Only who serves over stdio loads it.
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js')
  const server = createMcpServer(source, options)
  await server.connect(new StdioServerTransport())
  return server
}
