import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CapabilityFunction, createWritebackHandler, type HandlerLog, refuse } from '../../../src/handler/index.js'
import type { HandlerRequest } from '../../../src/protocol/handler.js'
import { requestOf, TOKEN, toHttp } from './requests.js'
import type { HandlerWorld } from './world.js'

/** What becomes of a key when a function ends the transaction that it should have worked in. */
export function endedCases<Tx>(engine: string, open: () => Promise<HandlerWorld<Tx>>): void {
  describe(`a handler on ${engine} whose function ends the transaction`, () => {
    let world: HandlerWorld<Tx>
    let logs: HandlerLog[] = []

    const reset = async () => {
      await world.sql('update invoices set late_fee = 1500, version = 7')
      await world.sql('delete from credits')
    }
    beforeAll(async () => {
      world = await open()
    })
    afterAll(() => world.drop())
    beforeEach(async () => {
      logs = []
      await reset()
    })

    type Run = CapabilityFunction<Tx>

    const waive: Run = async (job, tx) => ({ rows_affected: await world.waive(job, tx) })
    const ask = async (request: HandlerRequest, run: Run = waive, database = world.database) => {
      const handler = createWritebackHandler({
        token: TOKEN,
        database,
        capabilities: { 'billing.waive': run },
        logger: { info: (_, log) => void logs.push(log as never), warn: (_, log) => void logs.push(log as never) },
      })
      const response = await handler(toHttp(request))
      return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
    }
    const credits = async () => (await world.sql('select proposal_id from credits')).length
    const receipts = async (key: string) =>
      world.sql(`select answer from synapsor_handler_receipts where idempotency_key = '${key}'`)

    it('says that nobody knows, and runs it no second time', async () => {
      const request = requestOf()
      const end: Run = async (job, tx) => {
        await waive(job, tx)
        await world.end(tx)
      }
      expect(await ask(request, end)).toMatchObject({ status: 500, body: { error_code: 'INTEGRITY' } })
      expect(await ask(request)).toMatchObject({ status: 500, body: { error_code: 'INTEGRITY' } })
      expect(await credits()).toBe(1)
    })

    it.each<[string, (change: Run) => Run]>([
      ['gives back what it did', (change) => change],
      [
        'refuses',
        (change) => async (job, tx) => {
          await change(job, tx)
          throw refuse('TOO_LATE')
        },
      ],
      [
        'throws',
        (change) => async (job, tx) => {
          await change(job, tx)
          throw new Error('row-canary')
        },
      ],
    ])('runs a function that ended the transaction and then %s no second time', async (_, ending) => {
      for (const dry_run of [false, true]) {
        await reset()
        const request = requestOf({ extra: { dry_run } })
        const away = ending(async (job, tx) => {
          await world.rollBack(tx)
          return waive(job, tx)
        })
        const first = await ask(request, away)
        expect(first).toMatchObject({ status: 500, body: { error_code: 'INTEGRITY' } })
        expect(await credits()).toBe(1)
        expect(await receipts(request.idempotency_key)).toEqual([[null]])

        await world.sql('update invoices set late_fee = 1500, version = 7')
        const again = { ...request, dry_run: false }
        expect(await ask(again, away)).toMatchObject({ status: 500, body: { error_code: 'INTEGRITY' } })
        const settle = { ...request, dry_run: true, settle: true }
        expect(await ask(settle)).toMatchObject({ status: 500, body: { error_code: 'INTEGRITY' } })
        expect(await credits()).toBe(1)
        expect(logs.filter(({ key_lost }) => key_lost)).toEqual([])
      }
    })

    it('does not call busy, with nothing done, what a function committed before it threw', async () => {
      const request = requestOf()
      const { status, headers, body } = await ask(request, async (job, tx) => {
        await waive(job, tx)
        await world.end(tx)
        throw Object.assign(new Error('row-canary'), { code: '55P03', errno: 3024, errcode: 5 })
      })
      expect({ status, code: body.error_code }).toEqual({ status: 500, code: 'INTEGRITY' })
      expect(headers.get('retry-after')).toBeNull()
      expect(await ask(request)).toMatchObject({ status: 500, body: { error_code: 'INTEGRITY' } })
      expect(await credits()).toBe(1)
    })

    it('never takes for a rehearsal what its function committed', async () => {
      const request = requestOf({ extra: { dry_run: true } })
      const { status, body } = await ask(request, async (job, tx) => {
        await waive(job, tx)
        await world.end(tx)
        return { rows_affected: 2, new_version: 8 }
      })
      expect({ status, body }).toMatchObject({ status: 500, body: { error_code: 'INTEGRITY' } })
      expect(await credits()).toBe(1)
      expect(await ask({ ...request, dry_run: false })).toMatchObject({ status: 500 })
      expect(await credits()).toBe(1)
    })

    it('says in its log that a key is lost, where it cannot be put down after all', async () => {
      const database: typeof world.database = {
        ...world.database,
        transaction: (work) =>
          world.database.transaction((transaction) =>
            work({ ...transaction, abandon: () => Promise.reject(new Error('row-canary')) }),
          ),
      }
      const away: Run = async (job, tx) => {
        await world.rollBack(tx)
        return waive(job, tx)
      }
      const { status, body } = await ask(requestOf(), away, database)
      expect({ status, code: body.error_code }).toEqual({ status: 500, code: 'INTEGRITY' })
      expect(logs).toMatchObject([{ outcome: 'error', code: 'INTEGRITY', key_lost: true }])
      expect(JSON.stringify(logs)).not.toContain('canary')
    })
  })
}
