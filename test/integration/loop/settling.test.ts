import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixedClock } from '../../../src/testing/index.js'
import { forgetTail } from './ledger-file.js'
import { agent, lead, openLoop } from './loop.js'
import { openMysqlShop, openPostgresShop, openSqliteShop, type Shop } from './shop.js'

describe.each([
  ['sqlite', openSqliteShop],
  ['postgres', openPostgresShop],
  ['mysql', openMysqlShop],
] as const)('settling on %s', (_, openShop) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(async () => {
    await shop.drop()
  })

  it('bars the key in the source before it acknowledges a revocation', async () => {
    const { runner, approved, close } = await openLoop(shop)
    const { id } = await approved()
    const before = await shop.receipts()

    await runner.revoke(id, { approver: lead })

    expect(await shop.receipts()).toBe(before + 1)
    await close()
  })

  it('ends apply against revoke with one of the two, and the row agrees', async () => {
    const { runner, again, close } = await openLoop(shop)
    const other = again()
    for (let round = 0; round < 10; round++) {
      const loop = await openLoop(shop)
      const { id } = await loop.approved()
      const [applied, revoked] = await Promise.allSettled([
        loop.runner.apply(id),
        loop.again().revoke(id, { approver: lead }),
      ])
      const row = await shop.row(loop.invoice)
      const { status } = await loop.runner.proposals.get(id)
      if (revoked.status === 'fulfilled') {
        expect({ status, fee: row?.late_fee_cents }).toEqual({ status: 'revoked', fee: '5500' })
        expect(applied.status === 'fulfilled' && applied.value.status === 'applied').toBe(false)
      } else {
        expect({ status, fee: row?.late_fee_cents }).toEqual({ status: 'applied', fee: '0' })
      }
      await loop.close()
    }
    await other.close()
    await runner.close()
    await close()
  })

  it('ends apply against reconcile as both say the same, and the row agrees', async () => {
    for (let round = 0; round < 10; round++) {
      const loop = await openLoop(shop)
      const { id } = await loop.approved()
      const other = loop.again()
      const [applied] = await Promise.allSettled([loop.runner.apply(id), other.reconcile(id)])
      const settled = await other.reconcile(id)
      const fee = (await shop.row(loop.invoice))?.late_fee_cents

      expect(settled.status).toBe(fee === '0' ? 'applied' : 'failed')
      if (applied.status === 'fulfilled') expect(applied.value.source_database_mutated).toBe(fee === '0')
      await loop.close()
    }
  })

  it('gives the ledger its receipt back when its copy is lost', async () => {
    const { runner, approved, ledger, again, close } = await openLoop(shop)
    const { id } = await approved()
    await runner.apply(id)
    await forgetTail(ledger, id)

    const settled = await again().reconcile(id)

    expect(settled).toMatchObject({ status: 'applied', receipt: { status: 'applied', rows_affected: 1 } })
    expect((await again().apply(id)).status).toBe('already_applied')
    await close()
  })

  it('refuses a receipt that rests on a decision it does not know', async () => {
    const { runner, approved, ledger, again, close } = await openLoop(shop)
    const { id } = await approved()
    await runner.apply(id)
    await forgetTail(ledger, id)
    await shop.run(`update synapsor_writeback_receipts set anchor = 'sha256:other'`)

    await expect(again().apply(id)).rejects.toMatchObject({ code: 'INTEGRITY' })
    await close()
  })

  it('refuses to revoke under runner_ledger once an attempt has begun, and settles it by the row', async () => {
    const alone = { source: { receipts: { authority: 'runner_ledger' } } }
    const { runner, approved, ledger, again, close } = await openLoop(shop, alone)
    const { id } = await approved()
    await runner.apply(id)
    await forgetTail(ledger, id, 'receipt.recorded')
    const other = again(alone)

    await expect(other.revoke(id, { approver: lead })).rejects.toMatchObject({ code: 'WRONG_STATUS' })
    await expect(other.apply(id)).rejects.toMatchObject({ code: 'WRONG_STATUS' })
    expect((await other.reconcile(id)).status).toBe('applied')
    expect((await other.session(agent).status(id)).receipt_status).toBe('applied')
    await close()
  })

  it('does not believe a row under runner_ledger while an attempt may still be on its way', async () => {
    const alone = {
      source: { receipts: { authority: 'runner_ledger' } },
      propose: { conflict_guard: { weak_guard_ack: true } },
    }
    const { runner, approved, ledger, invoice, again, close } = await openLoop(shop, alone)
    const { id } = await approved()
    await runner.apply(id)
    await forgetTail(ledger, id, 'receipt.recorded')
    await shop.run(`update invoices set late_fee_cents = 5500, waiver_reason = null where id = '${invoice}'`)

    await expect(again(alone).reconcile(id)).rejects.toMatchObject({
      code: 'BUSY',
      retry_after_ms: expect.any(Number),
    })
    const later = again(alone, { clock: fixedClock(new Date(Date.now() + 3_600_000).toISOString()) })
    expect((await later.reconcile(id)).status).toBe('failed')
    await close()
  })
})
