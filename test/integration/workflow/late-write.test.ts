import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger } from '../../../src/index.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { fixedClock } from '../../../src/testing/index.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, codeOf, feeOf, flowOf, functionOf, inputOf } from './acts.js'
import { flowChange, INSPECT, openFlow, PROPOSE } from './waiver-flow.js'

const TIME_OF_A_RUN_MS = 3_600_000

const EXPIRED = { status: 'expired', next_allowed_actions: ['propose_again'], awaiting: 'caller' }

/** Ends the attempt where a process would that is killed right after it was recorded. */
const stopping = (ledger: Ledger): Ledger => ({
  ...ledger,
  append: async (request) => {
    const appended = await ledger.append(request)
    if (request.entries.some(({ type }) => type === 'apply.started')) throw new Error('stopped')
    return appended
  },
})

describe('a run whose time is over before it writes', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(() => shop.drop())

  const workflow = { expires_in_seconds: TIME_OF_A_RUN_MS / 1000 }

  it('begins no write, though it was moved in time', async () => {
    const clock = fixedClock('2030-01-01T00:00:00.000Z')
    const work = functionOf(async (flow, input) => {
      await flow.inspect('invoice', INSPECT, { invoice_id: String(input.invoice_id) })
      const proposal = await flow.propose('waiver', PROPOSE, { ...input, fee: 0 })
      await flow.awaitDecision('decision', proposal)
      await flow.step('slow', () => clock.advance(2 * TIME_OF_A_RUN_MS))
      await flow.awaitApplied('write', proposal)
    })
    const loop = await openFlow(shop, 'function', { workflow }, { ...work, clock })
    const run = await flowOf(loop.runner).start(inputOf(loop))
    await approveRun(loop.runner, run)

    expect(await loop.runner.resume(run.run_id)).toMatchObject(EXPIRED)
    expect(await feeOf(shop, loop)).toBe('5500')
    await loop.close()
  })

  it('begins none again after a process that stopped before it wrote: it settles that there was none', async () => {
    const clock = fixedClock('2030-01-01T00:00:00.000Z')
    const loop = await openFlow(shop, 'steps', { workflow }, { clock })
    const run = await flowOf(loop.runner).start(inputOf(loop))
    await approveRun(loop.runner, run)
    const logger = { info: () => undefined, warn: () => undefined }
    const ledger = stopping(openSqliteLedger({ path: loop.ledger, logger }))
    expect(await codeOf(loop.again(flowChange('steps', { workflow }), { clock, ledger }).resume(run.run_id))).toBe(
      'Error: stopped',
    )

    clock.advance(2 * TIME_OF_A_RUN_MS)
    expect((await loop.runner.runs.get(run.run_id)).status).toBe('waiting_apply')
    expect((await loop.runner.resume(run.run_id)).status).toBe('failed')
    expect(await feeOf(shop, loop)).toBe('5500')
    await loop.close()
  })
})
