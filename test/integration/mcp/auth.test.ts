import { KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  claimsOf,
  createMcpHandler,
  type McpAuth,
  type McpHostContext,
  type McpHttpOptions,
  type McpJwtOptions,
  serveHttp,
} from '../../../adapters/mcp/index.js'
import type { Config, ToolSource } from '../../../src/index.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { INITIALIZE, openServers, openSession, PROTOCOLS, post, read, request, type Servers } from './http-world.js'

const issuer = 'https://login.example.com'
const audience = 'https://mcp.example.com'
const secret = Buffer.alloc(32, 7)

let shop: Shop
let loop: Loop
let servers: Servers
let keys: Awaited<ReturnType<typeof generateKeyPair>>
let strangers: Awaited<ReturnType<typeof generateKeyPair>>
let publicKey: string
let seen: McpHostContext[]
let source: ToolSource<Config, McpHostContext>
beforeAll(async () => {
  shop = await openSqliteShop()
  const values = { tenant_id_key: 'tenant_id', principal_key: 'sub' }
  loop = await openLoop(shop, { config: { trusted_context: { provider: 'http_claims', values } } })
  keys = await generateKeyPair('RS256', { extractable: true })
  strangers = await generateKeyPair('RS256')
  publicKey = await exportSPKI(keys.publicKey)
  servers = openServers()
  seen = []
  source = loop.runner.sessionsFrom((host: McpHostContext) => {
    seen.push(host)
    return { claims: claimsOf(host) }
  })
})
afterEach(() => servers.close())
afterAll(async () => {
  await loop.close()
  await shop.drop()
})

const CLAIMS = { iss: issuer, aud: audience, sub: 'agent-7', tenant_id: 'acme', scope: 'read propose' }

function sign(
  claims: Readonly<Record<string, unknown>> = {},
  key: Parameters<SignJWT['sign']>[0] = keys.privateKey,
  alg = 'RS256',
  kid?: string,
) {
  const now = Math.floor(Date.now() / 1000)
  const payload = { ...CLAIMS, iat: now, exp: now + 300, ...claims }
  const header = kid === undefined ? { alg } : { alg, kid }
  return new SignJWT(payload).setProtectedHeader(header).sign(key)
}

function jwt(options: Partial<McpJwtOptions> = {}): McpAuth {
  return { jwt: { issuer, audience, algorithms: ['RS256'], keys: publicKey, ...options } }
}

const serve = (auth: McpAuth, options: Partial<McpHttpOptions> = {}) => servers.serve(source, { auth, ...options })

