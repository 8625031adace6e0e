import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { type StructuredTool, tool } from '@langchain/core/tools'
import {
  Annotation,
  Command,
  END,
  interrupt,
  isInterrupted,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
} from '@langchain/langgraph'
import { ToolNode } from '@langchain/langgraph/prebuilt'
import { type AgentMiddleware, createAgent, toolRetryMiddleware } from 'langchain'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  createCapabilityNode,
  createLangGraphTools,
  envelopeOf,
  type LangGraphContext,
} from '../../../adapters/langgraph/index.js'
import type { ToolSource } from '../../../src/index.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { wire } from './adapter-world.js'

const PROPOSE = 'billing.propose_late_fee_waiver'
const INSPECT = 'billing.inspect_invoice'
const thread = { configurable: { thread_id: 't' } }

const State = Annotation.Root({ invoice: Annotation<string>, ids: Annotation<string[]>, problem: Annotation<string> })
type State = typeof State.State

let shop: Shop
let loop: Loop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())
beforeEach(async () => {
  loop = await openLoop(shop)
})
afterEach(() => loop.close())

const proposals = async () => (await loop.runner.proposals.list()).items
const waiver = () => ({ invoice_id: loop.invoice, reason: 'outage', fee: 0 })
const proposing = (source: ToolSource = loop.runner.session(agent)) =>
  createCapabilityNode(source, PROPOSE, {
    args: ({ invoice }: State) => ({ invoice_id: invoice, reason: 'outage', fee: 0 }),
    to: ({ proposal, error }) => ({ ids: [proposal?.id ?? ''], problem: error?.code ?? '' }),
  })

/** A model that asks for these calls in one message and then ends. */
const script = (...calls: { name: string; args: Record<string, unknown> }[]) =>
  fakeModel()
    .respondWithTools(calls.map((call, index) => ({ ...call, id: `c${index}` })))
    .respond(new AIMessage('done'))

