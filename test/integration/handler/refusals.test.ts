import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWritebackHandler } from '../../../src/handler/index.js'
import { type Delivery, requestOf, SECRET, signed, TOKEN, toHttp } from './requests.js'
import { openSqliteWorld, type SqliteHandlerWorld } from './sqlite-world.js'

let world: SqliteHandlerWorld
let lines: unknown[] = []
let ran = 0

beforeAll(async () => {
  world = await openSqliteWorld()
})
afterAll(() => world.drop())
beforeEach(() => {
  lines = []
  ran = 0
})

const MOST = 4096

function handlerWith(
  options: { signing_secret?: string | readonly string[]; token?: string | readonly string[] } = {},
) {
  return createWritebackHandler({
    token: TOKEN,
    ...options,
    database: world.database,
    max_body_bytes: MOST,
    capabilities: {
      'billing.waive': async (job, tx) => {
        ran += 1
        return { rows_affected: await world.waive(job, tx) }
      },
    },
    logger: { info: (_, line) => void lines.push(line), warn: (_, line) => void lines.push(line) },
  })
}

const state = () =>
  Promise.all(['invoices', 'credits', 'synapsor_handler_receipts'].map((table) => world.sql(`select * from ${table}`)))

describe('a request that is turned away', () => {
  const request = requestOf()
  const text = JSON.stringify(request)
  let before: unknown

  beforeEach(async () => {
    before = await state()
  })
  afterEach(async () => {
    expect(await state()).toEqual(before)
    expect(ran).toBe(0)
  })

  it.each<[string, number, string, Delivery]>([
    ['with another method', 405, 'METHOD_NOT_ALLOWED', { method: 'GET' }],
    ['of another type', 415, 'MEDIA_TYPE', { headers: { 'content-type': 'text/plain' } }],
    ['of a type that begins the same', 415, 'MEDIA_TYPE', { headers: { 'content-type': 'application/json-seq' } }],
    ['with a packed body', 415, 'CONTENT_ENCODING', { headers: { 'content-encoding': 'gzip' } }],
    ['without a token', 401, 'UNAUTHORIZED', { headers: { authorization: undefined } }],
    ['with another token', 401, 'UNAUTHORIZED', { headers: { authorization: `Bearer ${TOKEN}x` } }],
    ['with part of the token', 401, 'UNAUTHORIZED', { headers: { authorization: `Bearer ${TOKEN.slice(0, -1)}` } }],
    ['with the token under another scheme', 401, 'UNAUTHORIZED', { headers: { authorization: `Basic ${TOKEN}` } }],
    ['that says it is too large', 413, 'BODY_TOO_LARGE', { headers: { 'content-length': String(2 ** 26) } }],
    ['that is too large', 413, 'BODY_TOO_LARGE', { body: text.padEnd(MOST + 1) }],
    ['that is no text', 400, 'JSON_INVALID', { body: new Uint8Array([0x7b, 0xff, 0x7d]) }],
    ['that is no JSON', 400, 'JSON_INVALID', { body: text.slice(1) }],
    ['with nothing in it', 400, 'JSON_INVALID', { body: '' }],
    ['with a name that stands there twice', 400, 'JSON_INVALID', { body: `{"dry_run":true,${text.slice(1)}` }],
    ['with a name that would change an object', 400, 'JSON_INVALID', { body: `{"__proto__":{},${text.slice(1)}` }],
    ['with half a character', 400, 'JSON_INVALID', { body: text.replace('acme', 'acme\\ud800') }],
    ['that is too deep', 400, 'JSON_INVALID', { body: '['.repeat(2000) + ']'.repeat(2000) }],
    ['with a list for an object', 422, 'REQUEST_INVALID', { body: '[]' }],
    ['of another protocol', 422, 'SCHEMA_VERSION_UNKNOWN', { body: text.replace('handler-writeback.v1', 'other.v9') }],
    ['with a name that is none', 422, 'REQUEST_INVALID', { body: text.replaceAll('late_fee', 'late fee; --') }],
    ['for another capability', 404, 'CAPABILITY_NOT_FOUND', { body: text.replace('billing.waive', 'billing.other') }],
    [
      'for a capability of all objects',
      404,
      'CAPABILITY_NOT_FOUND',
      { body: text.replace('billing.waive', 'toString') },
    ],
    ['under another key than the header says', 422, 'KEY_MISMATCH', { headers: { 'idempotency-key': 'wrp_other' } }],
  ])('%s is answered %i %s, and nothing is written', async (_, status, code, delivery) => {
    const response = await handlerWith()(toHttp(request, delivery))
    const body = JSON.parse(await response.text())
    expect(response.status).toBe(status)
    expect(body).toMatchObject({ status: 'failed', safe_error_code: code, source_database_mutated: false })
    expect(lines).toMatchObject([{ outcome: 'denied', code, correlation_id: body.correlation_id }])
  })

  it.each([
    ['that names no row', 'TARGET_MISSING', { target: undefined }],
    ['without a tenant', 'TENANT_MISSING', { target: { ...request.target, tenant_key: null } }],
    [
      'that names two tenants',
      'TARGET_INVALID',
      { target: { ...request.target, tenant_key: { column: 'tenant_id', value: 'globex' } } },
    ],
    [
      'that names two rows',
      'TARGET_INVALID',
      { target: { ...request.target, primary_key: { column: 'id', value: 'INV-2' } } },
    ],
    ['that rests on nothing', 'GUARD_MISSING', { change_set: { ...request.change_set, guards: {} } }],
    ['whose key is too long', 'KEY_TOO_LONG', { idempotency_key: 'w'.repeat(201) }],
  ])('%s is answered 422 %s', async (_, code, other) => {
    const body = JSON.stringify({ ...request, ...other })
    const response = await handlerWith()(toHttp(request, { body, headers: { 'idempotency-key': undefined } }))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ safe_error_code: code })
  })

  it('stops to read a body of 64 MiB that does not say how long it is', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull: (stream) => {
        sent += 65_536
        if (sent > 2 ** 26) stream.close()
        else stream.enqueue(new Uint8Array(65_536).fill(0x20))
      },
    })
    const response = await handlerWith()(toHttp(request, { body }))
    expect(response.status).toBe(413)
    expect(sent).toBeLessThan(2 ** 20)
  })

  it('does not read the body of a stranger', async () => {
    let pulled = 0
    const pull = () => {
      pulled += 1
    }
    const body = new ReadableStream({ pull }, { highWaterMark: 0 })
    const response = await handlerWith()(toHttp(request, { body, headers: { authorization: undefined } }))
    expect([response.status, pulled]).toEqual([401, 0])
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['without one', {}],
    ['of another secret', signed(text, { secret: `${SECRET}x` })],
    ['over another body', signed(`${text} `)],
    ['that is too old', signed(text, { age: 301 })],
    ['of the future', signed(text, { age: -302 })],
    [
      'whose time was changed',
      { ...signed(text, { age: 10 }), 'x-synapsor-timestamp': String(Math.floor(Date.now() / 1000)) },
    ],
    ['whose time has a sign', { ...signed(text), 'x-synapsor-timestamp': `+${Math.floor(Date.now() / 1000)}` }],
    ['of no digits', { ...signed(text), 'x-synapsor-signature': 'sha256=' }],
  ])('is turned away by its signature: %s', async (_, headers) => {
    const response = await handlerWith({ signing_secret: SECRET })(toHttp(request, { headers }))
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ safe_error_code: 'SIGNATURE_INVALID' })
  })

  it('tells nothing of secrets and values in answers and logs', async () => {
    const wrong = { authorization: 'Bearer wrong-token-canary-0123456789abcdef' }
    const canary = text.replace('"late_fee":0', '"late_fee":"value-canary"')
    const handler = handlerWith({ signing_secret: SECRET })
    const answers = await Promise.all([
      handler(toHttp(request, { headers: wrong })),
      handler(toHttp(request, { body: canary })),
      handler(toHttp(request, { body: canary.slice(1), headers: signed(canary.slice(1)) })),
    ])
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect([...texts, JSON.stringify(lines)].join()).not.toContain('canary')
  })
})

