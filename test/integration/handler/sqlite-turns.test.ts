import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openSqlite, type SqliteDatabase } from '../../../src/drivers/sqlite-library.js'
import { createWritebackHandler, sqliteDatabase } from '../../../src/handler/index.js'
import { requestOf, TOKEN, toHttp } from './requests.js'
import { openSqliteWorld, type SqliteHandlerWorld } from './sqlite-world.js'

let world: SqliteHandlerWorld
let handle: SqliteDatabase

beforeAll(async () => {
  world = await openSqliteWorld()
  handle = await openSqlite(world.path, { mode: 'write' })
})
afterAll(async () => {
  handle.close()
  await world.drop()
})
beforeEach(async () => {
  await world.sql('update invoices set late_fee = 1500, version = 7')
  await world.sql('delete from credits')
})

interface Promised {
  readonly promise: Promise<void>
  readonly keep: () => void
}

function promised(): Promised {
  let keep = () => {}
  const promise = new Promise<void>((resolve) => {
    keep = resolve
  })
  return { promise, keep }
}

/** Has somebody work on the only connection until they are let go. */
async function occupy(): Promise<() => Promise<void>> {
  const begun = promised()
  const over = promised()
  const turn = sqliteDatabase(handle).transaction(() => {
    begun.keep()
    return over.promise
  })
  await begun.promise
  return () => {
    over.keep()
    return turn
  }
}

function handlerWith(lock_wait_ms: number) {
  return createWritebackHandler({
    token: TOKEN,
    database: sqliteDatabase(handle, { lock_wait_ms }),
    capabilities: { 'billing.waive': async (job, tx) => ({ rows_affected: await world.waive(job, tx) }) },
    logger: { info: () => {}, warn: () => {} },
  })
}

it('lets nobody wait longer than that for a function that does not end, and does nothing for who gave up', async () => {
  const handler = handlerWith(20)
  const letGo = await occupy()
  const request = requestOf()
  const response = await handler(toHttp(request))
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  expect(await response.json()).toMatchObject({ error_code: 'BUSY' })
  await letGo()
  expect(await world.sql('select * from credits')).toEqual([])
  expect(await world.sql('select * from synapsor_handler_receipts')).toEqual([])
  expect(await (await handler(toHttp(request))).json()).toMatchObject({ status: 'applied' })
})

it('has at most a thousand wait, in the order in which they came', async () => {
  const letGo = await occupy()
  const patient = sqliteDatabase(handle, { lock_wait_ms: 600_000 })
  const order: number[] = []
  const waiting = Array.from({ length: 1000 }, (_, i) => patient.transaction(async () => void order.push(i)))
  const refused = await handlerWith(600_000)(toHttp(requestOf()))
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  await letGo()
  await Promise.all(waiting)
  expect(order).toEqual(Array.from({ length: 1000 }, (_, i) => i))
  expect((await handlerWith(600_000)(toHttp(requestOf()))).status).toBe(200)
})
