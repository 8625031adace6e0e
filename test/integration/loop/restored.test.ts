import { copyFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixedClock } from '../../../src/testing/index.js'
import { forgetTail } from './ledger-file.js'
import { lead, openLoop } from './loop.js'
import { openMysqlShop, openPostgresShop, openSqliteShop, type Shop } from './shop.js'

describe.each([
  ['sqlite', openSqliteShop],
  ['postgres', openPostgresShop],
  ['mysql', openMysqlShop],
] as const)('an older copy of the ledger over %s', (_, openShop) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(async () => {
    await shop.drop()
  })

  /** A change that was applied after the copy was made, whose proposal in the copy is approved once more. */
  async function restored() {
    const clock = fixedClock()
    const loop = await openLoop(shop, {}, { clock })
    const { id, hash } = await loop.propose()
    const copy = `${loop.ledger}.copy`
    await loop.runner.ledger.backup(copy)
    await loop.runner.approve(id, { hash, approver: lead })
    await loop.runner.apply(id)
    await loop.runner.close()
    for (const file of [loop.ledger, `${loop.ledger}-wal`, `${loop.ledger}-shm`]) rmSync(file, { force: true })
    copyFileSync(copy, loop.ledger)
    const runner = loop.again()
    expect(await runner.ledger.verify()).toMatchObject({ ok: true })
    await runner.approve(id, { hash, approver: lead })
    return { ...loop, runner, id, clock }
  }

  it.each([
    ['apply', ({ runner, id }) => runner.apply(id)],
    [
      'apply past its expiry',
      ({ runner, id, clock }) => {
        clock.advance(30 * 86_400_000)
        return runner.apply(id)
      },
    ],
    ['reconcile', ({ runner, id }) => runner.reconcile(id)],
    ['revoke', ({ runner, id }) => runner.revoke(id, { approver: lead })],
  ] as readonly [string, (loop: Awaited<ReturnType<typeof restored>>) => Promise<unknown>][])(
    'says what it cannot explain, writes it no second time, and frees the row: %s',
    async (_verb, act) => {
      const loop = await restored()
      const row = await shop.row(loop.invoice)
      const receipts = await shop.receipts()

      await expect(act(loop)).rejects.toMatchObject({ code: 'INTEGRITY', details: { proposal_id: loop.id } })

      expect(await shop.row(loop.invoice)).toEqual(row)
      expect(await shop.receipts()).toBe(receipts)
      expect(await loop.runner.proposals.get(loop.id)).toMatchObject({
        status: 'failed',
        receipt: { safe_error_code: 'DECISION_UNKNOWN', source_database_mutated: false, rows_affected: 0 },
        next: expect.stringContaining('not known'),
      })
      const anew = await loop
        .again()
        .session({ tenant_id: 'acme', principal: 'support_agent_17' })
        .propose('billing.propose_late_fee_waiver', { invoice_id: loop.invoice, reason: 'outage', fee: 70 })
      await loop.runner.approve(anew.id, { hash: anew.hash, approver: lead })
      expect((await loop.runner.apply(anew.id)).status).toBe('applied')
      expect((await loop.runner.apply(loop.id)).status).toBe('failed')
      expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('70')
      expect(await loop.runner.ledger.verify()).toMatchObject({ ok: true })
      await loop.close()
    },
  )

  it('frees the row where an attempt was left in the middle', async () => {
    const loop = await restored()
    await expect(loop.runner.apply(loop.id)).rejects.toMatchObject({ code: 'INTEGRITY' })
    await forgetTail(loop.ledger, loop.id, 'receipt.recorded')
    expect((await loop.runner.proposals.get(loop.id)).status).toBe('applying')

    await expect(loop.again().reconcile(loop.id)).rejects.toMatchObject({ code: 'INTEGRITY' })

    expect((await loop.again().reconcile(loop.id)).status).toBe('failed')
    await loop.close()
  })

  it('ends the same way what finds a receipt of another content', async () => {
    const loop = await openLoop(shop)
    const { id } = await loop.approved()
    await loop.runner.apply(id)
    await forgetTail(loop.ledger, id)
    await shop.run(`update synapsor_writeback_receipts set proposal_hash = 'sha256:other', anchor = 'elsewhere'`)

    await expect(loop.again().apply(id)).rejects.toMatchObject({ code: 'INTEGRITY' })

    expect((await loop.again().proposals.get(id)).receipt).toMatchObject({
      safe_error_code: 'DECISION_UNKNOWN',
      details: { source_receipt: 'applied', source_anchor: null },
    })
    await loop.close()
  })
})
