import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { type Progress, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { agent, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import {
  INSPECT,
  openServers,
  openSession,
  PROPOSE,
  post,
  request,
  type Servers,
  TOKEN,
  transportTo,
} from './http-world.js'

let shop: Shop
let loop: Loop
let servers: Servers
beforeAll(async () => {
  shop = await openSqliteShop()
})
beforeEach(async () => {
  loop = await openLoop(shop)
  servers = openServers()
})
afterEach(async () => {
  await servers.close()
  await loop.close()
})
afterAll(() => shop.drop())

const waiver = () => ({ invoice_id: loop.invoice, reason: 'outage', fee: 0 })

/** Proposes, and gives the id of the proposal. */
async function propose(client: Client): Promise<string> {
  const { structuredContent } = await client.callTool({ name: PROPOSE, arguments: waiver() })
  return (structuredContent as { proposal: { id: string } }).proposal.id
}

describe('MCP over Streamable HTTP', () => {
  it('serves a client of the SDK as stdio does', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const client = await servers.connect(url)

    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([INSPECT, PROPOSE])
    const answer = await client.callTool({ name: INSPECT, arguments: { invoice_id: loop.invoice } })
    expect(answer.structuredContent).toMatchObject({ ok: true, data: { id: loop.invoice } })
    const refused = await client.callTool({ name: INSPECT, arguments: { invoice_id: loop.invoice, sql: 'x' } })
    expect(JSON.stringify(refused)).toContain('Argument sql is not an argument here')
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(4)
    expect((await client.listResources()).resources).toEqual([])
    expect(await client.ping()).toEqual({})
  })

  it('links a proposal to its record and to its story, and reads both', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const client = await servers.connect(url)
    const { content } = await client.callTool({ name: PROPOSE, arguments: waiver() })
    const links = (content as { type: string; uri: string }[]).filter(({ type }) => type === 'resource_link')
    expect(links.map(({ uri }) => uri.replace(/[^/]+$/, ''))).toEqual([
      'synapsor://proposals/',
      'synapsor://replay/',
      'synapsor://evidence/',
    ])
    for (const { uri } of links) expect((await client.readResource({ uri })).contents).toHaveLength(1)
    await expect(client.readResource({ uri: 'synapsor://proposals/wrp_none' })).rejects.toMatchObject({ code: -32002 })
  })

  it.each([
    ['openai', [INSPECT, PROPOSE]],
    ['canonical', ['billing.inspect_invoice', 'billing.propose_late_fee_waiver']],
    ['both', [INSPECT, 'billing.inspect_invoice', PROPOSE, 'billing.propose_late_fee_waiver']],
  ] as const)('lists tools by their %s names, and finds them by either', async (alias_mode, names) => {
    const { url } = await servers.serve(loop.runner.session(agent), { alias_mode })
    const client = await servers.connect(url)
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(names)
    for (const name of [INSPECT, 'billing.inspect_invoice']) {
      expect((await client.callTool({ name, arguments: { invoice_id: loop.invoice } })).isError).toBeUndefined()
    }
  })

  it('tells when a call begins and when it ends, to a client that asks', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const client = await servers.connect(url)
    const heard: Progress[] = []
    const call = { name: INSPECT, arguments: { invoice_id: loop.invoice } }
    await client.callTool(call, undefined, { onprogress: (progress) => void heard.push(progress) })
    expect(heard).toEqual([
      { progress: 0, total: 1 },
      { progress: 1, total: 1 },
    ])
  })

  it('tells a client what has changed of that which it is subscribed to, and no longer', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const client = await servers.connect(url)
    const id = await propose(client)
    const uri = `synapsor://proposals/${id}`
    const heard: string[] = []
    let wake: () => void = () => undefined
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      heard.push(params.uri)
      wake()
    })
    const next = () =>
      new Promise<void>((resolve) => {
        wake = resolve
      })

    await client.subscribeResource({ uri })
    const told = next()
    const { hash } = await loop.runner.proposals.get(id)
    await loop.runner.approve(id, { hash, approver: lead })
    await told
    expect(heard).toEqual([uri])
    const [contents] = (await client.readResource({ uri })).contents
    expect(contents !== undefined && 'text' in contents ? contents.text : '').toContain('"approved"')

    await client.unsubscribeResource({ uri })
    await expect(client.subscribeResource({ uri: 'synapsor://proposals/wrp_none' })).rejects.toMatchObject({
      code: -32002,
    })
    await expect(client.subscribeResource({ uri: 'file:///etc/passwd' })).rejects.toMatchObject({ code: -32002 })
  })

  it('keeps what changed for a client that does not listen yet', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const headers = { 'mcp-session-id': await openSession(url) }
    const { id, hash } = await loop.propose()
    const uri = `synapsor://proposals/${id}`
    expect((await post(url, request('resources/subscribe', { uri }), { headers })).status).toBe(200)
    await loop.runner.approve(id, { hash, approver: lead })
    // Longer than it takes until a change is seen.
    await sleep(2500)

    const lines: string[] = []
    const stream = await fetch(url, {
      headers: { ...headers, authorization: `Bearer ${TOKEN}`, accept: 'text/event-stream' },
    })
    for await (const chunk of stream.body ?? []) {
      lines.push(Buffer.from(chunk).toString())
      if (lines.join('').includes('updated')) break
    }
    expect(lines.join('')).toContain(`"method":"notifications/resources/updated","params":{"uri":"${uri}"}`)
  })

  it('holds the number of subscriptions of a session to its limit', async () => {
    const { url } = await servers.serve(loop.runner.session(agent), { limits: { subscriptions_per_session: 1 } })
    const client = await servers.connect(url)
    const [first, second] = [await loop.propose(), await openLoop(shop)]
    const other = await second.propose()
    await client.subscribeResource({ uri: `synapsor://proposals/${first.id}` })
    await client.subscribeResource({ uri: `synapsor://proposals/${first.id}` })
    const refused = client.subscribeResource({ uri: `synapsor://replay/${first.id}` })
    await expect(refused).rejects.toMatchObject({ data: { code: 'RATE_LIMITED' } })
    expect(other.id).not.toBe(first.id)
    await second.close()
  })

  it('ends a session where the client says so, and answers it no more', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const headers = { 'mcp-session-id': await openSession(url) }
    expect((await post(url, request('ping'), { headers })).status).toBe(200)
    expect((await post(url, undefined, { headers, method: 'DELETE' })).status).toBe(204)
    expect(await post(url, request('ping'), { headers })).toMatchObject({ status: 404, body: { id: null } })
    expect((await post(url, undefined, { headers, method: 'DELETE' })).status).toBe(404)
  })

  it('answers nothing to a call that was cancelled, and makes its proposal once', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const client = await servers.connect(url)
    const cancelling = new AbortController()
    const first = client.callTool({ name: PROPOSE, arguments: waiver() }, undefined, { signal: cancelling.signal })
    cancelling.abort()
    await expect(first).rejects.toThrow()
    await propose(client)
    expect((await loop.runner.proposals.list()).items).toHaveLength(1)
  })

  it('speaks the version that a client asks for, and its newest to others', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const asked = async (protocolVersion: unknown) =>
      (await post(url, request('initialize', { protocolVersion, capabilities: {} }))).body
    expect(await asked('2025-03-26')).toMatchObject({ result: { protocolVersion: '2025-03-26' } })
    expect(await asked('1999-01-01')).toMatchObject({ result: { protocolVersion: '2025-11-25' } })
    expect(await asked(undefined)).toMatchObject({ error: { code: -32602 } })
  })

  it('takes a notification and a response of a client, and answers neither', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const headers = { 'mcp-session-id': await openSession(url) }
    const notification = { jsonrpc: '2.0', method: 'notifications/initialized' }
    const response = { jsonrpc: '2.0', id: 1, result: { approved: true } }
    for (const each of [notification, response]) {
      expect(await post(url, each, { headers })).toMatchObject({ status: 202, text: '' })
    }
  })

  it('goes on with a call whose client has left', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const transport = transportTo(url, TOKEN)
    const client = new Client({ name: 'test', version: '1.0.0' })
    await client.connect(transport)
    const asked = client.callTool({ name: PROPOSE, arguments: waiver() })
    await client.close()
    await expect(asked).rejects.toThrow()
    const again = await propose(await servers.connect(url))
    expect((await loop.runner.proposals.list()).items.map(({ proposal_id }) => proposal_id)).toEqual([again])
  })
})
