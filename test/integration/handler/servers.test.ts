import { createServer, request as httpRequest, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createWritebackHandler,
  fastifyHandler,
  toNodeHandler,
  type WritebackHandler,
} from '../../../src/handler/index.js'
import { requestOf, SECRET, signed, TOKEN } from './requests.js'
import { openSqliteWorld, type SqliteHandlerWorld } from './sqlite-world.js'

let world: SqliteHandlerWorld
let handler: WritebackHandler
const servers: { close(): Promise<void> }[] = []

beforeAll(async () => {
  world = await openSqliteWorld()
  handler = createWritebackHandler({
    token: TOKEN,
    signing_secret: SECRET,
    database: world.database,
    capabilities: { 'billing.waive': async (job, tx) => ({ rows_affected: await world.waive(job, tx) }) },
    logger: { info: () => {}, warn: () => {} },
  })
})
afterAll(() => world.drop())
beforeEach(() => world.sql('update invoices set late_fee = 1500, version = 7'))
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

async function post(url: string, { body = JSON.stringify(requestOf()), token = TOKEN } = {}) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...signed(body) }
  const response = await fetch(url, { method: 'POST', headers, body })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

describe('a handler behind a server', () => {
  it('performs a change over node:http', async () => {
    const url = await listen(toNodeHandler(handler))
    expect(await post(url)).toMatchObject({ status: 200, body: { status: 'applied' } })
    expect(await post(url, { body: '{' })).toMatchObject({ status: 400 })
  })

  it('performs a change over Express, and says so where its body was read before', async () => {
    const early = express()
    early.post('/writeback', toNodeHandler(handler))
    early.use(express.json())
    expect(await post(`${await listen(early)}/writeback`)).toMatchObject({ status: 200, body: { status: 'applied' } })

    const late = express()
    late.use(express.json())
    late.post('/writeback', toNodeHandler(handler))
    const answer = await post(`${await listen(late)}/writeback`)
    expect(answer).toEqual({ status: 500, body: { error_code: 'BODY_ALREADY_READ' } })
  })

  it('lets a sender of too much read why, and reads no more of it', async () => {
    const url = await listen(toNodeHandler(handler))
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` }
      const sending = httpRequest(url, { method: 'POST', headers }, async (response) => {
        const chunks = await response.toArray()
        resolve({ status: response.statusCode, text: chunks.join('') })
        sending.destroy()
      })
      sending.on('error', reject)
      for (let i = 0; i < 32; i++) sending.write(Buffer.alloc(65_536, 0x20))
    })
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.text)).toMatchObject({ safe_error_code: 'BODY_TOO_LARGE' })
  })

  it('outlives a sender who leaves in the middle', async () => {
    const url = await listen(toNodeHandler(handler))
    await new Promise<void>((resolve) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, 'content-length': 500 }
      const sending = httpRequest(url, { method: 'POST', headers })
      sending.on('error', () => resolve())
      sending.write('{"a":', () => setTimeout(() => sending.destroy(), 20))
    })
    expect(await post(url)).toMatchObject({ status: 200 })
  })

  it.each(['a:b@c', '[', 'x y', ''])('answers a request for a host that is none: "%s"', async (host) => {
    const url = await listen(toNodeHandler(handler))
    const status = await new Promise((resolve, reject) => {
      const sending = httpRequest(url, { method: 'POST', headers: { host } }, (response) => {
        resolve(response.resume().statusCode)
      })
      sending.on('error', reject).end()
    })
    expect(status).toBe(host === '' ? 415 : 400)
    expect(await post(url)).toMatchObject({ status: 200 })
  })

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'])('answers %s', async (method) => {
    const url = await listen(toNodeHandler(handler))
    const status = await new Promise((resolve, reject) => {
      httpRequest(url, { method }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(method === 'TRACE' ? 400 : 405)
  })

  it('performs a change over Fastify, and leaves the bodies of other routes to it', async () => {
    const app = fastify()
    await app.register(fastifyHandler(handler, { path: '/internal' }))
    app.post('/other', async ({ body }) => ({ got: body }))
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    servers.push(app)

    expect(await post(`${url}/internal`)).toMatchObject({ status: 200, body: { status: 'applied' } })
    expect(await post(`${url}/internal`, { token: 'x'.repeat(40) })).toMatchObject({ status: 401 })
    expect(await post(`${url}/other`, { body: '{"a":1}' })).toEqual({ status: 200, body: { got: { a: 1 } } })
  })

  it('performs a change over Hono, as it is', async () => {
    const app = new Hono()
    app.post('/writeback', ({ req }) => handler(req.raw))
    const url = await listen(getRequestListener(app.fetch))

    expect(await post(`${url}/writeback`)).toMatchObject({ status: 200, body: { status: 'applied' } })
    expect(await post(`${url}/writeback`, { body: '{' })).toMatchObject({ status: 400 })
  })
})