describe('who is let in', () => {
  it('takes a signed request, under a secret that takes over from another, too', async () => {
    const request = requestOf()
    const text = JSON.stringify(request)
    const handler = handlerWith({ signing_secret: [`new-${SECRET}`, SECRET], token: [`new-${TOKEN}`, TOKEN] })
    const response = await handler(toHttp(request, { headers: signed(text, { age: 200 }) }))
    expect(await response.json()).toMatchObject({ status: 'applied' })
  })

  it.each([
    ['no token', {}],
    ['an empty token', { token: '' }],
    ['a token of 31 bytes', { token: 'x'.repeat(31) }],
    ['no token in a list', { token: [] }],
    ['one short token among long ones', { token: [TOKEN, 'short'] }],
    ['a short secret', { token: TOKEN, signing_secret: 'short' }],
    ['a token and none at once', { token: TOKEN, insecure_loopback: true }],
    ['no age', { token: TOKEN, signing_secret: SECRET, signature_age_ms: Number.NaN }],
  ])('is not made with %s', (_, options) => {
    expect(() => createWritebackHandler({ ...options, database: world.database, capabilities: {} })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })

  it.each([
    ['of this machine', 200, {}],
    ['by another name', 401, { url: 'http://billing.example/writeback' }],
    ['through a proxy', 401, { headers: { 'x-forwarded-for': '10.0.0.1' } }],
  ])('takes requests without a token only %s', async (_, status, delivery) => {
    const handler = createWritebackHandler({
      insecure_loopback: true,
      database: world.database,
      capabilities: { 'billing.waive': async () => ({}) },
      logger: { info: () => {}, warn: () => {} },
    })
    await world.sql('update invoices set late_fee = 1500, version = 7')
    const headers = { authorization: undefined, ...('headers' in delivery ? delivery.headers : {}) }
    const response = await handler(toHttp(requestOf(), { ...delivery, headers }))
    expect(response.status).toBe(status)
  })

  it('answers though its log fails', async () => {
    const handler = createWritebackHandler({
      token: TOKEN,
      database: world.database,
      capabilities: {},
      logger: {
        info: () => {
          throw new Error('full')
        },
        warn: () => {
          throw new Error('full')
        },
      },
    })
    expect((await handler(toHttp(requestOf()))).status).toBe(404)
  })

  it('answers, and the app lives on, though its log and whoever hears of errors fail later', async () => {
    const unhandled: unknown[] = []
    const listener = (error: unknown) => void unhandled.push(error)
    process.on('unhandledRejection', listener)
    const full = async () => {
      throw new Error('full')
    }
    const handler = createWritebackHandler({
      token: TOKEN,
      database: world.database,
      capabilities: {
        'billing.waive': async () => {
          throw new Error('boom')
        },
      },
      logger: { info: full, warn: full },
      on_error: full,
    })
    await world.sql('update invoices set late_fee = 1500, version = 7')
    const response = await handler(toHttp(requestOf()))
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('unhandledRejection', listener)
    expect([response.status, unhandled]).toEqual([500, []])
  })
})
