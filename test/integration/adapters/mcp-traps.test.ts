import { readFileSync } from 'node:fs'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { CallToolResultSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { z as z3 } from 'zod/v3'
import { createMcpServer, envelopeOf, type McpHostContext, registerMcpTools } from '../../../adapters/mcp/index.js'
import type { ToolOptions } from '../../../src/index.js'
import { agent, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { wire } from './adapter-world.js'
import { as, callTool, connect, SERVERS, tenantOf } from './mcp-world.js'

const INSPECT = wire('billing.inspect_invoice')
const PROPOSE = wire('billing.propose_late_fee_waiver')
const STATUS = wire('synapsor.proposal_status')

let shop: Shop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(async () => {
  await shop.drop()
})

const waiver = (loop: Loop) => ({ invoice_id: loop.invoice, reason: 'outage', fee: 0 })
const addressOf = (id: string | undefined) => `synapsor://proposals/${id}`
const refusalOf = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error)

function jsonIn({ contents }: { contents: readonly object[] }): unknown {
  const [first = {}] = contents
  return JSON.parse('text' in first ? String(first.text) : '')
}

/** The answer as the client gets it. */
async function answerOf(client: Client, name: string, args: Record<string, unknown>) {
  return CallToolResultSchema.parse(await client.callTool({ name, arguments: args }))
}

describe.each(['createMcpServer', 'registerMcpTools'] as const)('a server of %s', (way) => {
  let loop: Loop
  let client: Client
  const serve = async (options?: ToolOptions, context = agent) => {
    const server = SERVERS[way](loop.runner.session(context), { ...options, envelope_in_meta: true })
    client = await connect(server)
    await client.listTools()
    return server
  }
  const world = async (...given: Parameters<typeof serve>): Promise<Server | McpServer> => {
    loop = await openLoop(shop)
    return await serve(...given)
  }

  it.each(['full', 'summary', 'handles_only'] as const)(
    'answers within the schemas that it lists, at %s',
    async (inline_evidence) => {
      await world({ inline_evidence, status_tool: true })
      const read = await answerOf(client, INSPECT, { invoice_id: loop.invoice })
      const proposed = await answerOf(client, PROPOSE, waiver(loop))
      const { id = '', hash = '' } = (await callTool(client, PROPOSE, waiver(loop))).envelope?.proposal ?? {}
      await loop.runner.approve(id, { hash, approver: lead, reason: 'agreed' })
      await loop.runner.apply(id)
      const stands = await answerOf(client, STATUS, { proposal_id: id })

      for (const { content, structuredContent, isError } of [read, proposed, stands]) {
        expect(isError).toBeUndefined()
        expect(content[0]).toEqual({ type: 'text', text: JSON.stringify(structuredContent) })
      }
      await loop.close()
    },
  )

  it('answers many rows within the schema that it lists', async () => {
    loop = await openLoop(shop, { inspect: { max_rows: 5, args: {}, lookup: undefined } })
    await serve()
    const { structuredContent } = await answerOf(client, INSPECT, {})
    expect(structuredContent?.data).toBeInstanceOf(Array)
    await loop.close()
  })

  it('tells a refusal as an error without structured content, and its host in full', async () => {
    await world({ inline_evidence: 'handles_only' })
    const answer = await answerOf(client, INSPECT, { invoice_id: 'INV-NONE' })
    expect(answer).toMatchObject({ isError: true, content: [{ type: 'text' }] })
    expect(answer).not.toHaveProperty('structuredContent')
    const envelope = answer._meta?.['synapsor/envelope']
    expect(envelope).toMatchObject({ ok: false, error: { code: 'NOT_FOUND', retry: 'never' } })
    expect(answer.content).toEqual([{ type: 'text', text: JSON.stringify(envelope) }])
    await loop.close()
  })

  it('sends nothing beside what it shows unless it is asked to', async () => {
    loop = await openLoop(shop)
    client = await connect(SERVERS[way](loop.runner.session(agent), { inline_evidence: 'handles_only' }))
    const answer = await client.callTool({ name: INSPECT, arguments: { invoice_id: loop.invoice } })
    expect(answer).not.toHaveProperty('_meta')
    expect(JSON.stringify(answer)).not.toMatch(/\b5500\b/)
    await loop.close()
  })

  it('lists schemas that take no other arguments, the same for every tenant to the byte', async () => {
    await world()
    const { tools } = await client.listTools()
    expect(tools.map(({ inputSchema }) => inputSchema.additionalProperties)).toEqual([false, false])
    expect(tools[0]).toMatchObject({
      title: 'Inspect invoice',
      inputSchema: { properties: { invoice_id: { type: 'string', maxLength: 64 } }, required: ['invoice_id'] },
      outputSchema: { additionalProperties: false },
      annotations: { readOnlyHint: true, destructiveHint: false },
    })
    await serve({}, { tenant_id: 'globex', principal: 'agent' })
    expect(JSON.stringify((await client.listTools()).tools)).toBe(JSON.stringify(tools))
    await loop.close()
  })

  it('does not let an argument in by the prototype', async () => {
    await world()
    const args: unknown = JSON.parse(`{"invoice_id":"${loop.invoice}","__proto__":{"tenant_id":"globex"}}`)
    const { envelope } = await callTool(client, INSPECT, args)
    expect(envelope?.data).toMatchObject({ id: loop.invoice })
    await loop.close()
  })

  it.each([['a list'], 'text', 7])('answers arguments that are no object (%j) without a stack', async (args) => {
    await world()
    const refusal = String(await refusalOf(callTool(client, INSPECT, args)))
    expect(refusal).toContain('expected record')
    expect(refusal).not.toMatch(/node_modules|at \w+ \(/)
    await loop.close()
  })

  it('makes one proposal of a call that was cancelled and its repetition, with progress asked for', async () => {
    await world()
    const call = { name: PROPOSE, arguments: waiver(loop) }
    const cancelling = new AbortController()
    const first = refusalOf(
      client.callTool(call, undefined, { signal: cancelling.signal, onprogress: () => undefined }),
    )
    cancelling.abort(new Error('the user left'))
    expect(await first).toBeInstanceOf(Error)
    const again = await client.callTool(call, undefined, { onprogress: () => undefined })

    expect(again.isError).toBeUndefined()
    expect((await loop.runner.proposals.list()).items).toHaveLength(1)
    await loop.close()
  })

  it('answers two calls at once', async () => {
    await world()
    const [read, proposed] = await Promise.all([
      callTool(client, INSPECT, { invoice_id: loop.invoice }),
      callTool(client, PROPOSE, waiver(loop)),
    ])
    expect([read.envelope?.kind, proposed.envelope?.kind]).toEqual(['read', 'proposal'])
    expect([read.envelope?.ok, proposed.envelope?.ok]).toEqual([true, true])
    await loop.close()
  })

  it('serves one client', async () => {
    const server = await world()
    await expect(server.connect(InMemoryTransport.createLinkedPair()[0])).rejects.toThrow('Already connected')
    await loop.close()
  })

  it('links a proposal to where its session, and no other, reads how it stands', async () => {
    loop = await openLoop(shop)
    const source = loop.runner.sessionsFrom((host) => {
      const tenant_id = tenantOf(host)
      if (typeof tenant_id !== 'string') throw new Error('secret of the host')
      return { tenant_id, principal: 'agent' }
    })
    client = await connect(SERVERS[way](source))
    const { content } = await as('acme', () => answerOf(client, PROPOSE, waiver(loop)))
    const [link] = content.flatMap((block) => (block.type === 'resource_link' ? [block] : []))
    const uri = link?.uri ?? ''
    const read = () => client.readResource({ uri })

    expect(uri).toMatch(/^synapsor:\/\/proposals\/wrp_/)
    const [contents] = (await as('acme', read)).contents
    const session = loop.runner.session({ tenant_id: 'acme', principal: 'agent' })
    // What a model is not shown of a proposal it does not read here either.
    const { hash: _, next_allowed_actions: __, capability: ___, ...own } = await session.status(link?.name ?? '')
    expect(JSON.parse(contents !== undefined && 'text' in contents ? contents.text : '')).toMatchObject(own)

    const absent = { code: -32002, data: { code: 'PROPOSAL_NOT_FOUND' } }
    expect(await refusalOf(as('globex', read))).toMatchObject(absent)
    expect(await refusalOf(as('acme', () => client.readResource({ uri: addressOf('wrp_none') })))).toMatchObject(absent)
    const nobody = await refusalOf(read())
    expect(nobody).toMatchObject({ data: { code: 'CONTEXT_MISSING' } })
    expect(String(nobody)).not.toContain('secret')
    await loop.close()
  })

  it('shows as much of a proposal under its address as its tools do', async () => {
    await world({ inline_evidence: 'handles_only' })
    const { envelope } = await callTool(client, PROPOSE, waiver(loop))
    const read = JSON.stringify(await client.readResource({ uri: addressOf(envelope?.proposal?.id) }))
    expect(read).toContain('pending_review')
    expect(read).not.toContain('diff')
    await loop.close()
  })

  it('links what was read to its evidence, as its session saw it then', async () => {
    await world()
    const { content } = await answerOf(client, INSPECT, { invoice_id: loop.invoice })
    const [link] = content.flatMap((block) => (block.type === 'resource_link' ? [block] : []))
    expect(link?.uri).toMatch(/^synapsor:\/\/evidence\/ev_/)
    const read = async () => jsonIn(await client.readResource({ uri: link?.uri ?? '' }))
    expect(await read()).toMatchObject({ bundle_id: link?.name, row_count: 1, rows: [{ late_fee_cents: 5500 }] })

    await serve({ inline_evidence: 'summary' })
    expect(await read()).toMatchObject({ row_count: 1 })
    expect(JSON.stringify(await read())).not.toMatch(/\b5500\b/)
    await serve({}, { ...agent, principal: 'other' })
    expect(await refusalOf(read())).toMatchObject({ code: -32002, data: { code: 'EVIDENCE_NOT_FOUND' } })
    await loop.close()
  })

  it('tells what has happened to a proposal, and nobody’s name', async () => {
    await world()
    const { envelope } = await callTool(client, PROPOSE, waiver(loop))
    const { id = '', hash = '' } = envelope?.proposal ?? {}
    await loop.runner.approve(id, { hash, approver: lead })
    await loop.runner.apply(id)
    const read = async () => jsonIn(await client.readResource({ uri: `synapsor://replay/${id}` }))
    const story = await read()
    expect(story).toMatchObject({
      proposal: { id, status: 'applied', diff: { late_fee_cents: { before: 5500, after: 0 } } },
      evidence: { rows: [{ late_fee_cents: 5500 }] },
      timeline: [
        { type: 'proposal.created' },
        { type: 'proposal.approved' },
        { type: 'apply.started' },
        { type: 'receipt.recorded' },
      ],
    })
    expect(JSON.stringify(story)).not.toMatch(/dana|billing_lead|sha256/)
    await serve({ inline_evidence: 'handles_only' })
    expect(JSON.stringify(await read())).not.toMatch(/\b5500\b|diff/)
    await loop.close()
  })

  it('keeps what its adapter does not expose out of its resources', async () => {
    const expose = [{ capability: 'billing.inspect_invoice' }]
    loop = await openLoop(shop, { config: { adapters: { reading: { type: 'mcp', expose } } } })
    const { id } = await loop.propose()
    await serve({ adapter: 'reading', status_tool: true })
    const absent = { data: { code: 'PROPOSAL_NOT_FOUND' } }
    expect(await refusalOf(client.readResource({ uri: addressOf(id) }))).toMatchObject(absent)
    expect(await refusalOf(client.readResource({ uri: `synapsor://replay/${id}` }))).toMatchObject(absent)
    const { envelope } = await callTool(client, STATUS, { proposal_id: id })
    expect(envelope?.error?.code).toBe('PROPOSAL_NOT_FOUND')
    await loop.close()
  })

  it('lists its templates, and has nothing under other addresses', async () => {
    await world()
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'synapsor://proposals/{id}',
      'synapsor://evidence/{id}',
      'synapsor://replay/{id}',
      'synapsor://runs/{id}',
    ])
    expect((await client.listResources()).resources).toEqual([])
    const other = await refusalOf(client.readResource({ uri: 'synapsor://ledger/1' }))
    expect(other).toMatchObject({ message: expect.stringMatching(/no resource|not found/) })
    await loop.close()
  })

  it('gives a client’s program the whole envelope of a result where it is sent, and nothing of others', async () => {
    await world({ inline_evidence: 'handles_only' })
    const answer = await answerOf(client, INSPECT, { invoice_id: loop.invoice })
    expect(envelopeOf(answer)).toMatchObject({ ok: true, data: { late_fee_cents: 5500 } })
    expect(envelopeOf({})).toBeUndefined()
    const whole = envelopeOf(answer)
    expect(envelopeOf({ _meta: { 'synapsor/envelope': { ...whole, evidence: 'ev_1' } } })).toBeUndefined()
    await loop.close()
  })
})

