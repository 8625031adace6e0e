import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EventSink } from '../../../adapters/mcp/arrival.js'
import { createExchange } from '../../../adapters/mcp/exchange.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { holdable, INSPECT, openServers, openSession, post, request, type Servers, TOKEN } from './http-world.js'

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

/** A source whose next call waits until it is let go; others do not. */
function oneHeld() {
  let next: Promise<void> | undefined
  let isWaiting = false
  let release: () => void = () => undefined
  const resolve = async () => {
    const held = next
    next = undefined
    isWaiting = held !== undefined
    await held
    return agent
  }
  return {
    source: loop.runner.sessionsFrom(resolve),
    holdNext: () => {
      next = new Promise((settle) => {
        release = settle
      })
    },
    isWaiting: () => isWaiting,
    release: () => release(),
  }
}

describe('a session that was ended', () => {
  it('is not listened to by whoever asked before', async () => {
    const held = oneHeld()
    const { url } = await servers.serve(held.source)
    const headers = { 'mcp-session-id': await openSession(url), accept: 'text/event-stream' }
    held.holdNext()
    const listening = post(url, undefined, { headers, method: 'GET' })
    await expect.poll(held.isWaiting).toBe(true)
    expect((await post(url, undefined, { headers, method: 'DELETE' })).status).toBe(204)
    held.release()
    expect((await listening).status).toBe(404)
  })

  it('takes no message whose body comes late', async () => {
    let asked = 0
    const source = loop.runner.sessionsFrom(() => {
      asked++
      return agent
    })
    const { url } = await servers.serve(source)
    const headers = { 'mcp-session-id': await openSession(url) }
    const { host, port } = new URL(url)
    const body = JSON.stringify(request('ping'))
    const head = [
      'POST /mcp HTTP/1.1',
      `host: ${host}`,
      'content-type: application/json',
      'accept: application/json, text/event-stream',
      `authorization: Bearer ${TOKEN}`,
      `mcp-session-id: ${headers['mcp-session-id']}`,
      `content-length: ${body.length}`,
      'connection: close',
    ]
    const before = asked
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    await expect.poll(() => asked).toBe(before + 1)
    expect((await post(url, undefined, { headers, method: 'DELETE' })).status).toBe(204)
    socket.write(body)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 404 /)
  })
})

describe('a server that was closed', () => {
  it('has ended the answers that it was still streaming', async () => {
    const held = holdable(loop, agent)
    const bound = { isLoopback: true, isKnown: true, port: () => undefined }
    const exchange = createExchange(held.source, { auth: 'insecure_loopback' }, bound)
    const send = (message: object, more: Readonly<Record<string, string>> = {}) => {
      const headers: Readonly<Record<string, string>> = {
        host: 'localhost',
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...more,
      }
      return exchange.answer({
        method: 'POST',
        path: '/mcp',
        header: (name) => headers[name],
        headers: () => headers,
        url: () => new URL('http://localhost/mcp'),
        body: ({ chunk, end }) => {
          chunk(Buffer.from(JSON.stringify(message)))
          end()
          return () => undefined
        },
        toRequest: () => new Request('http://localhost/mcp'),
      })
    }
    const initialize = request('initialize', { protocolVersion: '2025-11-25', capabilities: {} })
    const { headers } = await send(initialize)
    const call = { name: INSPECT, arguments: { invoice_id: loop.invoice }, _meta: { progressToken: 1 } }
    const { stream } = await send(request('tools/call', call), { 'mcp-session-id': headers['mcp-session-id'] ?? '' })
    let isEnded = false
    const end = () => {
      isEnded = true
    }
    const sink: EventSink = { write: () => undefined, end, waiting: () => 0 }
    held.hold()
    stream?.open(sink)
    await expect.poll(held.waiting).toBe(1)
    await exchange.close(10)
    expect(isEnded).toBe(true)
    held.release()
  })
})
