import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createSessions } from '../../../adapters/mcp/sessions.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { type Answer, INITIALIZE, openServers, openSession, post, request, type Servers } from './http-world.js'

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

function expectRefusal({ status, text: body }: Answer, expected: number): void {
  expect(status).toBe(expected)
  expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } })
  expect(body).not.toMatch(/node_modules|at \w+ \(|\/work\/|<html/i)
}

describe('the number of sessions', () => {
  it('stays at that of one subject, whose oldest idle one makes room', async () => {
    const authenticate = () => ({ token: '', clientId: 'web', scopes: [] })
    const limits = { sessions_per_subject: 3 }
    const { url } = await servers.serve(loop.runner.session(agent), { auth: { authenticate }, limits })
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push(await openSession(url))
    const statuses = []
    for (const id of ids)
      statuses.push((await post(url, request('ping'), { headers: { 'mcp-session-id': id } })).status)
    expect(statuses).toEqual([404, 404, 200, 200, 200])
  })

  it('stays at that of one credential that many clients show, of which none ends another’s', async () => {
    const { url } = await servers.serve(loop.runner.session(agent), { limits: { sessions_per_subject: 2 } })
    const ids = [await openSession(url), await openSession(url)]
    expectRefusal(await post(url, INITIALIZE), 503)
    for (const id of ids) {
      expect((await post(url, request('ping'), { headers: { 'mcp-session-id': id } })).status).toBe(200)
    }
  })

  it('makes room for those who share a credential where one was not used for a minute', () => {
    let now = 0
    const sessions = createSessions({ sessions: 9, sessions_per_subject: 1, session_idle_ms: 600_000 }, () => now)
    const owner = { subject: 'token', isShared: true, tenant_id: 'acme', principal: 'a', on_behalf_of: undefined }
    const connect = () => ({
      answer: async () => undefined,
      streams: () => false,
      notified: () => undefined,
      close: () => undefined,
    })
    const first = sessions.open(owner, connect)
    now = 60_000
    expect(sessions.open(owner, connect)).toBeUndefined()
    now = 60_001
    expect(sessions.open(owner, connect)).toBeDefined()
    expect(first?.isOver).toBe(true)
    sessions.close()
    expect(sessions.open(owner, connect)).toBeUndefined()
  })

  it('stays at that of all, of which none ends another subject’s', async () => {
    let subject = 0
    const authenticate = () => ({ token: '', clientId: `client-${subject}`, scopes: [] })
    const limits = { sessions: 3, sessions_per_subject: 2 }
    const { url } = await servers.serve(loop.runner.session(agent), { auth: { authenticate }, limits })
    const first = { 'mcp-session-id': await openSession(url) }
    for (subject = 1; subject < 3; subject++) await openSession(url)
    const refused = await post(url, INITIALIZE)
    expectRefusal(refused, 503)
    expect(refused.headers.get('retry-after')).toBe('60')
    subject = 0
    expect((await post(url, request('ping'), { headers: first })).status).toBe(200)
  })

  it('falls when nobody uses them', async () => {
    const { url } = await servers.serve(loop.runner.session(agent), { limits: { session_idle_ms: 50 } })
    const headers = { 'mcp-session-id': await openSession(url) }
    await sleep(120)
    expect((await post(url, request('ping'), { headers })).status).toBe(404)
  })

  it('stays where it is while ten thousand are opened and none is closed', () => {
    let now = 0
    let open = 0
    const limits = { sessions: 1000, sessions_per_subject: 100, session_idle_ms: 1000 }
    const sessions = createSessions(limits, () => now)
    const connect = () => {
      open++
      return {
        answer: async () => undefined,
        streams: () => false,
        notified: () => undefined,
        close: () => void open--,
      }
    }
    for (let n = 0; n < 10_000; n++) {
      const owner = { subject: `s${n % 50}`, tenant_id: 'acme', principal: 'a', on_behalf_of: undefined }
      sessions.open(owner, connect)
      now++
    }
    expect(sessions.count()).toBeLessThanOrEqual(1000)
    expect(open).toBe(sessions.count())
    now += 2000
    const late = sessions.open({ subject: 'late', tenant_id: 'acme', principal: 'a', on_behalf_of: undefined }, connect)
    expect(late).toBeDefined()
    sessions.close()
    expect([sessions.count(), open]).toEqual([0, 0])
  })
})
