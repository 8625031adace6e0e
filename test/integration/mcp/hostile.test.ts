import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpServing } from '../../../adapters/mcp/index.js'
import { entriesFor } from '../hostile/corpus.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { INSPECT, opened, openServers, PROTOCOLS, post, read, request, type Servers, TOKEN } from './http-world.js'

/** What the corpus has for a body, and what came to mind beside it. */
const BODIES: readonly (readonly [string, string])[] = [
  ...entriesFor('http:body|stdio:line').map(({ id, raw = '' }) => [id, raw] as const),
  ['a batch', `[${JSON.stringify(request('ping'))}]`],
  ['an empty batch', '[]'],
  ['null', 'null'],
  ['a list of params', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}'],
  ['params that are text', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"x"}'],
  ['no id but null', '{"jsonrpc":"2.0","id":null,"method":"ping"}'],
  ['an id that is a list', '{"jsonrpc":"2.0","id":[1],"method":"ping"}'],
  ['a method that is a number', '{"jsonrpc":"2.0","id":1,"method":1}'],
  ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}'],
  ['a member of its own', '{"jsonrpc":"2.0","id":1,"method":"ping","tenant_id":"globex"}'],
  ['a request that is an answer', '{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}'],
  ['an answer that is none', '{"jsonrpc":"2.0","id":1,"result":{},"error":{}}'],
  ['a name twice, one escaped', '{"jsonrpc":"2.0","id":1,"method":"ping","\\u006dethod":"tools/list"}'],
  ['a name twice inside', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"a":1,"a":2}}}'],
  ['a prototype', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{"a":1}}}'],
  ['a lone surrogate', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\\ud800"}}'],
  ['a lone surrogate in a name', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"\\udfff":1}}'],
  ['two messages', '{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}'],
  ['a comment', '{"jsonrpc":"2.0","id":1,"method":"ping"/**/}'],
  ['NaN', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}'],
  ['a tool that is an object', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{"a":1}}}'],
  ['a uri that is a number', '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":1}}'],
  ['a method of every object', '{"jsonrpc":"2.0","id":1,"method":"constructor"}'],
  [
    '100,000 names',
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'x',
      ...Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`k${n}`, 1])),
    }),
  ],
]

/** Bodies that a server may take, because nothing comes of them. */
const HARMLESS: ReadonlySet<string> = new Set(['H353'])

/** Nothing of ours, of the machine, or of what was sent. */
function expectDiscreet(body: string): void {
  expect(body).not.toMatch(
    /node_modules|at \w+ \(|\/work\/|<html|SyntaxError|Unexpected|ZodError|etc\/passwd|169\.254/i,
  )
}

let shop: Shop
let loop: Loop
let servers: Servers
beforeAll(async () => {
  shop = await openSqliteShop()
  loop = await openLoop(shop)
  servers = openServers()
})
afterAll(async () => {
  await servers.close()
  await loop.close()
  await shop.drop()
})

describe.each(PROTOCOLS)('hostile messages to a server of %s', (protocol) => {
  let serving: HttpServing
  let headers: Record<string, string>
  let listed: string
  beforeAll(async () => {
    serving = await servers.serve(loop.runner.session(agent), { protocol })
    headers = await opened(serving.url, protocol)
    listed = (await post(serving.url, { ...request('tools/list'), id: 0 }, { headers })).text
  })

  it.each(BODIES)('answers %s with an error of JSON-RPC, and goes on', async (name, raw) => {
    const { status, body, text: answer } = await post(serving.url, raw, { headers })
    if (status !== 202 && !HARMLESS.has(name)) {
      const isRefused = body?.error !== undefined || body?.result?.isError === true
      expect([name, isRefused]).toEqual([name, true])
      expect([200, 400]).toContain(status)
    }
    expectDiscreet(answer)
    expect((await post(serving.url, read(loop), { headers })).status).toBe(200)
  })

  it.each(entriesFor('jsonrpc:params'))('takes no context from the params of $id', async ({ value }) => {
    const call = request('tools/call', { name: INSPECT, arguments: { invoice_id: loop.invoice }, ...(value as object) })
    const { text: answer } = await post(serving.url, call, { headers })
    expect(answer).not.toContain('globex')
    expectDiscreet(answer)
  })

  it.each(entriesFor('http:header'))('takes nothing from the header of $id but what is verified', async ({ value }) => {
    const before = await shop.contents()
    const sent = { authorization: `Bearer ${TOKEN}`, ...FIT, ...headers, ...(value as Record<string, string>) }
    const [status, answer, granted] = await raw(serving.url, sent)
    expect(status >= 200 && status < 500).toBe(true)
    expectDiscreet(answer)
    expect(granted).toEqual([])
    expect(await shop.contents()).toBe(before)
  })

  it('refuses arguments as every tool does, also those that JSON.parse would hide', async () => {
    const call = async (args: string) => {
      const raw = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${INSPECT}","arguments":${args}}}`
      return (await post(serving.url, raw, { headers })).body?.result
    }
    const refused = { isError: true, content: [{ text: expect.stringContaining('INVALID_ARGUMENT') }] }
    expect(await call(`{"invoice_id":"${loop.invoice}","invoice_id":"${loop.invoice}"}`)).toMatchObject(refused)
    expect(await call(`{"invoice_id":"${loop.invoice}","tenant_id":"globex"}`)).toMatchObject(refused)
    expect(await call('{"invoice_id":9007199254740993}')).toMatchObject(refused)
    expect(await call('{"invoice_id":"\\ud800"}')).toMatchObject(refused)
    expect(await call('{"__proto__":{"invoice_id":"x"}}')).toMatchObject(refused)
    expect(await call('["INV-1"]')).toMatchObject(refused)
    expect(await call('null')).toMatchObject(refused)
    expect(await call(`{"invoice_id":"${loop.invoice}"}`)).not.toHaveProperty('isError')
  })

  it('lists the same bytes afterwards', async () => {
    expect((await post(serving.url, { ...request('tools/list'), id: 0 }, { headers })).text).toBe(listed)
  })
})

const FIT = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

/** Sends headers that fetch would not, and gives those of the answer that would let another page in. */
function raw(url: string, headers: Readonly<Record<string, string>>): Promise<[number, string, string[]]> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', headers }, async (response) => {
      const granted = Object.keys(response.headers).filter((name) => name.startsWith('access-control'))
      resolve([response.statusCode ?? 0, await text(response), granted])
    })
    sent.on('error', reject).end(JSON.stringify(request('ping')))
  })
}
