import { describe, expect, it } from 'vitest'
import { fixedClock } from '../../../src/testing/index.js'
import { agent, lead, openLoop } from './loop.js'
import type { Shop } from './shop.js'

/** What a proposal freezes, and everything it refuses. */
export function proposingCases(shop: () => Shop): void {
  describe('propose', () => {
    it('freezes the exact change and writes nothing to the source', async () => {
      const { propose, invoice, close } = await openLoop(shop())
      const before = await shop().contents()

      const proposal = await propose()

      expect(proposal).toMatchObject({
        status: 'pending_review',
        target: { type: 'invoices', id: invoice },
        diff: { late_fee_cents: { before: 5500, after: 0 }, waiver_reason: { before: null, after: 'outage' } },
        awaiting: 'reviewer',
      })
      expect(await shop().contents()).toBe(before)
      expect(await shop().receipts()).toBe(0)
      await close()
    })

    it('gives the same proposal for an identical active request', async () => {
      const { propose, close } = await openLoop(shop())

      const first = await propose()
      const second = await propose()

      expect({ id: second.id, hash: second.hash }).toEqual({ id: first.id, hash: first.hash })
      await close()
    })

    it('refuses a second change of the same object and names the first', async () => {
      const { propose, close } = await openLoop(shop())
      const first = await propose()

      await expect(propose({ reason: 'another' })).rejects.toMatchObject({
        code: 'ACTIVE_PROPOSAL_EXISTS',
        details: { proposal_id: first.id },
      })
      await close()
    })

    it('replaces the first under supersede', async () => {
      const { runner, propose, close } = await openLoop(shop(), { propose: { on_active_proposal: 'supersede' } })
      const first = await propose()

      const second = await propose({ reason: 'another' })

      expect(await runner.proposals.get(first.id)).toMatchObject({ status: 'superseded', superseded_by: second.id })
      await close()
    })

    it('is not blocked by a proposal whose row has moved on', async () => {
      const { runner, propose, invoice, close } = await openLoop(shop())
      const first = await propose()
      await shop().run(`update invoices set late_fee_cents = 4000 where id = '${invoice}'`)

      const second = await propose()

      expect(second.diff.late_fee_cents).toEqual({ before: 4000, after: 0 })
      expect((await runner.proposals.get(first.id)).status).toBe('superseded')
      await close()
    })

    it('lets exactly one of many rivals in under refuse', async () => {
      const { propose, close } = await openLoop(shop())

      const settled = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => propose({ reason: `reason ${n}` })))

      expect(settled.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
      await close()
    })

    it.each([
      [{ fee: -1 }, 'BOUND_EXCEEDED'],
      [{ fee: 10001 }, 'BOUND_EXCEEDED'],
      [{ reason: `${'x'.repeat(201)}` }, 'INVALID_ARGUMENT'],
      [{ reason: 'token postgres://u:hunter2@h/d' }, 'SECRET_REFUSED'],
      [{ invoice_id: 'INV-NONE' }, 'NOT_FOUND'],
    ])('refuses %j with %s and records no proposal', async (args, code) => {
      const { runner, propose, close } = await openLoop(shop())

      await expect(propose(args)).rejects.toMatchObject({ code })

      expect((await runner.proposals.list()).items).toEqual([])
      await close()
    })

    it('refuses a value that its decimal column would round', async () => {
      const amount = { args: { invoice_id: { type: 'string' }, amount: { type: 'number' } } }
      const { runner, invoice, close } = await openLoop(shop(), {
        propose: {
          ...amount,
          patch: { amount: { from_arg: 'amount' } },
          allowed_columns: ['amount'],
          numeric_bounds: { amount: { minimum: 0, maximum: 1000 } },
        },
      })
      const propose = (value: number) =>
        runner.session(agent).propose('billing.propose_late_fee_waiver', { invoice_id: invoice, amount: value })

      await expect(propose(1.005)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument: 'amount' } })
      expect((await propose(1.5)).frozen.after.amount?.text).toMatch(shop().engine === 'sqlite' ? /^1\.5$/ : /^1\.50$/)
      await close()
    })

    it('holds transitions', async () => {
      const { runner, invoice, close } = await openLoop(shop(), {
        propose: {
          args: { invoice_id: { type: 'string' }, status: { type: 'string' } },
          patch: { status: { from_arg: 'status' } },
          allowed_columns: ['status'],
          numeric_bounds: {},
          transition_guards: { status: { allowed: { open: ['pending_review'] } } },
        },
      })
      const propose = (status: string) =>
        runner.session(agent).propose('billing.propose_late_fee_waiver', { invoice_id: invoice, status })

      await expect(propose('closed')).rejects.toMatchObject({
        code: 'TRANSITION_REFUSED',
        details: { allowed: ['pending_review'] },
      })
      expect((await propose('pending_review')).diff.status).toEqual({ before: 'open', after: 'pending_review' })
      await close()
    })

    it('is withdrawn by its own session only', async () => {
      const { runner, propose, close } = await openLoop(shop())
      const proposal = await propose()

      const stranger = runner.session({ ...agent, principal: 'somebody_else' })
      await expect(stranger.withdraw(proposal.id)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
      expect((await runner.session(agent).withdraw(proposal.id)).status).toBe('canceled')
      await close()
    })

    it('answers a question with a proposal that takes the place of the old one', async () => {
      const { runner, propose, invoice, close } = await openLoop(shop())
      const first = await propose()
      const asked = await runner.requestInformation(first.id, { approver: lead, question: 'Which outage?' })
      expect(asked).toMatchObject({ awaiting: 'caller', information_requested: 'Which outage?' })

      const second = await runner
        .session(agent)
        .provideInformation(first.id, { invoice_id: invoice, reason: 'outage of 3 May', fee: 0 })

      expect((await runner.proposals.get(first.id)).status).toBe('superseded')
      expect(second.frozen.supersedes).toBe(first.id)
      await close()
    })

    it('expires', async () => {
      const clock = fixedClock()
      const { runner, propose, close } = await openLoop(shop(), { propose: { expires_in_seconds: 60 } }, { clock })
      const proposal = await propose()
      clock.advance(60_000)

      await expect(runner.approve(proposal.id, { hash: proposal.hash, approver: lead })).rejects.toMatchObject({
        code: 'EXPIRED',
      })
      expect((await runner.session(agent).status(proposal.id)).status).toBe('expired')
      await close()
    })

    it('is refused in read_only mode, and can never be decided in shadow mode', async () => {
      const readOnly = await openLoop(shop(), { mode: 'read_only' })
      await expect(readOnly.propose()).rejects.toMatchObject({ code: 'PROPOSALS_DISABLED' })
      await readOnly.close()

      const shadow = await openLoop(shop(), { mode: 'shadow' })
      const { id, hash, status } = await shadow.propose()
      expect(status).toBe('shadow')
      await expect(shadow.runner.approve(id, { hash, approver: lead })).rejects.toMatchObject({ code: 'WRONG_STATUS' })
      await expect(shadow.runner.apply(id)).rejects.toMatchObject({ code: 'WRONG_STATUS' })
      await expect(shadow.runner.exportJob(id)).rejects.toMatchObject({ code: 'WRONG_STATUS' })
      await shadow.close()
    })
  })
}