describe('createMcpServer', () => {
  it('serves the claims of a verified token, and nobody without one', async () => {
    const trusted_context = { provider: 'http_claims', values: { tenant_id_key: 'tenant_id', principal_key: 'sub' } }
    const loop = await openLoop(shop, { config: { trusted_context } })
    const source = loop.runner.sessionsFrom((hostContext) => {
      const { authInfo } = hostContext as McpHostContext
      return { claims: authInfo?.extra ?? {} }
    })
    const client = await connect(createMcpServer(source))
    const read = () => callTool(client, INSPECT, { invoice_id: loop.invoice })
    expect((await as('acme', read)).envelope?.ok).toBe(true)
    expect((await as('globex', read)).envelope?.error?.code).toBe('NOT_FOUND')
    expect((await read()).envelope?.error?.code).toBe('CONTEXT_MISSING')
    await loop.close()
  })

  it('answers a name that it does not have with an envelope', async () => {
    const loop = await openLoop(shop)
    const client = await connect(createMcpServer(loop.runner.session(agent)))
    const { envelope, shown } = await callTool(client, 'billing__approve', {})
    expect(envelope?.error).toMatchObject({ code: 'CAPABILITY_NOT_FOUND', message: 'There is no tool of this name.' })
    expect(shown).toContain('isError')
    await loop.close()
  })

  it('refuses a call without arguments as one that lacks them', async () => {
    const loop = await openLoop(shop)
    const client = await connect(createMcpServer(loop.runner.session(agent)))
    const { envelope } = await callTool(client, INSPECT, undefined)
    expect(envelope?.error?.message).toBe('Argument invoice_id is required.')
    await loop.close()
  })

  it('introduces itself by the version of the package, or as it is told', async () => {
    const loop = await openLoop(shop)
    const session = loop.runner.session(agent)
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
    expect((await connect(createMcpServer(session))).getServerVersion()).toEqual({ name: 'synapsor-runner', version })

    const serverInfo = { name: 'support', version: '7.0.0' }
    const client = await connect(createMcpServer(session, { serverInfo, instructions: 'Read before you propose.' }))
    expect(client.getServerVersion()).toEqual(serverInfo)
    expect(client.getInstructions()).toBe('Read before you propose.')
    await loop.close()
  })
})

