import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import {
  holdable,
  INITIALIZE,
  openServers,
  openSession,
  post,
  read,
  request,
  type Servers,
  TOKEN,
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

describe('a server that runs', () => {
  it('says which request an answer is found under in the log, and logs nothing else of it', async () => {
    const lines: string[] = []
    const { url } = await servers.serve(loop.runner.session(agent), { log: (line) => void lines.push(line) })
    const headers = { 'mcp-session-id': await openSession(url), 'x-request-id': 'mine' }
    const answered = await post(url, read(loop), { headers })
    await post(url, request('tools/call', { name: 'secret-name', arguments: { value: 'secret-value' } }), { headers })
    await post(url, request('secret/method'), { headers })

    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    const request_id = answered.headers.get('x-request-id')
    expect(request_id).toMatch(/^[0-9a-f-]{36}$/)
    expect(told[1]).toEqual({
      time: expect.any(String),
      request_id,
      transport: 'mcp',
      method: 'tools/call',
      tool: 'billing.inspect_invoice',
      status: 200,
      duration_ms: expect.any(Number),
    })
    expect(told[2]).toMatchObject({ method: 'tools/call', code: 'CAPABILITY_NOT_FOUND' })
    expect(told[2]).not.toHaveProperty('tool')
    expect(told[3]).toMatchObject({ method: 'unknown', rpc_code: -32601 })
    expect(lines.join('\n')).not.toMatch(/secret|mine|acme|INV-/)
    expect(lines.join('\n')).not.toContain(TOKEN)
  })

  it('takes no more once it closes, but answers what it was asked', async () => {
    const held = holdable(loop, agent)
    const { url, close } = await servers.serve(held.source)
    const headers = { 'mcp-session-id': await openSession(url) }
    held.hold()
    const asked = post(url, read(loop), { headers })
    await expect.poll(held.waiting).toBe(1)
    const closed = Promise.all([close(), close()])
    await expect(post(url, INITIALIZE)).rejects.toThrow()
    await sleep(500)
    held.release()
    expect(await asked).toMatchObject({ status: 200, body: { result: { structuredContent: { ok: true } } } })
    await closed
  })

  it('does not wait longer than its grace for a call that does not end', async () => {
    const held = holdable(loop, agent)
    const { url, close } = await servers.serve(held.source, { grace_ms: 50 })
    const headers = { 'mcp-session-id': await openSession(url) }
    held.hold()
    const asked = post(url, read(loop), { headers }).catch(() => 'gone')
    await expect.poll(held.waiting).toBe(1)
    await close()
    expect(await asked).toBe('gone')
    held.release()
  })

  it('says that a port is taken', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const taken = servers.serve(loop.runner.session(agent), { port: Number(new URL(url).port) })
    await expect(taken).rejects.toMatchObject({ code: 'BUSY' })
  })
})

describe('what watches over a server', () => {
  it('hears that it runs and whether it is ready, without a token', async () => {
    let ok = false
    const ready = async () => [{ name: 'ledger', ok, code: 'LEDGER_UNAVAILABLE', secret: 'x' }]
    const { url } = await servers.serve(loop.runner.session(agent), { ready })
    const probe = async (path: string) => {
      const response = await fetch(new URL(path, url))
      return [response.status, await response.json()]
    }
    expect(await probe('/healthz')).toEqual([200, { status: 'ok' }])
    expect(await probe('/readyz')).toEqual([
      503,
      { status: 'not_ready', checks: [{ name: 'ledger', ok: false, code: 'LEDGER_UNAVAILABLE' }] },
    ])
    ok = true
    await expect.poll(() => probe('/readyz'), { timeout: 5000 }).toMatchObject([200, { status: 'ready' }])
  })

  it('hears that it is not ready where nobody can say, and not why', async () => {
    const ready = async () => Promise.reject(new Error('secret'))
    const { url } = await servers.serve(loop.runner.session(agent), { ready })
    const response = await fetch(new URL('/readyz', url))
    expect([response.status, await response.text()]).toEqual([503, '{"status":"not_ready","checks":[]}'])
  })
})
