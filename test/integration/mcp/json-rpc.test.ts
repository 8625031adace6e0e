import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { holdable, INITIALIZE, INSPECT, openServers, PROPOSE, post, read, request, type Servers } from './http-world.js'

let shop: Shop
let loop: Loop
let servers: Servers
beforeAll(async () => {
  shop = await openSqliteShop()
  loop = await openLoop(shop)
  servers = openServers()
})
afterEach(() => servers.close())
afterAll(async () => {
  await loop.close()
  await shop.drop()
})

const serve = async () => (await servers.serve(loop.runner.session(agent), { protocol: 'json-rpc' })).url

describe('plain JSON-RPC', () => {
  it('lists, calls and reads for a client that has never said hello', async () => {
    const url = await serve()
    const ask = async (method: string, params = {}) => (await post(url, request(method, params))).body?.result
    expect(await ask('tools/list')).toMatchObject({ tools: [{ name: INSPECT }, { name: PROPOSE }] })
    const args = { invoice_id: loop.invoice, reason: 'outage', fee: 0 }
    const proposed = await ask('tools/call', { name: PROPOSE, arguments: args })
    const { id } = proposed?.structuredContent?.proposal ?? {}
    const uri = `synapsor://proposals/${id}`
    expect(JSON.stringify(await ask('resources/read', { uri }))).toContain('pending_review')
    expect(await ask('resources/list')).toEqual({ resources: [] })
    expect(await ask('resources/templates/list')).toMatchObject({ resourceTemplates: { length: 4 } })
    expect(await ask('ping')).toEqual({})
  })

  it('answers hello, and remembers nobody', async () => {
    const url = await serve()
    const answer = await post(url, INITIALIZE)
    expect(answer.body).toMatchObject({ result: { capabilities: { tools: {}, resources: {} } } })
    expect(answer.body?.result?.capabilities).not.toHaveProperty('resources.subscribe')
    expect(answer.headers.get('mcp-session-id')).toBeNull()
  })

  it('answers a client that accepts anything, once, as JSON', async () => {
    const url = await serve()
    const call = request('tools/call', {
      name: INSPECT,
      arguments: { invoice_id: loop.invoice },
      _meta: { progressToken: 'x' },
    })
    const answer = await post(url, call, { headers: { accept: '*/*' } })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(answer.body).toMatchObject({ id: call.id, result: { structuredContent: { ok: true } } })
  })

  it.each(['resources/subscribe', 'resources/unsubscribe', 'prompts/list', 'proposals/approve'])(
    'has no method %s',
    async (method) => {
      const { status, body } = await post(await serve(), request(method, { uri: 'synapsor://proposals/x' }))
      expect([status, body?.error?.code]).toEqual([200, -32601])
    },
  )

  it.each(['GET', 'DELETE'])('has no method %s of HTTP', async (method) => {
    expect((await post(await serve(), undefined, { method })).status).toBe(405)
  })

  it('lets nobody cancel what another has asked', async () => {
    const held = holdable(loop, agent)
    const { url } = await servers.serve(held.source, { protocol: 'json-rpc' })
    held.hold()
    const call = read(loop)
    const asked = post(url, call)
    await expect.poll(held.waiting).toBe(1)
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: call.id } }
    expect((await post(url, cancel)).status).toBe(202)
    held.release()
    expect(await asked).toMatchObject({ status: 200, body: { result: { structuredContent: { ok: true } } } })
  })

  it('listens at a port of its own unless it is told another', async () => {
    const { url } = await servers.serve(loop.runner.session(agent), { protocol: 'json-rpc', path: '/rpc' })
    expect(new URL(url).pathname).toBe('/rpc')
    expect((await post(url, request('ping'))).status).toBe(200)
  })
})