describe('registerMcpTools', () => {
  const hours = () => ({ content: [{ type: 'text' as const, text: 'nine to five' }] })

  it('stands beside tools of the app, of either zod', async () => {
    const loop = await openLoop(shop)
    const server = new McpServer({ name: 'app', version: '1.0.0' })
    server.registerTool('opening_hours', { inputSchema: { day: z.string() } }, hours)
    registerMcpTools(server, loop.runner.session(agent))
    server.registerTool('holidays', { inputSchema: { year: z3.number() } }, hours)
    const client = await connect(server)

    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['opening_hours', INSPECT, PROPOSE, 'holidays'])
    expect((await callTool(client, 'opening_hours', { day: 'Monday' })).shown).toContain('nine to five')
    expect((await callTool(client, 'opening_hours', { day: 7 })).shown).toContain('Invalid arguments')
    expect((await callTool(client, INSPECT, { invoice_id: loop.invoice })).envelope?.ok).toBe(true)
    await loop.close()
  })

  it('lists and answers the same as a server of createMcpServer', async () => {
    const loop = await openLoop(shop)
    const [own, beside] = [
      await connect(SERVERS.createMcpServer(loop.runner.session(agent))),
      await connect(SERVERS.registerMcpTools(loop.runner.session(agent))),
    ]
    const plain = { inputSchema: { $schema: undefined }, outputSchema: { $schema: undefined } }
    const listed = async (client: Client) =>
      (await client.listTools()).tools.map(({ execution: _, inputSchema, outputSchema, ...tool }) => ({
        ...tool,
        inputSchema: { ...inputSchema, ...plain.inputSchema },
        outputSchema: { ...outputSchema, ...plain.outputSchema },
      }))
    expect(await listed(beside)).toEqual(await listed(own))

    const args = { invoice_id: loop.invoice, tenant_id: 'globex' }
    expect(await answerOf(beside, INSPECT, args)).toEqual(await answerOf(own, INSPECT, args))
    await loop.close()
  })

  it('leaves a name that it does not have to the server', async () => {
    const loop = await openLoop(shop)
    const client = await connect(SERVERS.registerMcpTools(loop.runner.session(agent)))
    const { shown } = await callTool(client, 'billing__approve', {})
    expect(shown).toContain('Tool billing__approve not found')
    expect(shown).toContain('isError')
    await loop.close()
  })

  it('refuses a server that has the tools of a contract', async () => {
    const loop = await openLoop(shop)
    const server = new McpServer({ name: 'app', version: '1.0.0' })
    const session = loop.runner.session(agent)
    expect(() => registerMcpTools(server, session, { only: ['billing.none'] })).toThrow('no capability')
    registerMcpTools(server, session)
    expect(() => registerMcpTools(server, session)).toThrow('all of them at once')
    await loop.close()
  })

  it.each([
    ['tool', (server: McpServer) => server.registerTool(PROPOSE, {}, hours)],
    [
      'resource',
      (server: McpServer) => {
        const template = new ResourceTemplate('app://proposals/{id}', { list: undefined })
        return server.registerResource('synapsor_proposal', template, {}, () => ({ contents: [] }))
      },
    ],
  ])('leaves nothing on a server that has a %s of its name, so that a second try works', async (_, take) => {
    const loop = await openLoop(shop)
    const server = new McpServer({ name: 'app', version: '1.0.0' })
    const session = loop.runner.session(agent)
    server.registerTool('opening_hours', {}, hours)
    const taken = take(server)
    expect(() => registerMcpTools(server, session)).toThrow('already registered')
    taken.remove()
    registerMcpTools(server, session)
    const client = await connect(server)
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['opening_hours', INSPECT, PROPOSE])
    expect((await callTool(client, INSPECT, { invoice_id: loop.invoice })).envelope?.ok).toBe(true)
    await loop.close()
  })

  it('refuses a server that lists its tools by itself', async () => {
    const loop = await openLoop(shop)
    const session = loop.runner.session(agent)
    const low = new Server({ name: 'app', version: '1.0.0' }, { capabilities: { tools: {} } })
    low.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }))
    // @ts-expect-error the low-level server
    expect(() => registerMcpTools(low, session)).toThrow('createMcpServer')

    const high = new McpServer({ name: 'app', version: '1.0.0' })
    high.server.registerCapabilities({ tools: {} })
    high.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }))
    expect(() => registerMcpTools(high, session)).toThrow('tools/list already exists')
    await loop.close()
  })
})
