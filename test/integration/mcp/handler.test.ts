import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Progress } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMcpHandler, type McpHostContext } from '../../../adapters/mcp/index.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { INITIALIZE, INSPECT, openServers, request, type Servers, TOKEN } from './http-world.js'

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

describe('createMcpHandler', () => {
  it('is a function that a client of the SDK reaches without a port', async () => {
    const handler = createMcpHandler(loop.runner.session(agent), { auth: { token: TOKEN } })
    const client = new Client({ name: 'test', version: '1.0.0' })
    const transport = new StreamableHTTPClientTransport(new URL('http://localhost/any/path'), {
      fetch: (url, init) => handler(new Request(url, init)),
      requestInit: { headers: { authorization: `Bearer ${TOKEN}` } },
    })
    await client.connect(transport)
    expect((await client.listTools()).tools).toHaveLength(2)
    const heard: Progress[] = []
    const call = { name: INSPECT, arguments: { invoice_id: loop.invoice } }
    await client.callTool(call, undefined, { onprogress: (progress) => void heard.push(progress) })
    expect(heard).toHaveLength(2)
    await client.close()
    await handler.close()
    const late = await handler(new Request('http://localhost/', { method: 'POST' }))
    expect(late.status).toBe(503)
  })

  it('shows a host what came with a request also when the request is over, and emptied', async () => {
    const seen: McpHostContext[] = []
    const source = loop.runner.sessionsFrom((host: McpHostContext) => {
      seen.push(host)
      return agent
    })
    const handler = createMcpHandler(source, { auth: { token: TOKEN }, protocol: 'json-rpc' })
    const headers = new Headers({ authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'x-shop': '7' })
    const asked = request('tools/call', { name: INSPECT, arguments: { invoice_id: loop.invoice } })
    const sent = new Request('http://localhost/mcp?a=1', { method: 'POST', headers, body: JSON.stringify(asked) })
    expect((await handler(sent)).status).toBe(200)
    for (const name of ['authorization', 'content-type', 'x-shop']) sent.headers.delete(name)

    const { headers: shown, url } = seen[0]?.requestInfo ?? {}
    expect(shown).toEqual({ 'content-type': 'application/json', 'x-shop': '7' })
    expect(url?.href).toBe('http://localhost/mcp?a=1')
    await handler.close()
  })

  it.each(['aborts the request', 'cancels the stream'])('lets a client go whose host %s', async (way) => {
    const handler = createMcpHandler(loop.runner.session(agent), {
      auth: { token: TOKEN },
      limits: { session_idle_ms: 50 },
    })
    const send = (method: string, more: RequestInit = {}) => {
      const accept = method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream'
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', accept, ...more.headers }
      return handler(new Request('http://localhost/', { ...more, method, headers }))
    }
    const opened = await send('POST', { body: JSON.stringify(INITIALIZE) })
    const headers = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' }
    const leaving = new AbortController()
    const stream = await send('GET', { headers, signal: leaving.signal })
    await sleep(200)
    // Who listens is not idle.
    expect((await send('POST', { headers, body: JSON.stringify(request('ping')) })).status).toBe(200)
    if (way === 'cancels the stream') await stream.body?.cancel()
    else leaving.abort()
    await sleep(200)
    expect((await send('POST', { headers, body: JSON.stringify(request('ping')) })).status).toBe(404)
    await handler.close()
  })

  it('answers only the path that it is given', async () => {
    const handler = createMcpHandler(loop.runner.session(agent), { auth: { token: TOKEN }, path: '/mcp' })
    expect((await handler(new Request('http://localhost/other', { method: 'POST' }))).status).toBe(404)
    expect((await handler(new Request('http://localhost/mcp', { method: 'POST' }))).status).toBe(401)
    expect((await handler(new Request('http://evil.example/mcp', { method: 'POST' }))).status).toBe(403)
    await handler.close()
  })
})