describe('a tool', () => {
  it('answers a plain call with text, whether it succeeds or is refused', async () => {
    const [inspect] = createLangGraphTools(loop.runner.session(agent))
    const ok: unknown = JSON.parse(String(await inspect?.invoke({ invoice_id: loop.invoice })))
    expect(ok).toMatchObject({ ok: true, data: { late_fee_cents: 5500 } })
    const refused: unknown = JSON.parse(String(await inspect?.invoke({ invoice_id: 7 })))
    expect(refused).toMatchObject({ ok: false, error: { code: 'INVALID_ARGUMENT' } })
  })

  it.each([
    ['a list', []],
    ['nothing', null],
    ['a nested object', { invoice_id: { $ne: '' } }],
    ['a key of another object', JSON.parse('{"invoice_id":"x","__proto__":{"a":1}}')],
  ])('refuses %s with the words of the core', async (_, args) => {
    const [inspect] = createLangGraphTools(loop.runner.session(agent))
    const message: unknown = await inspect?.invoke({ type: 'tool_call', name: wire(INSPECT), id: 'c1', args })
    expect(message).toBeInstanceOf(ToolMessage)
    expect(message).toMatchObject({
      status: 'error',
      tool_call_id: 'c1',
      artifact: { ok: false, error: { code: 'INVALID_ARGUMENT' } },
    })
  })

  it('shows a model of createAgent no stack for bad arguments', async () => {
    const model = script({ name: wire(INSPECT), args: { invoice_id: loop.invoice, tenant_id: 'globex' } })
    const tools = createLangGraphTools(loop.runner.session(agent))
    const { messages } = await createAgent({ model, tools }).invoke({ messages: [{ role: 'user', content: 'go' }] })
    const answer = messages.find((message) => ToolMessage.isInstance(message))
    expect(answer).toMatchObject({ status: 'error', name: wire(INSPECT) })
    expect(answer?.text).toContain('INVALID_ARGUMENT')
    expect(answer?.text).not.toMatch(/node_modules|\n\s+at |file:|Received tool input/)
  })

  it('keeps the whole envelope beside what a model is shown, also in a checkpoint', async () => {
    const model = script({ name: wire(INSPECT), args: { invoice_id: loop.invoice } })
    const tools = createLangGraphTools(loop.runner.session(agent), { inline_evidence: 'handles_only' })
    const graph = createAgent({ model, tools, checkpointer: new MemorySaver() })
    await graph.invoke({ messages: [{ role: 'user', content: 'go' }] }, thread)
    const { messages } = (await graph.graph.getState(thread)).values as { messages: BaseMessage[] }
    const answer = messages.find((message) => ToolMessage.isInstance(message))
    expect(answer?.text).not.toMatch(/\b5500\b/)
    expect(answer?.artifact).toMatchObject({ data: { late_fee_cents: 5500 } })
  })

  it('tells its own callbacks of a call, under its tags and metadata', async () => {
    const [tool] = createLangGraphTools(loop.runner.session(agent), { only: [INSPECT] })
    if (tool === undefined) throw new Error('There is no tool.')
    const told: unknown[] = []
    tool.callbacks = [
      { handleToolStart: (_tool, _input, _run, _parent, tags, metadata) => void told.push([tags, metadata]) },
    ]
    tool.tags = ['desk']
    tool.metadata = { team: 'support' }
    await tool.invoke({ invoice_id: loop.invoice, tenant_id: 'globex' })
    expect(told).toEqual([[['desk'], expect.objectContaining({ team: 'support' })]])
  })

  it('gives the whole envelope of a message to the host, and none of other messages', async () => {
    const [tool] = createLangGraphTools(loop.runner.session(agent), { only: [INSPECT], inline_evidence: 'summary' })
    const args = { invoice_id: loop.invoice }
    const message = await tool?.invoke({ name: tool.name, args, id: 'c1', type: 'tool_call' })
    expect(envelopeOf(message)).toMatchObject({ ok: true, data: { late_fee_cents: 5500 } })
    expect(envelopeOf(new AIMessage('done'))).toBeUndefined()
    for (const artifact of [{ rows: [] }, { source_database_changed: false, proposal: 'wrp_1' }]) {
      expect(envelopeOf(new ToolMessage({ content: '', tool_call_id: 'c2', artifact }))).toBeUndefined()
    }
  })

  it('gives the link of the host to what is recorded', async () => {
    const link = (host: unknown) => {
      const { configurable } = host as LangGraphContext
      return { run_id: String(configurable?.thread_id), step_key: 'tools' }
    }
    const tools = createLangGraphTools(loop.runner.session(agent), { link })
    const graph = createAgent({ model: script({ name: wire(PROPOSE), args: waiver() }), tools })
    await graph.invoke({ messages: [{ role: 'user', content: 'go' }] }, thread)
    const [item] = await proposals()
    expect(await loop.runner.proposals.get(item?.proposal_id ?? '')).toMatchObject({ run_id: 't' })
  })
})

