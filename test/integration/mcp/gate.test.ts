import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMcpHandler, type McpHandlerOptions, serveHttp } from '../../../adapters/mcp/index.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { INITIALIZE, opened, openServers, PROTOCOLS, post, read, request, type Servers, TOKEN } from './http-world.js'

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

/** Headers that fetch would not send. */
function raw(
  url: string,
  headers: Readonly<Record<string, string | string[]>>,
  method = 'POST',
): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, async (response) => {
      resolve([response.statusCode ?? 0, await text(response)])
    })
    sent.on('error', reject).end(JSON.stringify(INITIALIZE))
  })
}

const FIT = {
  authorization: `Bearer ${TOKEN}`,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
}

/** A refusal says what the protocol needs, and nothing of the server. */
function expectRefusal(body: string): void {
  expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: expect.any(Number) } })
  expect(body).not.toMatch(/node_modules|at \w+ \(|\/work\/|<html/i)
}

describe.each(PROTOCOLS)('the gate of %s', (protocol) => {
  const serve = (options: Partial<McpHandlerOptions> = {}) =>
    servers.serve(loop.runner.session(agent), { protocol, ...options })

  it.each([
    ['another path', '/other', {}, 404],
    ['a path behind it', '/mcp/', {}, 404],
    ['another host', '/mcp', { host: 'evil.example' }, 403],
    ['another port of this host', '/mcp', { host: 'localhost:1' }, 403],
    ['a host that hides another', '/mcp', { host: 'localhost@evil.example' }, 403],
    ['another origin', '/mcp', { origin: 'http://evil.example' }, 403],
    ['the origin of a sandbox', '/mcp', { origin: 'null' }, 403],
    ['an origin of another port', '/mcp', { origin: 'http://localhost:1' }, 403],
    ['no token', '/mcp', { authorization: '' }, 401],
    ['another token', '/mcp', { authorization: 'Bearer another' }, 401],
    ['two tokens', '/mcp', { authorization: `Bearer ${TOKEN}, Bearer ${TOKEN}` }, 401],
    ['a password', '/mcp', { authorization: 'Basic YTpi' }, 401],
    ['a form', '/mcp', { 'content-type': 'text/plain' }, 415],
    ['another charset', '/mcp', { 'content-type': 'application/json; charset=utf-16' }, 415],
    ['a compressed body', '/mcp', { 'content-encoding': 'gzip' }, 415],
    ['a client that reads no JSON', '/mcp', { accept: 'text/html' }, 406],
  ] as const)('refuses %s', async (_, path, headers, status) => {
    const { url } = await serve()
    const [answered, body] = await raw(new URL(path, url).href, { ...FIT, ...headers })
    expect(answered).toBe(status)
    expectRefusal(body)
  })

  it.each(['host', 'origin', 'authorization', 'content-type'])('refuses %s where it stands twice', async (name) => {
    const { url } = await serve()
    const { host, port } = new URL(url)
    const body = JSON.stringify(INITIALIZE)
    const given: Record<string, string> = { ...FIT, host, origin: `http://${host}` }
    const send = async (more: string) => {
      const socket = connect(Number(port), '127.0.0.1')
      const lines = Object.entries(given).map(([each, value]) => `${each}: ${value}\r\n`)
      const rest = `${more}content-length: ${body.length}\r\nconnection: close\r\n\r\n`
      socket.write(`POST /mcp HTTP/1.1\r\n${lines.join('')}${rest}${body}`)
      return text(socket)
    }
    expect(await send('')).toMatch(/^HTTP\/1\.1 200 /)
    expect(await send(`${name}: ${given[name]}\r\n`)).toMatch(/^HTTP\/1\.1 4\d\d /)
  })

  it('asks for a token before it looks at what is sent', async () => {
    const { url } = await serve()
    const answer = await post(url, 'x', { token: null, headers: { 'content-type': 'text/plain' } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    const wrong = await post(url, 'x', { token: 'wrong' })
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  })

  it.each(['PUT', 'PATCH', 'OPTIONS', 'HEAD'])(
    'has no method %s, and grants nothing to other pages',
    async (method) => {
      const { url } = await serve()
      const answer = await post(url, undefined, {
        method,
        headers: { 'access-control-request-private-network': 'true' },
      })
      expect(answer.status).toBe(405)
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(answer.headers.get('allow')).toBe(protocol === 'mcp' ? 'POST, GET, DELETE' : 'POST')
    },
  )

  it('lets in what fits, with or without an origin of this machine', async () => {
    const { url } = await serve()
    const headers = await opened(url, protocol)
    const { origin } = new URL(url)
    for (const each of [{}, { origin }, { origin: origin.replace('127.0.0.1', 'localhost') }]) {
      const { status, body } = await post(url, read(loop), { headers: { ...headers, ...each } })
      expect([status, body?.result?.isError]).toEqual([200, undefined])
    }
  })

  it('answers to the hosts and origins that it is told, and to no others', async () => {
    const { url } = await serve({ allowed_hosts: ['mcp.example.com'], allowed_origins: ['https://app.example.com'] })
    const status = async (headers: Record<string, string>) => (await raw(url, { ...FIT, ...headers }))[0]
    expect(await status({ host: 'mcp.example.com' })).toBe(200)
    expect(await status({ host: 'MCP.example.com:8443', origin: 'https://app.example.com' })).toBe(200)
    expect(await status({ host: 'mcp.example.com', origin: 'http://127.0.0.1' })).toBe(403)
    expect(await status({ host: 'mcp.example.com.evil.example' })).toBe(403)
    expect(await status({ host: '127.0.0.1' })).toBe(403)
  })
})

describe('a server that would be open', () => {
  const source = () => loop.runner.session(agent)
  const refused = (options: Record<string, unknown>) =>
    expect(serveHttp(source(), { port: 0, ...options } as never)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })

  it('is not made without a way to know its callers, and says which lines to add', async () => {
    await expect(serveHttp(source(), { port: 0 } as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      next: expect.stringContaining('auth: { token'),
    })
    await refused({ auth: {} })
    await refused({ auth: 'none' })
    await refused({ auth: { token: TOKEN, jwt: {} } })
    await refused({ auth: { token: '' } })
    await refused({ auth: { token: 'two words of a token that is long enough' } })
    await refused({ auth: { authenticate: 'yes' } })
    expect(() => createMcpHandler(source(), {} as never)).toThrow('must know who calls')
  })

  it('is not made where others reach it and a token is short, or its names are not known', async () => {
    await refused({ auth: { token: TOKEN }, host: '0.0.0.0' })
    await refused({ auth: { token: 'short' }, host: '0.0.0.0', allowed_hosts: ['mcp.example.com'] })
    await refused({ auth: 'insecure_loopback', host: '0.0.0.0', allowed_hosts: ['localhost'] })
    await refused({ auth: 'insecure_loopback', allowed_hosts: ['mcp.example.com'] })
    expect(() => createMcpHandler(source(), { auth: { token: 'short' } })).toThrow('shorter than 32 bytes')
    const { close } = await serveHttp(source(), { auth: { token: 'short' }, port: 0 })
    await close()
  })

  it.each([
    { limits: { body_bytes: 0 } },
    { limits: { bodybytes: 1 } },
    { limits: { session_idle_ms: 2 ** 31 } },
    { protocol: 'soap' },
    { path: 'mcp' },
    { port: 70_000 },
    { allowed_hosts: ['http://mcp.example.com'] },
    { allowed_origins: ['app.example.com'] },
    { alias_mode: 'short' },
    { bodyLimit: 1 },
  ])('takes no option that is none: %j', async (options) => {
    const served = serveHttp(source(), { auth: { token: TOKEN }, port: 0, ...options } as never)
    await expect(served).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('answers no page of another port of this machine', async () => {
    const handler = createMcpHandler(source(), { auth: 'insecure_loopback' })
    const status = async (origin: string) => {
      const headers = { ...FIT, origin }
      const body = JSON.stringify(INITIALIZE)
      return (await handler(new Request('http://localhost:3000/mcp', { method: 'POST', headers, body }))).status
    }
    expect(await status('http://localhost:3000')).toBe(200)
    expect(await status('http://localhost:3001')).toBe(403)
    expect(await status('http://localhost')).toBe(403)
    await handler.close()
  })

  it('lets everybody of this machine in where it is told to, and nobody by another name', async () => {
    const { url } = await servers.serve(loop.runner.session(agent), { auth: 'insecure_loopback' })
    expect((await post(url, INITIALIZE, { token: null })).status).toBe(200)
    expect((await raw(url, { ...FIT, host: 'evil.example' }))[0]).toBe(403)
  })

  it('does not speak a version of the protocol that it does not know', async () => {
    const { url } = await servers.serve(loop.runner.session(agent))
    const headers = { ...(await opened(url, 'mcp')), 'mcp-protocol-version': '9999-99-99' }
    expect((await post(url, request('ping'), { headers })).status).toBe(400)
  })
})
