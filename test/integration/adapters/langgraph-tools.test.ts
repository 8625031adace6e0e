import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages'
import { ToolNode } from '@langchain/langgraph/prebuilt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLangGraphTools, envelopeOf } from '../../../adapters/langgraph/index.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { wire } from './adapter-world.js'

const INSPECT = wire('billing.inspect_invoice')

let shop: Shop
let loop: Loop
beforeAll(async () => {
  shop = await openSqliteShop()
  loop = await openLoop(shop)
})
afterAll(async () => {
  await loop.close()
  await shop.drop()
})

/** What a framework that checks nothing passes on. */
const UNFIT: readonly (readonly [string, unknown])[] = [
  ['no arguments', undefined],
  ['null', null],
  ['a list', ['INV-1']],
  ['a number', 7],
  ['a bigint', 7n],
  ['a text', 'INV-1'],
  ['a symbol', Symbol('INV-1')],
  ['a bigint in its place', { invoice_id: 7n }],
  ['undefined in its place', { invoice_id: undefined }],
]

/** A tool, with a callback that is told of each call. */
function inspectTool() {
  const [tool] = createLangGraphTools(loop.runner.session(agent), { only: ['billing.inspect_invoice'] })
  if (tool === undefined) throw new Error('There is no tool.')
  const told: string[] = []
  const callbacks = [{ handleToolStart: () => void told.push('start'), handleToolEnd: () => void told.push('end') }]
  return { tool, told, config: { callbacks } }
}

describe('a LangGraph tool', () => {
  it.each(UNFIT)('has the core answer a tool call with %s', async (_, args) => {
    const { tool, told, config } = inspectTool()
    const call = { type: 'tool_call', id: 'c1', name: INSPECT, args } as never
    const message: unknown = await tool.invoke(call, config)
    expect(message).toMatchObject({ status: 'error', tool_call_id: 'c1', name: INSPECT })
    expect(envelopeOf(message as BaseMessage)?.error?.code).toBe('INVALID_ARGUMENT')
    expect(told).toContain('end')
  })

  it.each(UNFIT)('has the core answer %s that are given to it alone', async (_, args) => {
    const { tool } = inspectTool()
    expect(await tool.invoke(args as never)).toContain('INVALID_ARGUMENT')
  })

  it.each(UNFIT)('has the core answer %s in a ToolNode', async (_, args) => {
    const { tool } = inspectTool()
    const asked = new AIMessage({ content: '', tool_calls: [{ type: 'tool_call', id: 'c1', name: INSPECT, args: {} }] })
    Object.assign(asked.tool_calls?.[0] ?? {}, { args })
    const { messages } = await new ToolNode([tool]).invoke({ messages: [asked] })
    expect(envelopeOf(messages[0])?.error?.code).toBe('INVALID_ARGUMENT')
  })

  it('answers the call that the framework has deprecated, by the core too', async () => {
    const { tool } = inspectTool()
    expect(await tool.call({ invoice_id: loop.invoice })).toContain('"ok":true')
    expect(await tool.call({ invoice_id: 7 })).toContain('INVALID_ARGUMENT')
  })

  it('has a schema of its own that the framework may write to', () => {
    const session = loop.runner.session(agent)
    const [definition] = session.tools()
    const [tool] = createLangGraphTools(session)
    expect(tool?.schema).toEqual(definition?.input_schema)
    Object.defineProperty(tool?.schema, '__absolute_uri__', { value: 'x' })
    expect(definition?.input_schema).not.toHaveProperty('__absolute_uri__')
  })
})

describe('envelopeOf', () => {
  const message = new ToolMessage({ content: 'x', tool_call_id: 'c1' })
  it.each([
    undefined,
    null,
    7,
    'text',
    {},
    [],
    message,
    { artifact: null },
    { artifact: 'text' },
    { artifact: { ok: true } },
  ])('gives nothing of %j', (odd) => {
    expect(envelopeOf(odd as BaseMessage)).toBeUndefined()
  })
})
