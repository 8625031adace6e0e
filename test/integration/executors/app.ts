import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HandlerAnswer, HandlerRequest } from '../../../src/protocol/handler.js'
import type { Shop } from '../loop/shop.js'

/** One request as the app got it. */
export interface Arrival {
  readonly request: HandlerRequest
  readonly body: string
  readonly method: string
  readonly headers: IncomingMessage['headers']
}

/** What the app does with a request. `perform` makes the change, once for a key, and gives the honest answer. */
export type Behaviour = (exchange: {
  readonly arrival: Arrival
  readonly response: ServerResponse
  readonly perform: () => Promise<HandlerAnswer>
  readonly answer: (status: number, body: unknown) => void
}) => Promise<void> | void

/** An app as it may have been written for older runners: it keeps keys, and knows nothing of `settle` or `key_settled`. */
export interface App {
  readonly url: string
  readonly arrivals: Arrival[]
  /** Behaviours of the next requests, first one first; then it is honest. */
  next(...behaviours: readonly Behaviour[]): void
  /** How often the change was made, told by the database. */
  effects(): Promise<number>
  close(): Promise<void>
}

export const honest: Behaviour = async ({ arrival, perform, answer }) => {
  if (arrival.request.dry_run) {
    return answer(200, { ...APPLIED, source_database_mutated: false, details: { dry_run: true } })
  }
  answer(200, await perform())
}

const APPLIED: HandlerAnswer = { status: 'applied', rows_affected: 1, source_database_mutated: true }

let apps = 0

export async function openApp(shop: Shop): Promise<App> {
  const table = `effects_${++apps}`
  await shop.run(`create table ${table} (idempotency_key varchar(100) not null)`)
  const done = new Map<string, HandlerAnswer>()
  const arrivals: Arrival[] = []
  const behaviours: Behaviour[] = []

  const perform = async ({ idempotency_key: key, change_set: { scope, patch } }: HandlerRequest) => {
    const earlier = done.get(key)
    if (earlier !== undefined) return { ...earlier, status: 'already_applied' as const }
    const answer = { ...APPLIED, new_object_id: `credit-${done.size + 1}` }
    done.set(key, answer)
    await shop.run(`insert into ${table} values ('${key}')`)
    await shop.run(
      `update invoices set late_fee_cents = ${Number(patch.late_fee_cents)} where id = '${scope.object_id}'`,
    )
    return answer
  }

  const server = createServer(async (incoming, response) => {
    const body = await textOf(incoming)
    if (body === '') return void response.writeHead(204).end()
    const request = JSON.parse(body) as HandlerRequest
    const arrival = { request, body, method: incoming.method ?? '', headers: incoming.headers }
    arrivals.push(arrival)
    const answer = (status: number, value: unknown) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    }
    await (behaviours.shift() ?? honest)({ arrival, response, perform: () => perform(request), answer })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const count = async () => JSON.parse(await shop.rows(`select idempotency_key from ${table}`)).length
  return {
    url: `http://127.0.0.1:${port}/writeback`,
    arrivals,
    next: (...added) => void behaviours.push(...added),
    effects: count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk
  return text
}
