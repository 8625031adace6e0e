import { tool as langchainTool } from '@langchain/core/tools'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { tool as agentsTool, RunContext } from '@openai/agents'
import { tool as aiTool, jsonSchema } from 'ai'
import type { Runner, Session } from '../../src/index.js'
import { agent, INSPECT, invoiceId } from '../contract.js'
import type { Bench, Figure } from '../figure.js'
import { compare, describeEffort, type totalCalls } from '../measure.js'
import { openSqliteWorld } from '../worlds/sqlite.js'

const WIRE = INSPECT.replaceAll('.', '__')
const SCHEMA = {
  type: 'object' as const,
  properties: { invoice_id: { type: 'string' as const } },
  required: ['invoice_id'],
  additionalProperties: false as const,
}

type Call = (id: string) => Promise<unknown>

/** One call through a framework: our tool, and one that was written by hand around `session.call`. */
interface Pair {
  readonly ours: Call
  readonly byHand: Call
}

type Make = (bench: Bench, session: Session) => Promise<Pair> | Pair

const GOAL = 1.1
const MCP_GOAL = 1.15

const FRAMEWORKS: Readonly<Record<string, Make>> = {
  ai: ({ library }, session) => {
    const ours = library.createAISDKTools(session)[WIRE]
    const byHand = aiTool({
      inputSchema: jsonSchema<{ invoice_id: string }>(SCHEMA),
      execute: (input) => session.call(INSPECT, input),
    })
    const options = { toolCallId: 'c1', messages: [] }
    return {
      ours: async (invoice_id) => ours?.execute({ invoice_id }, options),
      byHand: async (invoice_id) => byHand.execute?.({ invoice_id }, options),
    }
  },
  'openai-agents': ({ library }, session) => {
    const [ours] = library.createOpenAIAgentsTools(session)
    const byHand = agentsTool({
      name: WIRE,
      description: 'Reads an invoice.',
      parameters: { ...SCHEMA, required: ['invoice_id'], additionalProperties: true },
      strict: false,
      execute: async (input) => JSON.stringify(await session.call(INSPECT, input)),
    })
    const context = new RunContext()
    const text = (invoice_id: string) => JSON.stringify({ invoice_id })
    return {
      ours: async (id) => ours?.invoke(context, text(id)),
      byHand: (id) => byHand.invoke(context, text(id)),
    }
  },
  langgraph: ({ library }, session) => {
    const [ours] = library.createLangGraphTools(session)
    const byHand = langchainTool(
      async (input: unknown) => {
        const envelope = await session.call(INSPECT, input)
        return [JSON.stringify(envelope), envelope]
      },
      { name: WIRE, description: 'Reads an invoice.', schema: SCHEMA, responseFormat: 'content_and_artifact' },
    )
    const call = (invoice_id: string) => ({ name: WIRE, args: { invoice_id }, id: 'c1', type: 'tool_call' }) as const
    return { ours: async (id) => ours?.invoke(call(id)), byHand: (id) => byHand.invoke(call(id)) }
  },
  'function-calling': ({ library }, session) => {
    const { call, toModel } = library.createFunctionTools(session, { format: 'openai-chat' })
    const text = (invoice_id: string) => JSON.stringify({ invoice_id })
    return {
      ours: async (id) => JSON.stringify(toModel(WIRE, await call(WIRE, text(id)))),
      byHand: async (id) => JSON.stringify(await session.call(INSPECT, text(id))),
    }
  },
  mcp: async ({ library }, session) => {
    const minimal = new Server({ name: 'minimal', version: '1' }, { capabilities: { tools: {} } })
    minimal.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: [{ name: WIRE, inputSchema: { type: 'object' } }],
    }))
    minimal.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      const envelope = await session.call(INSPECT, params.arguments)
      return { content: [{ type: 'text', text: JSON.stringify(envelope) }], structuredContent: { ...envelope } }
    })
    const [ours, byHand] = [await connect(library.createMcpServer(session)), await connect(minimal)]
    const call = (client: Client) => (invoice_id: string) => client.callTool({ name: WIRE, arguments: { invoice_id } })
    return { ours: call(ours), byHand: call(byHand) }
  },
}

async function connect(server: Server): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair()
  const client = new Client({ name: 'bench', version: '1' })
  await Promise.all([server.connect(far), client.connect(near)])
  return client
}

/** A call through each adapter, against a tool of the same framework that was written by hand around `session.call`. */
export const adapters: Figure = {
  name: 'adapters',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 200, times: 2, warmup: 100 } : { calls: 1000, times: 3, warmup: 300 }
    const world = await openSqliteWorld(bench, 1000)
    try {
      return await measureEach(bench, world.runner, effort)
    } finally {
      await world.close()
    }
  },
}

async function measureEach(bench: Bench, runner: Runner, effort: Parameters<typeof totalCalls>[0]) {
  const measurements = []
  for (const [name, make] of Object.entries(FRAMEWORKS)) {
    const { ours, byHand } = await make(bench, runner.session(agent))
    const times = await compare({
      ...effort,
      ours: (call) => ours(invoiceId(call % 1000)),
      reference: (call) => byHand(invoiceId(call % 1000)),
    })
    const goal = name === 'mcp' ? MCP_GOAL : GOAL
    const note = describeEffort(effort)
    measurements.push({ name: `adapters:${name}`, engine: 'sqlite', ...times, goal, unit: 'ms', note } as const)
  }
  return measurements
}
