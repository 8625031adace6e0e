import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMcpHandler } from '../../../adapters/mcp/index.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { INITIALIZE, opened, openServers, PROTOCOLS, post, request, type Servers } from './http-world.js'

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

describe.each(PROTOCOLS)('a connection to %s', (protocol) => {
  const reply = async (url: string, init: RequestInit = {}) => {
    const response = await fetch(url, init)
    await response.text()
    return [response.status, response.headers.get('connection')]
  }

  it('ends with the answer to whoever is not let in', async () => {
    const { url } = await servers.serve(loop.runner.session(agent), { protocol, limits: { headers: 20 } })
    const at = (path: string) => new URL(path, url).href
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`x-${n}`, 'x']))
    expect(await reply(at('/healthz'))).toEqual([200, 'close'])
    expect(await reply(at('/readyz'))).toEqual([200, 'close'])
    expect(await reply(url, { method: 'POST' })).toEqual([401, 'close'])
    expect(await reply(url, { method: 'POST', headers: { origin: 'https://evil.example' } })).toEqual([403, 'close'])
    expect(await reply(at('/elsewhere'))).toEqual([404, 'close'])
    expect(await reply(url, { method: 'PUT' })).toEqual([405, 'close'])
    expect(await reply(url, { method: 'POST', headers: many })).toEqual([431, 'close'])
  })

  it('stays for the next request of whoever is', async () => {
    const { url } = await servers.serve(loop.runner.session(agent), { protocol })
    const { headers } = await post(url, request('ping'), { headers: await opened(url, protocol) })
    expect(headers.get('connection')).toBe('keep-alive')
  })
})

describe.each(PROTOCOLS)('a server of %s without credentials', (protocol) => {
  it.each([
    ['forwarded', 'for=203.0.113.7'],
    ['x-forwarded-for', '203.0.113.7'],
    ['X-Forwarded-Host', 'mcp.example.com'],
    ['x-real-ip', '203.0.113.7'],
    ['via', '1.1 proxy'],
  ])('answers nobody behind a proxy: %s', async (name, value) => {
    const { url } = await servers.serve(loop.runner.session(agent), { protocol, auth: 'insecure_loopback' })
    expect((await post(url, INITIALIZE, { token: null, headers: { [name]: value } })).status).toBe(403)
    expect((await post(url, INITIALIZE, { token: null })).status).toBe(200)
  })

  it('answers nobody who called it by another name, whatever host the request names', async () => {
    const handler = createMcpHandler(loop.runner.session(agent), { protocol, auth: 'insecure_loopback' })
    const headers = {
      host: 'localhost',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    const status = async (url: string) =>
      (await handler(new Request(url, { method: 'POST', headers, body: JSON.stringify(INITIALIZE) }))).status
    expect(await status('https://mcp.example.com/mcp')).toBe(403)
    expect(await status('http://localhost/mcp')).toBe(200)
    expect(await status('http://[::1]:8766/mcp')).toBe(200)
    await handler.close()
  })
})
