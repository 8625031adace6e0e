import { describe, expect, it } from 'vitest'
import { insertInvoice } from '../loop/loop.js'
import { entriesFor } from './corpus.js'
import type { Market } from './market.js'

const LOOKALIKES = [
  "acme' or '1'='1",
  'ACME',
  'Acme',
  'acme ',
  ' acme',
  'ácme',
  'acme\u0301',
  'ａcme',
  'ac\u00adme',
  'acme\0',
  'acm',
  'acmee',
]
const NOBODY = ['', ' ', '%', '_', '*', 'null', 'undefined', '0', 'false', 'a'.repeat(257)]
const NO_TEXT = [undefined, null, 0, 7, true, ['acme'], { tenant: 'acme' }, Object('acme')]

/** Only the byte-identical tenant reads its rows, and nothing else is taken for a tenant. */
export function tenantCases(market: () => Market): void {
  const read = async (tenant_id: unknown) => {
    const session = market().runner.session({ tenant_id: tenant_id as string, principal: 'support_agent_17' })
    return session.call('billing.inspect_invoice', { invoice_id: 'INV-1' })
  }

  describe('a tenant', () => {
    it('that is the same, byte for byte, reads its row', async () => {
      expect(await read('acme')).toMatchObject({ ok: true, data: { id: 'INV-1' } })
    })

    it.each([...entriesFor('arg:string|trusted:tenant').map(({ value }) => String(value)), ...LOOKALIKES])(
      '%j is another one, or none',
      async (tenant_id) => {
        const { runner, absent, session, shop, tap } = market()
        const before = tap.sent.length
        const answer: unknown = await read(tenant_id).catch((error: unknown) => error)

        if (answer instanceof Error) {
          expect(answer).toMatchObject({ code: 'CONTEXT_MISSING', details: { field: 'tenant_id' } })
          expect(tap.sent.length).toBe(before)
          return
        }
        expect(answer).toEqual(absent.invoice)
        await insertInvoice(shop, 'THEIRS', 'them')
        await shop.run(`update invoices set tenant_id = ${tap.literal(tenant_id)} where id = 'THEIRS'`)
        expect(await session.call('billing.inspect_invoice', { invoice_id: 'THEIRS' })).toEqual(absent.invoice)
        const theirs = runner.session({ tenant_id, principal: 'p' })
        expect(await theirs.call('billing.inspect_invoice', { invoice_id: 'THEIRS' })).toMatchObject({ ok: true })
        await shop.run("delete from invoices where id = 'THEIRS'")
      },
    )

    it.each([...NOBODY, ...NO_TEXT])('%j is no name of anybody', async (tenant_id) => {
      const { runner, tap } = market()
      const before = tap.sent.length
      const open = (context: object) => () => runner.session(context as { tenant_id: string; principal: string })

      expect(open({ tenant_id, principal: 'p' })).toThrow(expect.objectContaining({ code: 'CONTEXT_MISSING' }))
      expect(open({ tenant_id: 'acme', principal: tenant_id })).toThrow(
        expect.objectContaining({ code: 'CONTEXT_MISSING', details: { field: 'principal' } }),
      )
      expect(tap.sent.length).toBe(before)
    })
  })
}
