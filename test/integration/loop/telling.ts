import { describe, expect, it } from 'vitest'
import { openLoop } from './loop.js'
import type { Shop } from './shop.js'

/** The story afterwards. */
export function tellingCases(shop: () => Shop): void {
  describe('replay', () => {
    it('tells the whole story from the ledger alone, the same every time', async () => {
      const { runner, approved, again, close } = await openLoop(shop())
      const { id } = await approved()
      await runner.apply(id)

      const replay = await runner.replay(id)
      const elsewhere = await again({ source: { statement_timeout_ms: 1 } }).replay(id)

      expect(replay.timeline.map(({ type }) => type)).toEqual([
        'proposal.created',
        'proposal.approved',
        'apply.started',
        'receipt.recorded',
      ])
      expect(replay.evidence?.bundle_id).toBe(replay.proposal.evidence_bundle_id)
      expect(replay.proposal.receipt?.status).toBe('applied')
      expect(runner.renderReplay(replay, 'json')).toBe(runner.renderReplay(elsewhere, 'json'))
      expect(runner.renderReplay(replay, 'markdown')).toContain('| late_fee_cents | 5500 | 0 |')
      await close()
    })

    it('leaves a ledger that verifies', async () => {
      const { runner, approved, close } = await openLoop(shop())
      const { id } = await approved()
      await runner.apply(id)

      expect(await runner.ledger.verify()).toMatchObject({ ok: true, problems: [] })
      expect((await runner.receipts.list()).items).toHaveLength(1)
      await close()
    })
  })
}
