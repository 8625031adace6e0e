import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { INITIALIZE, opened, openServers, PROTOCOLS, post, request, type Servers, TOKEN } from './http-world.js'

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

/** More than any connection holds on its way. */
const LARGE = 'x'.repeat(16 * 1024 * 1024)

/** Somebody who asks so many times for more than a connection holds, and reads nothing of it. */
function ask(url: string, times: number): Socket {
  const body = JSON.stringify(INITIALIZE)
  const { host, port } = new URL(url)
  const head = [
    'POST /mcp HTTP/1.1',
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json, text/event-stream',
    `authorization: Bearer ${TOKEN}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined)
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`.repeat(times))
  return socket
}

describe.each(PROTOCOLS)('an answer of %s that nobody reads', (protocol) => {
  const serve = (request_ms: number, calls_per_subject: number) =>
    servers.serve(loop.runner.session(agent), {
      protocol,
      instructions: LARGE,
      limits: { request_ms, calls_per_subject },
    })

  const status = async (url: string, headers: Readonly<Record<string, string>>) =>
    (await post(url, request('ping'), { headers })).status

  it('keeps the share of its caller, until it has waited for as long as it may', async () => {
    const { url } = await serve(1500, 1)
    const headers = await opened(url, protocol)
    const socket = ask(url, 1)
    await expect.poll(() => status(url, headers), { interval: 20 }).toBe(429)
    await expect.poll(() => status(url, headers), { timeout: 10_000 }).toBe(200)
    socket.destroy()
  })

  it('gives the share back when its client leaves, also where answers wait behind each other', async () => {
    const { url } = await serve(60_000, 3)
    const headers = await opened(url, protocol)
    const leaving = ask(url, 3)
    await expect.poll(() => status(url, headers), { interval: 20 }).toBe(429)
    leaving.destroy()
    await expect.poll(() => status(url, headers), { timeout: 10_000 }).toBe(200)
    const others = [ask(url, 1), ask(url, 1)]
    for (const socket of others) await once(socket, 'readable')
    expect(await status(url, headers)).toBe(200)
    for (const socket of others) socket.destroy()
  })
})

describe.each(PROTOCOLS)('a name that an answer of %s repeats', (protocol) => {
  it('has at most 256 characters', async () => {
    const { url } = await servers.serve(loop.runner.session(agent), { protocol })
    const headers = await opened(url, protocol)
    const named = (id: string, progressToken: string) =>
      post(url, { ...request('ping', { _meta: { progressToken } }), id }, { headers })
    const [longest, longer] = ['n'.repeat(256), 'n'.repeat(257)]
    expect(await named(longest, longest)).toMatchObject({ status: 200, body: { id: longest, result: {} } })
    expect(await named(longer, longest)).toMatchObject({ status: 400, body: { id: null, error: { code: -32600 } } })
    expect(await named(longest, longer)).toMatchObject({ status: 400, body: { id: longest, error: { code: -32600 } } })
  })
})
