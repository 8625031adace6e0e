import { AsyncLocalStorage } from 'node:async_hooks'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { CallToolResultSchema, type ContentBlock } from '@modelcontextprotocol/sdk/types.js'
import {
  createMcpServer,
  type McpHostContext,
  type McpToolOptions,
  registerMcpTools,
} from '../../../adapters/mcp/index.js'
import type { Envelope, ToolSource } from '../../../src/index.js'
import type { AdapterDriver, Outcome } from './adapter-world.js'

const sender = new AsyncLocalStorage<AuthInfo | undefined>()

/** Sends all messages of `work` as an authenticated transport delivers those of this tenant. */
export function as<Result>(tenant: string | undefined, work: () => Promise<Result>): Promise<Result> {
  return sender.run(tenant === undefined ? undefined : authOf(tenant), work)
}

function authOf(tenant: string): AuthInfo {
  return { token: 'verified', clientId: 'client', scopes: [], extra: { tenant_id: tenant, sub: 'agent' } }
}

/** Reads what `as` gave from what `resolve` gets. */
export function tenantOf(hostContext: unknown): unknown {
  return (hostContext as McpHostContext).authInfo?.extra?.tenant_id
}

/** A real client, connected in this process, that has read the list of tools and so holds answers against it. */
export async function connect(server: Server | McpServer): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair()
  const send = near.send.bind(near)
  near.send = (message, options) => {
    const authInfo = sender.getStore()
    return send(message, { ...options, ...(authInfo === undefined ? {} : { authInfo }) })
  }
  const client = new Client({ name: 'test', version: '1.0.0' })
  await server.connect(far)
  await client.connect(near)
  return client
}

/** What the client is answered with: its model gets all of it but `_meta`. */
export async function callTool(client: Client, name: string, args: unknown): Promise<Outcome> {
  // Models send what no type allows.
  const params = { name, arguments: args as Record<string, unknown> }
  const { _meta, ...shown } = CallToolResultSchema.parse(await client.callTool(params))
  const whole = _meta?.['synapsor/envelope'] ?? envelopeIn(shown.content)
  return { shown: JSON.stringify(shown), envelope: whole as Envelope | undefined }
}

/** Where the whole is not sent beside it, what is shown is all there is. */
function envelopeIn(content: ContentBlock[]): unknown {
  const [text] = content.flatMap((block) => (block.type === 'text' && block.text.startsWith('{') ? [block.text] : []))
  return text === undefined ? undefined : JSON.parse(text)
}

/** Both ways to a server. */
export const SERVERS = {
  createMcpServer,
  registerMcpTools: (source: ToolSource, options?: McpToolOptions) => {
    const server = new McpServer({ name: 'app', version: '1.0.0' })
    registerMcpTools(server, source, options)
    return server
  },
} as const

export function mcpDriver(way: keyof typeof SERVERS): AdapterDriver {
  return {
    name: `MCP (${way})`,
    open: async (source, options) => {
      const client = await connect(SERVERS[way](source, { ...options, envelope_in_meta: true }))
      const { tools } = await client.listTools()
      return {
        names: tools.map(({ name }) => name),
        call: (name, args, tenant) => as(tenant as string | undefined, () => callTool(client, name, args)),
      }
    },
    contextOf: (value) => value,
    valueIn: tenantOf,
  }
}
