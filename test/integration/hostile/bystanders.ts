import { describe, expect, it } from 'vitest'
import { createRunner } from '../../../src/index.js'
import { fixedClock } from '../../../src/testing/index.js'
import { agent, contractOf } from '../loop/loop.js'
import type { Market } from './market.js'

/** What one tenant is told does not depend on what another has. */
export function bystanderCases(market: () => Market): void {
  describe('another tenant', () => {
    it('changes no byte of any answer by its rows', async () => {
      const { shop } = market()
      const before = await answers(market())
      await shop.run(`insert into invoices (id, tenant_id, customer, status, late_fee_cents, card_number, amount)
        values ('INV-3', 'globex', 'Bo', 'open', 1, 'card', 1), ('INV-0', 'ACME', 'Cy', 'open', 1, 'card', 1)`)

      const after = await answers(market())

      expect(after).toBe(before)
      await shop.run("delete from invoices where id in ('INV-3', 'INV-0')")
    })
  })
}

/** A sequence of calls under ids and a clock that give the same each time. */
async function answers({ shop, tap }: Market): Promise<string> {
  let ids = 0
  await using runner = createRunner(contractOf(shop), {
    connections: { shop: tap.connections },
    env: {},
    ledger: ':memory:',
    logger: { info: () => undefined, warn: () => undefined },
    clock: fixedClock(),
    ids: { next: (prefix) => `${prefix}_${String(ids++).padStart(8, '0')}` },
  })
  const session = runner.session(agent)
  const told: unknown[] = []
  for (const invoice_id of ['INV-0', 'INV-1', 'INV-2', 'INV-3', 'INV-4']) {
    told.push(await session.call('billing.inspect_invoice', { invoice_id }))
    told.push(await session.call('billing.propose_late_fee_waiver', { invoice_id, reason: 'outage', fee: 5 }))
  }
  return JSON.stringify(told)
}
