import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { McpLimits } from '../../../adapters/mcp/index.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import {
  type Answer,
  holdable,
  INITIALIZE,
  opened,
  openServers,
  PROTOCOLS,
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

/** A connection of somebody who writes byte by byte, or not at all. */
function open(url: string): Socket {
  return connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
}

describe.each(PROTOCOLS)('the limits of %s', (protocol) => {
  const serve = (limits: Partial<McpLimits> = {}) => servers.serve(loop.runner.session(agent), { protocol, limits })

  /** Whatever was tried, others are answered. */
  const expectHealthy = async (url: string) => {
    const { status, body } = await post(url, read(loop), { headers: await opened(url, protocol) })
    expect([status, body?.result?.isError]).toEqual([200, undefined])
  }

  it('refuse a body that says it is too large at once', async () => {
    const { url } = await serve({ body_bytes: 1000 })
    const socket = open(url)
    const headers = `content-type: application/json\r\naccept: application/json, text/event-stream\r\nauthorization: Bearer ${TOKEN}`
    socket.write(`POST /mcp HTTP/1.1\r\nhost: ${new URL(url).host}\r\n${headers}\r\ncontent-length: 1001\r\n\r\n`)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /)
    await expectHealthy(url)
  })

  it('refuse a body of 64 MiB that does not say how large it is, and keep little of it', async () => {
    const { url } = await serve()
    const before = process.memoryUsage.rss()
    const chunk = Buffer.alloc(64 * 1024, 0x20)
    const body = async function* () {
      for (let n = 0; n < 1024; n++) yield chunk
    }
    const answer = await fetch(url, {
      method: 'POST',
      body: body(),
      duplex: 'half',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${TOKEN}`,
        ...(await opened(url, protocol)),
      },
    } as RequestInit).then(
      ({ status }) => status,
      () => 'cut off while it sent',
    )
    expect([413, 'cut off while it sent']).toContain(answer)
    expect(process.memoryUsage.rss() - before).toBeLessThan(60 * 1024 * 1024)
    await expectHealthy(url)
  })

  it('refuse a body one byte over, and take one at the limit', async () => {
    const { url } = await serve({ body_bytes: 1000 })
    const headers = await opened(url, protocol)
    const ping = JSON.stringify(request('ping'))
    expect((await post(url, ping.padEnd(1000, ' '), { headers })).status).toBe(200)
    expectRefusal(await post(url, ping.padEnd(1001, ' '), { headers }), 413)
  })

  it('refuse a compressed body', async () => {
    const { url } = await serve()
    const bomb = gzipSync(Buffer.alloc(1024 * 1024, 0x20)).toString('latin1')
    expectRefusal(await post(url, bomb, { headers: { 'content-encoding': 'gzip' } }), 415)
    await expectHealthy(url)
  })

  it('refuse what is nested too deeply, and take what is not', async () => {
    const { url } = await serve({ depth: 10 })
    const headers = await opened(url, protocol)
    const nested = (depth: number) =>
      `{"jsonrpc":"2.0","id":7,"method":"ping","params":${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}}`
    expect((await post(url, nested(10), { headers })).status).toBe(200)
    expectRefusal(await post(url, nested(11), { headers }), 400)
    expect((await post(url, nested(11), { headers })).body?.id).toBe(7)
    expectRefusal(await post(url, nested(100_000), { headers }), 400)
    expectRefusal(await post(url, '['.repeat(100_000), { headers }), 400)
    await expectHealthy(url)
  })

  it('let a caller have no more requests worked on than its share, and say when to come back', async () => {
    const held = holdable(loop, agent)
    const { url } = await servers.serve(held.source, { protocol, limits: { calls_per_subject: 3 } })
    const headers = await opened(url, protocol)
    held.hold()
    const asked = Array.from({ length: 3 }, () => post(url, read(loop), { headers }))
    await expect.poll(held.waiting).toBe(3)
    const refused = await post(url, read(loop), { headers })
    expectRefusal(refused, 429)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.body?.error?.data).toMatchObject({ code: 'RATE_LIMITED' })
    held.release()
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200)
    expect((await post(url, read(loop), { headers })).status).toBe(200)
  })

  it('end connections that send their headers slowly, and answer others meanwhile', async () => {
    const { url } = await serve({ header_ms: 200 })
    const slow = Array.from({ length: 100 }, () => open(url))
    for (const socket of slow) socket.write('POST /mcp HTTP/1.1\r\nx')
    await expectHealthy(url)
    const [answer = ''] = await Promise.all(slow.map((socket) => text(socket)))
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"jsonrpc":"2\.0"/)
    await expectHealthy(url)
  })

  it('end requests that send their body slowly, and answer others meanwhile', async () => {
    const { url } = await serve({ request_ms: 300 })
    const headers = {
      host: new URL(url).host,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${TOKEN}`,
      'content-length': '100',
      ...(await opened(url, protocol)),
    }
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const slow = Array.from({ length: 20 }, () => open(url))
    for (const socket of slow) socket.write(`POST /mcp HTTP/1.1\r\n${head.join('')}\r\n{`)
    await expectHealthy(url)
    for (const answer of await Promise.all(slow.map((socket) => text(socket)))) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"jsonrpc":"2\.0"/)
    }
    await expectHealthy(url)
  })

  it('are given back by clients that leave in the middle of a body', async () => {
    const { url } = await serve({ calls_per_subject: 2 })
    const headers = {
      host: new URL(url).host,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${TOKEN}`,
      'content-length': '100',
      ...(await opened(url, protocol)),
    }
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    for (let n = 0; n < 10; n++) {
      const socket = open(url)
      await new Promise((resolve) => socket.write(`POST /mcp HTTP/1.1\r\n${head.join('')}\r\n{`, resolve))
      socket.destroy()
    }
    await expect
      .poll(async () => (await post(url, request('ping'), { headers: await opened(url, protocol) })).status)
      .toBe(200)
    await expectHealthy(url)
  })

  it('refuse more headers than anybody needs, and what is no HTTP', async () => {
    const { url } = await serve({ headers: 20 })
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`x-${n}`, 'x']))
    expectRefusal(await post(url, INITIALIZE, { headers: many }), 431)
    const socket = open(url)
    socket.write('\u0016\u0003\u0001 not HTTP\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"jsonrpc":"2\.0"/)
    const huge = open(url)
    huge.write(`GET /mcp HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(await text(huge)).toMatch(/^HTTP\/1\.1 431 [\s\S]*"jsonrpc":"2\.0"/)
    const both = open(url)
    both.write('POST /mcp HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n')
    expect(await text(both)).toMatch(/^HTTP\/1\.1 400 /)
    await expectHealthy(url)
  })

  it('have no more connections than they may', async () => {
    const { url } = await serve({ connections: 5 })
    const sockets = Array.from({ length: 10 }, () => open(url))
    let ended = 0
    for (const socket of sockets) socket.on('close', () => void ended++)
    await expect.poll(() => ended).toBe(5)
    for (const socket of sockets) socket.destroy()
    await sleep(20)
    await expectHealthy(url)
  })
})