describe.each(PROTOCOLS)('a server of %s that verifies tokens', (protocol) => {
  it('serves the tenant and the principal of a good one, and hands the token on to nobody', async () => {
    const { url } = await serve(jwt(), { protocol })
    const token = await sign()
    const headers: Record<string, string> =
      protocol === 'mcp' ? { 'mcp-session-id': await openSession(url, { token }) } : {}
    const { body } = await post(url, read(loop), { token, headers: { ...headers, cookie: 'a=secret' } })
    expect(body).toMatchObject({ result: { structuredContent: { ok: true } } })

    const last = seen.at(-1)
    expect(last?.authInfo).toMatchObject({
      token: 'withheld',
      clientId: 'agent-7',
      scopes: ['read', 'propose'],
      expiresAt: expect.any(Number),
      extra: { sub: 'agent-7', claims: { tenant_id: 'acme' } },
    })
    // It is there also when the request is over.
    expect(last?.requestInfo?.headers).toMatchObject({ 'content-type': 'application/json', ...headers })
    expect(last?.requestInfo?.url?.href).toBe(url)
    expect(JSON.stringify(last)).not.toMatch(/secret|Bearer/)
    expect(JSON.stringify(last)).not.toContain(token)
  })

  it.each<[string, () => Promise<string> | string]>([
    ['of another issuer', () => sign({ iss: 'https://evil.example' })],
    ['for another audience', () => sign({ aud: 'https://other.example' })],
    ['for nobody', () => sign({ aud: [] })],
    ['that has expired', () => sign({ exp: Math.floor(Date.now() / 1000) - 120 })],
    ['that is not good yet', () => sign({ nbf: Math.floor(Date.now() / 1000) + 120 })],
    ['that never expires', () => sign({ exp: undefined })],
    ['of nobody', () => sign({ sub: undefined })],
    ['of somebody without a name', () => sign({ sub: '' })],
    ['that another has signed', () => sign({}, strangers.privateKey)],
    ['signed with the public key as a secret', () => sign({}, Buffer.from(publicKey), 'HS256')],
    ['signed by another algorithm', () => sign({}, KeyObject.from(keys.privateKey), 'RS512')],
    ['that nobody has signed', () => new UnsecuredJWT(CLAIMS).setExpirationTime('5 min').encode()],
    [
      'that was changed',
      async () => (await sign()).replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"admin"}').toString('base64url')}.`),
    ],
    ['that is none', () => 'x.y.z'],
  ])('refuses one %s, and does not say why', async (_, make) => {
    const { url } = await serve(jwt(), { protocol })
    const { status, headers, body } = await post(url, INITIALIZE, { token: await make() })
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"'])
    expect(body?.error).toEqual({ code: -32000, message: 'Nobody is known by what came with this request.' })
  })
})

