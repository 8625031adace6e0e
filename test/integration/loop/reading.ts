import { describe, expect, it } from 'vitest'
import { agent, insertInvoice, openLoop } from './loop.js'
import type { Shop } from './shop.js'

/** What a read gives, what it leaves behind, and what it never shows. */
export function readingCases(shop: () => Shop): void {
  describe('inspect', () => {
    it('returns the visible columns of one row, and nothing else', async () => {
      const { runner, invoice, close } = await openLoop(shop())

      const { data, row_count, truncated } = await runner
        .session(agent)
        .inspect('billing.inspect_invoice', { invoice_id: invoice })

      expect(data).toMatchObject({
        id: invoice,
        customer: 'Ann',
        status: 'open',
        late_fee_cents: 5500,
        waiver_reason: null,
      })
      expect(data).not.toHaveProperty('card_number')
      expect({ row_count, truncated }).toEqual({ row_count: 1, truncated: false })
      await close()
    })

    it('leaves evidence and an audit line before it answers', async () => {
      const { runner, invoice, close } = await openLoop(shop())

      const { evidence } = await runner.session(agent).inspect('billing.inspect_invoice', { invoice_id: invoice })

      const recorded = await runner.evidence.get(evidence.bundle_id)
      expect(recorded).toMatchObject({ capability: 'billing.inspect_invoice', row_count: 1, context: agent })
      const { items } = await runner.audit.list({ tenant_id: 'acme' })
      expect(items[0]).toMatchObject({ bundle_id: evidence.bundle_id, query_fingerprint: evidence.query_fingerprint })
      await close()
    })

    it("answers another tenant's row exactly as an absent one", async () => {
      const { runner, close } = await openLoop(shop())
      const foreign = `FOREIGN-${Math.random().toString(36).slice(2)}`
      await insertInvoice(shop(), foreign, 'globex')

      const session = runner.session(agent)
      const absent = await session.call('billing.inspect_invoice', { invoice_id: 'INV-NONE' })
      const other = await session.call('billing.inspect_invoice', { invoice_id: foreign })

      expect(other).toEqual(absent)
      expect(other.error?.code).toBe('NOT_FOUND')
      await close()
    })

    it.each(['ACME', 'acme ', 'ácme', 'Acme', 'ａcme'])(
      'reads nothing of acme for the tenant %j',
      async (tenant_id) => {
        const { runner, invoice, close } = await openLoop(shop())

        const read = async () =>
          runner.session({ ...agent, tenant_id }).inspect('billing.inspect_invoice', { invoice_id: invoice })

        await expect(read()).rejects.toMatchObject({ code: expect.stringMatching(/^(NOT_FOUND|CONTEXT_MISSING)$/) })
        await close()
      },
    )

    it('refuses to answer when the evidence cannot be recorded', async () => {
      const { runner, invoice, close } = await openLoop(shop(), {}, { ledger: shop().folder })

      await expect(
        runner.session(agent).inspect('billing.inspect_invoice', { invoice_id: invoice }),
      ).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' })
      await close()
    })

    it('does not show or store a value that looks like a secret', async () => {
      const { runner, invoice, close } = await openLoop(shop())
      await shop().run(
        `update invoices set customer = 'postgres://svc:hunter2@db.internal/prod' where id = '${invoice}'`,
      )

      const envelope = await runner.session(agent).call('billing.inspect_invoice', { invoice_id: invoice })

      expect(envelope.error?.code).toBe('SECRET_REFUSED')
      expect(JSON.stringify(envelope)).not.toContain('hunter2')
      expect((await runner.evidence.list()).items).toEqual([])
      await close()
    })

    it('says which column is gone', async () => {
      const { runner, invoice, close } = await openLoop(shop(), { inspect: { visible_columns: ['id', 'gone'] } })

      await expect(
        runner.session(agent).inspect('billing.inspect_invoice', { invoice_id: invoice }),
      ).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' })
      await close()
    })
  })
}
