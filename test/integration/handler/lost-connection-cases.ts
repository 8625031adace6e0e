import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWritebackHandler, type HandlerDatabase } from '../../../src/handler/index.js'
import { openProxy, type TcpProxy } from '../../support/proxy.js'
import { createRandom, seedOfRun } from '../bad-luck/random.js'
import { requestOf, TOKEN, toHttp } from './requests.js'
import type { HandlerWorld } from './world.js'

const ROUNDS = 40
/** A commit and its answer are a small part of what goes over the wire. */
const LAST_BYTES = 200

/** A connection between app and database that is lost at any byte: never a second change, never a false no. */
export function lostConnectionCases<Tx>(open: () => Promise<HandlerWorld<Tx>>): void {
  const seed = seedOfRun()
  describe(`a handler whose database is lost (SEED=${seed})`, () => {
    const random = createRandom(seed)
    let world: HandlerWorld<Tx>
    let proxy: TcpProxy
    let length = 0

    beforeAll(async () => {
      world = await open()
      proxy = await openProxy(world.url)
      await renew()
      proxy.disturb({ kind: 'cut', after: Number.MAX_SAFE_INTEGER })
      const { database, close } = world.through(proxy.through(world.url))
      expect((await ask(database, requestOf())).body.status).toBe('applied')
      length = proxy.passed
      await close()
    })
    afterAll(async () => {
      await proxy.close()
      await world.drop()
    })

    const renew = async () => {
      await world.sql('update invoices set late_fee = 1500, version = 7')
      await world.sql('delete from credits')
    }

    const ask = async (database: HandlerDatabase<Tx>, request: ReturnType<typeof requestOf>) => {
      const handler = createWritebackHandler({
        token: TOKEN,
        database,
        capabilities: { 'billing.waive': async (job, tx) => ({ rows_affected: await world.waive(job, tx) }) },
        logger: { info: () => {}, warn: () => {} },
      })
      const response = await handler(toHttp(request))
      return { status: response.status, body: JSON.parse(await response.text()) }
    }

    it.each(Array.from({ length: ROUNDS }, (_, round) => round))('makes one change, round %i', async (round) => {
      await renew()
      const request = requestOf()
      const isLate = round % 2 === 0
      const after = Math.floor(isLate ? length - random() * LAST_BYTES : random() * length)
      proxy.disturb({ kind: round % 4 < 2 ? 'cut' : 'mute', after })
      const { database, close } = world.through(proxy.through(world.url))
      const first = await ask(database, request)
      proxy.disturb(undefined)
      proxy.cutAll()
      await close()

      const second = await ask(world.database, request)
      expect([200, 500, 503]).toContain(first.status)
      expect(second.body.status).toMatch(/^(applied|already_applied)$/)
      // A yes was true, and what was said to be undone was.
      if (first.status === 200) expect(second.body.status).toBe('already_applied')
      if (first.status === 503) expect(second.body.status).toBe('applied')
      expect(await world.sql('select proposal_id from credits')).toEqual([[request.proposal_id]])
      expect(await world.sql(`select version from invoices where id = 'INV-1'`)).toEqual([['8']])
    })
  })
}