describe('a call that the framework repeats', () => {
  const ask = tool(async () => String(interrupt('may I?')), {
    name: 'ask',
    description: 'Asks.',
    schema: z.object({ q: z.string() }),
  })
  const both = () => [
    { name: wire(PROPOSE), args: waiver() },
    { name: 'ask', args: { q: '?' } },
  ]

  it('makes one proposal where a sibling interrupts and ToolNode runs both again', async () => {
    const calls: string[] = []
    const tools: StructuredTool[] = [...createLangGraphTools(loop.runner.sessionsFrom(counted(calls))), ask]
    const model = script(...both())
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('model', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode('tools', new ToolNode(tools))
      .addEdge(START, 'model')
      .addEdge('model', 'tools')
      .addEdge('tools', END)
      .compile({ checkpointer: new MemorySaver() })
    await graph.invoke({ messages: [{ role: 'user', content: 'go' }] }, thread)
    await graph.invoke(new Command({ resume: 'yes' }), thread)
    expect(calls).toHaveLength(2)
    expect(await proposals()).toHaveLength(1)
  })

  it('makes one proposal where createAgent goes on after an interrupt', async () => {
    const tools = [...createLangGraphTools(loop.runner.session(agent)), ask]
    const graph = createAgent({ model: script(...both()), tools, checkpointer: new MemorySaver() })
    await graph.invoke({ messages: [{ role: 'user', content: 'go' }] }, thread)
    const { messages } = await graph.invoke(new Command({ resume: 'yes' }), thread)
    expect(messages.at(-1)?.text).toBe('done')
    expect(await proposals()).toHaveLength(1)
  })

  it('makes one proposal where middleware retries the tool', async () => {
    const calls: string[] = []
    const tools = createLangGraphTools(failingAfter(loop.runner.sessionsFrom(counted(calls)), 2))
    const retry = toolRetryMiddleware({ maxRetries: 2, initialDelayMs: 1, jitter: false })
    // Its type does not hold under exactOptionalPropertyTypes.
    const middleware = [retry as AgentMiddleware]
    const graph = createAgent({ model: script({ name: wire(PROPOSE), args: waiver() }), tools, middleware })
    await graph.invoke({ messages: [{ role: 'user', content: 'go' }] })
    expect(calls).toHaveLength(3)
    expect(await proposals()).toHaveLength(1)
  })

  it('makes one proposal where a node runs again after an interrupt behind it', async () => {
    const calls: string[] = []
    const propose = proposing(loop.runner.sessionsFrom(counted(calls)))
    const seen: unknown[] = []
    const graph = new StateGraph(State)
      .addNode('both', async (state: State, config) => {
        const update = await propose(state, config)
        seen.push(update.ids)
        return { ...update, problem: String(interrupt('go on?')) }
      })
      .addEdge(START, 'both')
      .addEdge('both', END)
      .compile({ checkpointer: new MemorySaver() })
    expect(isInterrupted(await graph.invoke({ invoice: loop.invoice }, thread))).toBe(true)
    expect(await graph.invoke(new Command({ resume: 'yes' }), thread)).toMatchObject({ problem: 'yes' })
    expect(calls).toHaveLength(2)
    expect(seen[0]).toEqual(seen[1])
    expect(await proposals()).toHaveLength(1)
  })

  it('makes one proposal under a retry policy, in a rerun of the thread and from an older checkpoint', async () => {
    const propose = proposing()
    let attempts = 0
    const graph = new StateGraph(State)
      .addNode(
        'propose',
        async (state: State, config) => {
          const update = await propose(state, config)
          attempts += 1
          if (attempts < 3) throw new Error('after the effect')
          return update
        },
        { retryPolicy: { maxAttempts: 3, initialInterval: 1, jitter: false } },
      )
      .addEdge(START, 'propose')
      .addEdge('propose', END)
      .compile({ checkpointer: new MemorySaver() })
    const first = await graph.invoke({ invoice: loop.invoice }, thread)
    const again = await graph.invoke({ invoice: loop.invoice }, thread)
    const before: object[] = []
    for await (const { next, config } of graph.getStateHistory(thread)) if (next[0] === 'propose') before.push(config)
    const older = await graph.invoke(null, before.at(-1))
    expect(attempts).toBe(5)
    expect([again.ids, older.ids]).toEqual([first.ids, first.ids])
    expect(await proposals()).toHaveLength(1)
  })
})

describe('a capability node', () => {
  it('reads and proposes for a state of Annotation.Root', async () => {
    const session = loop.runner.session(agent)
    const inspect = createCapabilityNode(session, INSPECT, {
      args: ({ invoice }: State) => ({ invoice_id: invoice }),
      to: ({ data }) => ({ problem: JSON.stringify(data) }),
    })
    const graph = new StateGraph(State)
      .addNode('inspect', inspect)
      .addNode('propose', proposing())
      .addEdge(START, 'inspect')
      .addEdge('inspect', 'propose')
      .compile()
    const { ids } = await graph.invoke({ invoice: loop.invoice })
    expect((await proposals()).map(({ proposal_id }) => proposal_id)).toEqual(ids)
    expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('5500')
  })

  it('reads for a state in zod, and goes where a Command says', async () => {
    const state = z.object({ invoice: z.string(), fee: z.number().default(-1) })
    const inspect = createCapabilityNode(loop.runner.session(agent), INSPECT, {
      args: ({ invoice }: z.infer<typeof state>) => ({ invoice_id: invoice }),
      to: ({ ok }) => new Command({ update: { fee: 1 }, goto: ok ? 'found' : 'missing' }),
    })
    const graph = new StateGraph(state)
      .addNode('inspect', inspect, { ends: ['found', 'missing'] })
      .addNode('found', ({ fee }) => ({ fee: fee + 1 }))
      .addNode('missing', () => ({ fee: 0 }))
      .addEdge(START, 'inspect')
      .compile()
    expect((await graph.invoke({ invoice: loop.invoice })).fee).toBe(2)
    expect((await graph.invoke({ invoice: 'INV-NONE' })).fee).toBe(0)
  })

  it('hands a refusal on as an answer', async () => {
    const graph = new StateGraph(State).addNode('propose', proposing()).addEdge(START, 'propose').compile()
    expect((await graph.invoke({ invoice: 'INV-NONE' })).problem).toBe('NOT_FOUND')
  })

  it('lets an interrupt of `to` through, and proposes once', async () => {
    const propose = createCapabilityNode(loop.runner.session(agent), PROPOSE, {
      args: ({ invoice }: State) => ({ invoice_id: invoice, reason: 'outage' }),
      to: ({ proposal }) => ({ problem: `${proposal?.status} ${interrupt('sure?')}` }),
    })
    const graph = new StateGraph(State)
      .addNode('propose', propose)
      .addEdge(START, 'propose')
      .compile({ checkpointer: new MemorySaver() })
    expect(await graph.invoke({ invoice: loop.invoice }, thread)).toHaveProperty('__interrupt__.0.value', 'sure?')
    const { problem } = await graph.invoke(new Command({ resume: 'yes' }), thread)
    expect(problem).toBe('pending_review yes')
    expect(await proposals()).toHaveLength(1)
  })

  it('is refused when it is made for a name that the contract lacks', () => {
    const options = { args: () => ({}), to: () => ({}) }
    expect(() => createCapabilityNode(loop.runner.session(agent), 'billing.none', options)).toThrow(
      expect.objectContaining({ code: 'CAPABILITY_NOT_FOUND' }),
    )
  })

  it('calls what an adapter of the contract exposes, for the sessions that it is for', async () => {
    const expose = [{ capability: INSPECT, as: 'look_up' }]
    const adapters = { desk: { type: 'langgraph', expose, roles: ['support'] } }
    const other = await openLoop(shop, { config: { adapters } })
    const inspect = (roles: string[]) =>
      createCapabilityNode(other.runner.session({ ...agent, roles }), INSPECT, {
        adapter: 'desk',
        args: ({ invoice }: { invoice: string }) => ({ invoice_id: invoice }),
        to: ({ error }) => error?.code ?? 'read',
      })({ invoice: other.invoice }, {})
    expect(await inspect(['support'])).toBe('read')
    expect(await inspect([])).toBe('CAPABILITY_NOT_FOUND')
    await other.close()
  })

  it('finds its session in the context of the run', async () => {
    const source = loop.runner.sessionsFrom((host) => {
      const { context } = host as LangGraphContext
      return { tenant_id: Object(context).tenant, principal: 'agent' }
    })
    const inspect = createCapabilityNode(source, INSPECT, {
      args: ({ invoice }: State) => ({ invoice_id: invoice }),
      to: ({ error }) => ({ problem: error?.code ?? 'none' }),
    })
    const graph = new StateGraph(State, z.object({ tenant: z.string().nullable() }))
      .addNode('inspect', inspect)
      .addEdge(START, 'inspect')
      .compile()
    const read = async (tenant: string | null) =>
      (await graph.invoke({ invoice: loop.invoice }, { context: { tenant } })).problem
    expect([await read('acme'), await read('globex'), await read(null)]).toEqual([
      'none',
      'NOT_FOUND',
      'CONTEXT_MISSING',
    ])
  })
})

/** Says who calls, and notes that somebody did. */
function counted(calls: string[]) {
  return () => {
    calls.push('call')
    return { tenant_id: 'acme', principal: 'support_agent_17' }
  }
}

/** A source whose tools fail after their effect, the first times. */
function failingAfter(source: ReturnType<Loop['runner']['sessionsFrom']>, times: number): typeof source {
  let left = times
  return {
    ...source,
    tools: (options) =>
      source.tools(options).map((definition) => ({
        ...definition,
        call: async (...given) => {
          const envelope = await definition.call(...given)
          left -= 1
          if (left >= 0) throw new Error('after the effect')
          return envelope
        },
      })),
  }
}