describe('the keys by which tokens are verified', () => {
  const status = async (auth: McpAuth, token: string) =>
    (await post((await serve(auth)).url, INITIALIZE, { token })).status

  it('may be a set, of which the token names one', async () => {
    const set = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256' }] }
    expect(await status(jwt({ keys: set }), await sign({}, keys.privateKey, 'RS256', 'one'))).toBe(200)
    expect(await status(jwt({ keys: set }), await sign({}, keys.privateKey, 'RS256', 'two'))).toBe(401)
    expect(await status(jwt({ keys: set }), await sign({}, strangers.privateKey, 'RS256', 'one'))).toBe(401)
  })

  it('may be at an address', async () => {
    const set = { keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'RS256' }] }
    const server = createServer((_, response) => void response.end(JSON.stringify(set)))
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
    expect(await status(jwt({ keys: address }), await sign())).toBe(200)
    expect(await status(jwt({ keys: address }), await sign({}, strangers.privateKey))).toBe(401)
    server.close()
    server.closeAllConnections()
    expect(await status(jwt({ keys: address }), await sign())).toBe(503)
  })

  it('may be secrets, for algorithms that take them', async () => {
    const oct = { keys: [{ kty: 'oct', k: secret.toString('base64url'), kid: 'one' }] }
    const auth = jwt({ algorithms: ['HS256'], keys: oct })
    expect(await status(auth, await sign({}, secret, 'HS256', 'one'))).toBe(200)
    expect(await status(auth, await sign({}, secret, 'HS256'))).toBe(200)
    expect(await status(auth, await sign({}, secret, 'HS256', 'two'))).toBe(401)
    expect(await status(auth, await sign({}, Buffer.alloc(32, 8), 'HS256', 'one'))).toBe(401)
    expect(await status(auth, await sign({}, secret, 'HS512', 'one'))).toBe(401)
    expect(await status(auth, await sign())).toBe(401)
  })

  it.each<[string, Partial<Record<keyof McpJwtOptions, unknown>>]>([
    ['no algorithm', { algorithms: [] }],
    ['the algorithm none', { algorithms: ['none'] }],
    ['none among others', { algorithms: ['RS256', 'none'] }],
    ['a secret algorithm beside a public one', { algorithms: ['RS256', 'HS256'] }],
    ['a public key as a secret', { algorithms: ['HS256'] }],
    ['a short secret', { algorithms: ['HS256'], keys: { keys: [{ kty: 'oct', k: 'c2hvcnQ' }] } }],
    ['a secret among public keys', { keys: { keys: [{ kty: 'oct', k: secret.toString('base64url') }] } }],
    ['no keys', { keys: { keys: [] } }],
    ['a key that is none', { keys: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' }],
    ['an address that others may answer for', { keys: 'http://login.example.com/jwks' }],
    ['a file', { keys: 'file:///etc/keys' }],
    ['no issuer', { issuer: '' }],
    ['no audience', { audience: [] }],
    ['clocks that differ by an hour', { clock_tolerance_s: 3600 }],
  ])('are refused with %s', async (_, options) => {
    const auth = jwt(options as Partial<McpJwtOptions>)
    await expect(serveHttp(source, { auth, port: 0 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('are refused where they are private', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'
    expect(() => createMcpHandler(source, { auth: jwt({ keys: pem }) })).toThrow('the public key')
  })
})

describe('a caller that the host knows', () => {
  it('is who it says, without the token', async () => {
    const authenticate = (given: Request) =>
      given.headers.get('x-gateway') === 'yes'
        ? { token: 'secret', clientId: 'web', scopes: [], extra: { sub: 'agent-7', claims: CLAIMS } }
        : undefined
    const { url } = await serve({ authenticate })
    const headers = { 'x-gateway': 'yes' }
    const session = await openSession(url, { token: null, headers })
    const { body } = await post(url, read(loop), { token: null, headers: { ...headers, 'mcp-session-id': session } })
    expect(body).toMatchObject({ result: { structuredContent: { ok: true } } })
    expect(seen.at(-1)?.authInfo).toMatchObject({ token: 'withheld', clientId: 'web' })
    expect((await post(url, INITIALIZE, { token: null })).status).toBe(401)
  })

  it.each([
    ['has no name', {}],
    ['has an empty one', { clientId: '' }],
    ['is known no longer', { clientId: 'web', expiresAt: 1 }],
    ['is known until nobody knows when', { clientId: 'web', expiresAt: Number.NaN }],
  ])('is nobody where it %s', async (_, found) => {
    const { url } = await serve({ authenticate: () => ({ token: '', scopes: [], ...found }) as never })
    expect((await post(url, INITIALIZE)).status).toBe(401)
  })

  it('may be anybody where the host throws or does not say in time, and is asked to come back', async () => {
    const ways: readonly (() => Promise<never>)[] = [
      () => Promise.reject(new Error('secret')),
      () => new Promise(() => undefined),
    ]
    for (const authenticate of ways) {
      const lines: string[] = []
      const log = (line: string) => void lines.push(line)
      const { url } = await serve({ authenticate }, { limits: { request_ms: 200 }, log })
      const { status, headers, text } = await post(url, INITIALIZE)
      expect([status, headers.get('retry-after')]).toEqual([503, '5'])
      expect(text).not.toContain('secret')
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 503, code: 'SOURCE_UNAVAILABLE' })
    }
  })

  it('is nobody where the host does not know it', async () => {
    const { url } = await serve({ authenticate: () => undefined })
    expect((await post(url, INITIALIZE)).status).toBe(401)
  })

  it('hears why where the host cannot say for whom it calls, also in a session of its own', async () => {
    let isDown = false
    const sessions = loop.runner.sessionsFrom((host: McpHostContext) => ({ claims: isDown ? {} : claimsOf(host) }))
    const { url } = await servers.serve(sessions, { auth: jwt() })
    const token = await sign()
    const headers = { 'mcp-session-id': await openSession(url, { token }) }
    isDown = true
    const refused = { status: 403, body: { error: { data: { code: 'CONTEXT_MISSING' } } } }
    expect(await post(url, request('ping'), { token, headers })).toMatchObject(refused)
    expect(await post(url, INITIALIZE, { token })).toMatchObject(refused)
    isDown = false
    expect((await post(url, request('ping'), { token, headers })).status).toBe(200)
  })

  it('opens no session where no tenant is known', async () => {
    const { url } = await serve({ authenticate: () => ({ token: '', clientId: 'web', scopes: [] }) })
    const answer = await post(url, INITIALIZE)
    expect(answer).toMatchObject({ status: 403, body: { error: { data: { code: 'CONTEXT_MISSING' } } } })
    expect(answer.headers.get('mcp-session-id')).toBeNull()
  })
})

describe('an MCP session', () => {
  it('is its subject’s alone, in its tenant alone', async () => {
    const { url } = await serve(jwt())
    const [mine, theirs, elsewhere] = await Promise.all([
      sign(),
      sign({ sub: 'agent-8' }),
      sign({ tenant_id: 'globex' }),
    ])
    const headers = { 'mcp-session-id': await openSession(url, { token: mine }) }
    const status = async (token: string, method = 'POST') => {
      const answer = await post(url, read(loop), { token, headers, method })
      return [answer.status, answer.text.replace(/"x-request-id":"[^"]+"/, '')]
    }
    const absent = await post(url, read(loop), { token: mine, headers: { 'mcp-session-id': 'none' } })
    expect(absent.status).toBe(404)
    expect(await status(theirs)).toEqual([404, absent.text])
    expect(await status(elsewhere)).toEqual([404, absent.text])
    expect(await status(theirs, 'DELETE')).toEqual([404, absent.text])
    expect(await status(theirs, 'GET')).toEqual([404, absent.text])
    expect((await status(mine))[0]).toBe(200)
    // The same subject with a new token goes on.
    expect((await status(await sign({ exp: Math.floor(Date.now() / 1000) + 600 })))[0]).toBe(200)
  })

  it('shows nothing of another tenant', async () => {
    const { url } = await serve(jwt())
    const ask = async (claims: JWTPayload, asked: object) => {
      const token = await sign(claims)
      const headers = { 'mcp-session-id': await openSession(url, { token }) }
      return (await post(url, asked, { token, headers })).body
    }
    const arguments_ = { invoice_id: loop.invoice, reason: 'outage', fee: 0 }
    const propose = request('tools/call', { name: 'billing__propose_late_fee_waiver', arguments: arguments_ })
    const proposed = await ask({}, propose)
    const uri = `synapsor://proposals/${proposed?.result?.structuredContent?.proposal?.id}`
    expect(await ask({}, request('resources/read', { uri }))).toHaveProperty('result')
    for (const method of ['resources/read', 'resources/subscribe']) {
      const answer = await ask({ tenant_id: 'globex' }, request(method, { uri }))
      expect(answer?.error).toMatchObject({ code: -32002, data: { code: 'PROPOSAL_NOT_FOUND' } })
    }
    const row = await ask({ tenant_id: 'globex' }, read(loop))
    expect(JSON.stringify(row)).toContain('NOT_FOUND')
  })

  it('belongs to the server that opened it', async () => {
    const [one, other] = [await serve(jwt()), await serve(jwt())]
    const token = await sign()
    const headers = { 'mcp-session-id': await openSession(one.url, { token }) }
    expect((await post(other.url, request('ping'), { token, headers })).status).toBe(404)
    expect((await post(one.url, request('ping'), { token, headers })).status).toBe(200)
    expect((await post(one.url, INITIALIZE, { token, headers })).status).toBe(400)
    expect((await post(one.url, request('ping'), { token })).status).toBe(400)
  })

  it('has an id that nobody guesses', async () => {
    const bound = await openLoop(shop)
    const { url } = await servers.serve(bound.runner.session(agent), { auth: 'insecure_loopback' })
    const ids = new Set<string>()
    for (let n = 0; n < 20; n++) ids.add(await openSession(url))
    expect(ids.size).toBe(20)
    for (const id of ids) expect(id).toMatch(/^[\x21-\x7e]{32}$/)
    await bound.close()
  })
})
