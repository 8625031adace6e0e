import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  type Implementation,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js'
import type { Config, ObjectSchema, ToolDefinition, ToolSource } from '../../src/index.js'
import type { McpHostContext } from './host-context.js'
import { readResource, TEMPLATES } from './resources.js'
import { callTool, type McpToolOptions } from './result.js'

/** How a server shows itself to clients, besides the options that every adapter takes. */
export interface McpServerOptions<C extends Config = Config> extends McpToolOptions<C> {
  /** Name and version that clients are told. */
  readonly serverInfo?: Implementation
  /** What a client may add to the prompt of its model. */
  readonly instructions?: string
}

const SERVER_INFO: Implementation = { name: 'synapsor-runner', version: '0.1.0' }

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
  const { serverInfo = SERVER_INFO, instructions, envelope_in_meta = false, ...toolOptions } = options
  const toolset = source.toolset(toolOptions)
  const listed = toolset.tools.map(toMcpTool)

  const server = new Server(serverInfo, {
    capabilities: { tools: {}, resources: {} },
    ...(instructions === undefined ? {} : { instructions }),
  })
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) =>
    callTool(toolset.named(params.name), params.arguments, extra, envelope_in_meta),
  )
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [] }))
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [...TEMPLATES] }))
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }, extra) => readResource(toolset, params.uri, extra))
  return server
}

function toMcpTool({ wire_name, title, description, ...tool }: ToolDefinition): Tool {
  return {
    name: wire_name,
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
