import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { Config, ToolSource } from '../../src/index.js'
import type { McpHostContext } from './host-context.js'
import { readResource, TEMPLATES } from './resources.js'
import type { RpcError } from './rpc.js'
import { subscriptionsOf } from './subscriptions.js'
import { createSurface, type McpServerOptions } from './surface.js'
import { createWatcher } from './watcher.js'

/**
 * Makes an MCP server of the tools of a contract, and of the proposals that are made with them. It serves one client:
 * make another for the next one.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed or an `adapter` that the contract
 * lacks, `INVALID_ARGUMENT` for an option that is none.
 *
 * @example
 * ```ts
 * const server = createMcpServer(runner.session({ tenant_id: 'acme', principal: 'support_agent_17' }))
 * await server.connect(new StdioServerTransport())
 * ```
 */
export function createMcpServer<C extends Config>(
  source: ToolSource<C, McpHostContext>,
  options: McpServerOptions<C> = {},
): Server {
  const surface = createSurface(source, options)
  const { serverInfo, instructions, toolset, listed } = surface

  const server = new Server(serverInfo, {
    capabilities: { tools: {}, resources: { subscribe: true } },
    ...(instructions === undefined ? {} : { instructions }),
  })
  const subscriptions = subscriptionsOf(createWatcher(toolset), {
    updated: (uri) => server.sendResourceUpdated({ uri }),
  })
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) =>
    surface.callTool(params.name, params.arguments, extra),
  )
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [] }))
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [...TEMPLATES] }))
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params }, extra) =>
    resultOf(await readResource(toolset, params.uri, extra)),
  )
  server.setRequestHandler(SubscribeRequestSchema, async ({ params }, extra) =>
    resultOf(await subscriptions.add(params.uri, extra)),
  )
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => resultOf(subscriptions.remove(params.uri)))
  return server
}

/** The SDK answers with an error where one is thrown. */
export function resultOf<Result>(outcome: { readonly result: Result } | { readonly error: RpcError }): Result {
  if ('result' in outcome) return outcome.result
  throw new McpError(outcome.error.code, outcome.error.message, outcome.error.data)
}
