import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Shop } from '../loop/shop.js'
import type { Behaviour } from './app.js'
import { type Desk, openDesk, refusal, statusOf } from './desk.js'

type Exchange = Parameters<Behaviour>[0]

const ENDLESS = Buffer.alloc(1024 * 1024, 'x')

/** What an app, or the network before it, may do instead of answering. */
const FAULTS: Readonly<Record<string, (exchange: Exchange) => void>> = {
  hangs: () => undefined,
  'answers headers, and then nothing': ({ response }) => void response.writeHead(200).write('{'),
  'drops the connection': ({ response }) => void response.socket?.destroy(),
  'drops the connection in the middle of its answer': ({ response }) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"status":"failed"')
    setTimeout(() => response.socket?.destroy(), 20)
  },
  'answers 500': ({ answer }) => answer(500, { status: 'failed', rows_affected: 0, source_database_mutated: false }),
  'redirects, as 302': ({ response, arrival }) => {
    response.writeHead(302, { location: `http://${arrival.headers.host}/elsewhere` }).end()
  },
  'redirects so that the body is sent again, as 307': ({ response, arrival }) => {
    response.writeHead(307, { location: `http://${arrival.headers.host}/elsewhere` }).end()
  },
  'answers without end': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = () => {
      while (!response.destroyed && response.write(ENDLESS));
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  },
  'answers a page': ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please log in</body></html>')
  },
  'answers half an answer': ({ answer }) => answer(200, '{"status":"applied","rows_affected":1'),
  'answers nothing': ({ answer }) => answer(200, ''),
  'answers null': ({ answer }) => answer(200, 'null'),
  'answers the same name twice': ({ answer }) =>
    answer(200, '{"status":"failed","status":"applied","rows_affected":0,"source_database_mutated":false}'),
  'answers a status of its own': ({ answer }) =>
    answer(200, { status: 'done', rows_affected: 1, source_database_mutated: true }),
  'answers for another proposal': ({ answer }) =>
    answer(200, { status: 'failed', rows_affected: 0, source_database_mutated: false, proposal_id: 'wrp_another' }),
  'answers for another hash': ({ answer }) =>
    answer(200, {
      status: 'conflict',
      rows_affected: 0,
      source_database_mutated: false,
      proposal_hash: `sha256:${'0'.repeat(64)}`,
    }),
  'answers for another key': ({ answer }) =>
    answer(200, { status: 'failed', rows_affected: 0, source_database_mutated: false, idempotency_key: 'another' }),
  'says failed, and that it wrote': ({ answer }) =>
    answer(200, { status: 'failed', rows_affected: 1, source_database_mutated: true }),
  'says conflict, and that it wrote': ({ answer }) =>
    answer(409, { status: 'conflict', rows_affected: 1, source_database_mutated: true }),
  'says applied, and that it wrote nothing': ({ answer }) =>
    answer(200, { status: 'applied', rows_affected: 0, source_database_mutated: false }),
  'says applied under the status of a conflict': ({ answer }) =>
    answer(409, { status: 'applied', rows_affected: 1, source_database_mutated: true }),
  'answers a number of rows below zero': ({ answer }) =>
    answer(200, { status: 'applied', rows_affected: -1, source_database_mutated: true }),
  'answers deeper than any answer': ({ answer }) => answer(200, `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  'answers half a character': ({ answer }) =>
    answer(200, '{"status":"applied","rows_affected":1,"source_database_mutated":true,"new_object_id":"\\ud800"}'),
  'answers 202': ({ answer }) => answer(202, {}),
  'answers 418': ({ answer }) => answer(418, { status: 'failed', rows_affected: 0, source_database_mutated: false }),
}

/** Refused for this request, whatever an earlier one did. */
const REFUSALS = [400, 401, 403, 404, 405, 413, 415, 422]

export function faultCases(open: () => Promise<Shop>): void {
  let shop: Shop
  let desk: Desk
  beforeAll(async () => {
    shop = await open()
  })
  afterAll(() => shop.drop())
  afterEach(() => desk.close())

  describe.each(Object.entries(FAULTS))('an app that %s', (_, misbehave) => {
    it('before it did anything leaves the outcome unknown, and does it once when it is asked again', async () => {
      desk = await openDesk(shop)
      const { id } = await desk.approved()
      desk.app.next(misbehave)

      expect(await desk.outcome(id)).toBe('OUTCOME_UNKNOWN')

      expect(await statusOf(desk, { id })).toBe('outcome_unknown')
      expect(await desk.app.effects()).toBe(0)
      expect(await desk.runner.reconcile(id)).toMatchObject({ status: 'applied', receipt: { status: 'applied' } })
      expect(await desk.app.effects()).toBe(1)
      expect(await desk.outcome(id)).toBe('already_applied')
      expect(new Set(desk.app.arrivals.map(({ body }) => body)).size).toBe(1)
    })

    it('after it did it leaves the outcome unknown, and finds out that it was done', async () => {
      desk = await openDesk(shop)
      const { id } = await desk.approved()
      desk.app.next(async (exchange) => {
        await exchange.perform()
        misbehave(exchange)
      })

      expect(await desk.outcome(id)).toBe('OUTCOME_UNKNOWN')

      expect(await desk.app.effects()).toBe(1)
      expect(await desk.outcome(id)).toBe('already_applied')
      expect(await statusOf(desk, { id })).toBe('applied')
      expect(await desk.app.effects()).toBe(1)
      expect((await shop.row(desk.invoice))?.late_fee_cents).toBe('0')
    })
  })

  it.each(REFUSALS)('an app that answers %i has refused the change for good', async (status) => {
    desk = await openDesk(shop)
    const { id } = await desk.approved()
    desk.app.next(({ answer }) => answer(status, 'no'))

    expect(await desk.runner.apply(id)).toMatchObject({
      status: 'failed',
      safe_error_code: 'HANDLER_REFUSED',
      source_database_mutated: false,
      rows_affected: 0,
    })

    expect(await statusOf(desk, { id })).toBe('failed')
    expect(await desk.outcome(id)).toBe('failed')
    expect(desk.app.arrivals).toHaveLength(1)
    expect(await desk.app.effects()).toBe(0)
  })

  it.each(REFUSALS)('an app that answers %i says nothing of a request that went unanswered before', async (status) => {
    desk = await openDesk(shop)
    const { id } = await desk.approved()
    desk.app.next(
      async ({ perform, response }) => {
        await perform()
        response.socket?.destroy()
      },
      ({ answer }) => answer(status, 'no'),
      ({ answer }) => answer(409, { status: 'conflict', rows_affected: 0, source_database_mutated: false }),
    )
    expect(await desk.outcome(id)).toBe('OUTCOME_UNKNOWN')

    expect(await refusal(desk.runner.reconcile(id))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await refusal(desk.runner.reconcile(id))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })

    expect(await statusOf(desk, { id })).toBe('outcome_unknown')
    expect(await desk.runner.reconcile(id)).toMatchObject({ status: 'applied' })
    expect(await desk.app.effects()).toBe(1)
  })
}
