import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAISDKTools } from '../../../adapters/ai/index.js'
import { createFunctionTools } from '../../../adapters/function-calling/index.js'
import { createApprovalNode, createCapabilityNode, createLangGraphTools } from '../../../adapters/langgraph/index.js'
import { createMcpServer, registerMcpTools } from '../../../adapters/mcp/index.js'
import { createOpenAIAgentsTools } from '../../../adapters/openai-agents/index.js'
import type { ToolSource } from '../../../src/index.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'

/** What a model's side must not be able to do, by the names that these things have here. */
const FORBIDDEN =
  /^(approve|reject|requestInformation|revoke|apply|applyJob|exportJob|reconcile|migrate|reviewer|query|execute_?sql|exec|prepare|run_?sql|append|ledger|sources|driver|ports|connection)$/i

/** Walks everything that code holding `start` can get at without calling anything: values, getters aside, and prototypes. */
function pathsIn(start: unknown): readonly string[] {
  const seen = new Set<object>()
  const found: string[] = []
  const queue: [object, string][] = [[Object(start), '']]
  for (const [value, path] of queue) {
    if (seen.has(value)) continue
    seen.add(value)
    const inner = value instanceof Map || value instanceof Set ? [...value.values()] : []
    for (const [index, each] of inner.entries()) if (isHeld(each)) queue.push([each, `${path}(${index})`])
    for (const key of Reflect.ownKeys(value)) {
      // Schemas are made of zod here, whose objects have an `apply` of their own.
      if (key === 'inputSchema' || key === 'outputSchema') continue
      const at = `${path}.${String(key)}`
      const held = Reflect.getOwnPropertyDescriptor(value, key)?.value
      found.push(at)
      if (isHeld(held)) queue.push([held, at])
    }
    const prototype = Reflect.getPrototypeOf(value)
    if (prototype !== null && typeof value === 'object' && !BUILT_IN.has(prototype))
      queue.push([prototype, `${path}.__proto__`])
  }
  return found
}

const BUILT_IN = new Set<object>(
  [Object, Array, Function, Map, Set, Promise, RegExp, Error].map(({ prototype }) => prototype),
)

function isHeld(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

const MAKERS: Readonly<Record<string, (source: ToolSource) => unknown>> = {
  'a session or source': (source) => source,
  'its tools': (source) => source.toolset({ status_tool: true }),
  'the AI SDK tools': (source) => createAISDKTools(source, { status_tool: true }),
  'the OpenAI Agents tools': (source) => createOpenAIAgentsTools(source, { status_tool: true }),
  'the LangGraph tools': (source) => createLangGraphTools(source, { status_tool: true }),
  'a capability node': (source) =>
    createCapabilityNode(source, 'billing.inspect_invoice', { args: () => ({ invoice_id: 'x' }), to: () => ({}) }),
  'an approval node': (source) => createApprovalNode(source, { proposal: () => 'wrp_1', to: () => ({}) }),
  'an MCP server': (source) => createMcpServer(source, { status_tool: true }),
  'a server with MCP tools': (source) => {
    const server = new McpServer({ name: 'app', version: '1.0.0' })
    registerMcpTools(server, source)
    return server
  },
  'the function tools': (source) => createFunctionTools(source, { format: 'openai-chat' }),
}

describe('nothing that a model’s side holds leads to approve, apply or SQL', () => {
  let shop: Shop
  let loop: Loop
  beforeAll(async () => {
    shop = await openSqliteShop()
    loop = await openLoop(shop)
    await loop.propose()
  })
  afterAll(async () => {
    await loop.close()
    await shop.drop()
  })

  it.each(Object.entries(MAKERS))('%s', (_, make) => {
    for (const source of [loop.runner.session(agent), loop.runner.sessionsFrom(() => agent)]) {
      const paths = pathsIn(make(source))
      expect(paths.length).toBeGreaterThan(1)
      expect(paths.filter((path) => FORBIDDEN.test(path.split('.').at(-1) ?? ''))).toEqual([])
    }
  })

  it('is found where it is: the runner has all of it', () => {
    const names = pathsIn(loop.runner).map((path) => path.split('.').at(-1))
    expect(names).toEqual(expect.arrayContaining(['approve', 'apply', 'reviewer', 'ledger']))
  })
})
