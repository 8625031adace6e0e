import { describe, expect, it } from 'vitest'
import { agent, lead, openLoop } from './loop.js'
import type { Shop } from './shop.js'

/** Who may say yes, to what, and how often. */
export function decidingCases(shop: () => Shop): void {
  describe('decisions', () => {
    it.each([
      ['the proposer', { id: ' Support_Agent_17', roles: ['billing_lead'] }, 'SELF_APPROVAL'],
      ['the person it was proposed for', { id: 'BOB', roles: ['billing_lead'] }, 'SELF_APPROVAL'],
      ['a person without the role', { id: 'dana', roles: ['support'] }, 'ROLE_REQUIRED'],
      ['a person without any role', { id: 'dana' }, 'ROLE_REQUIRED'],
      ['nobody', { id: ' ', roles: ['billing_lead'] }, 'APPROVER_UNKNOWN'],
    ])('refuses %s', async (_, approver, code) => {
      const { runner, propose, close } = await openLoop(shop())
      const { id, hash } = await propose({}, { ...agent, on_behalf_of: 'bob' })

      await expect(runner.approve(id, { hash, approver })).rejects.toMatchObject({ code })

      expect((await runner.proposals.get(id)).status).toBe('pending_review')
      await close()
    })

    it('lets the proposer approve where the contract says so', async () => {
      const { runner, propose, close } = await openLoop(shop(), {
        propose: { approval: { mode: 'human', separation_of_duties: false } },
      })
      const { id, hash } = await propose()

      expect((await runner.approve(id, { hash, approver: { id: agent.principal } })).status).toBe('approved')
      await close()
    })

    it('believes only the operators of the contract about roles', async () => {
      const { runner, propose, close } = await openLoop(shop(), {
        config: { operators: { dana: { roles: ['support'] } } },
      })
      const { id, hash } = await propose()

      await expect(runner.approve(id, { hash, approver: lead })).rejects.toMatchObject({ code: 'ROLE_REQUIRED' })
      await expect(
        runner.approve(id, { hash, approver: { id: 'eve', roles: ['billing_lead'] } }),
      ).rejects.toMatchObject({
        code: 'APPROVER_UNKNOWN',
      })
      await close()
    })

    it("believes only the app's users where it gives them", async () => {
      const approvers = async (id: string) => (id === 'dana' ? { id, roles: ['billing_lead'] } : undefined)
      const { runner, propose, close } = await openLoop(shop(), {}, { approvers })
      const { id, hash } = await propose()

      await expect(
        runner.approve(id, { hash, approver: { id: 'eve', roles: ['billing_lead'] } }),
      ).rejects.toMatchObject({
        code: 'APPROVER_UNKNOWN',
      })
      expect((await runner.approve(id, { hash, approver: { id: 'dana' } })).status).toBe('approved')
      await close()
    })

    it('refuses a hash other than that of the proposal', async () => {
      const { runner, propose, close } = await openLoop(shop())
      const { id } = await propose()

      await expect(runner.approve(id, { hash: `sha256:${'0'.repeat(64)}`, approver: lead })).rejects.toMatchObject({
        code: 'HASH_MISMATCH',
      })
      await close()
    })

    it('shows a reviewer of one tenant nothing of another', async () => {
      const { runner, propose, close } = await openLoop(shop())
      const { id, hash } = await propose()
      const stranger = runner.reviewer({ ...lead, tenant_id: 'globex' })

      expect((await stranger.queue()).items).toEqual([])
      await expect(stranger.show(id)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
      await expect(stranger.approve(id, { hash })).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
      await expect(stranger.reject(id, { reason: 'no' })).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
      await close()
    })

    it('counts different people towards a quorum', async () => {
      const { runner, propose, close } = await openLoop(shop(), {
        propose: { approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 2 } },
      })
      const { id, hash } = await propose()

      expect((await runner.approve(id, { hash, approver: lead })).status).toBe('pending_review')
      await expect(runner.apply(id)).rejects.toMatchObject({ code: 'NOT_APPROVED' })
      await expect(runner.approve(id, { hash, approver: { ...lead, id: 'Dana ' } })).rejects.toMatchObject({
        code: 'ALREADY_DECIDED',
      })
      expect((await runner.approve(id, { hash, approver: { ...lead, id: 'erin' } })).status).toBe('approved')
      await close()
    })

    it('lets exactly one of approve and reject win', async () => {
      const { runner, propose, close } = await openLoop(shop())
      const { id, hash } = await propose()
      const other = { ...lead, id: 'erin' }

      const settled = await Promise.allSettled([
        runner.approve(id, { hash, approver: lead }),
        runner.reject(id, { approver: other, reason: 'no' }),
        runner.approve(id, { hash, approver: { ...lead, id: 'finn' } }),
      ])

      expect(settled.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
      const { status, approval } = await runner.proposals.get(id)
      expect(approval.decisions).toHaveLength(1)
      expect(status).toBe(approval.decisions[0]?.decision)
      await close()
    })

    it('is final once rejected', async () => {
      const { runner, propose, close } = await openLoop(shop())
      const { id, hash } = await propose()
      await runner.reject(id, { approver: lead, reason: 'not covered' })

      await expect(runner.approve(id, { hash, approver: { ...lead, id: 'erin' } })).rejects.toMatchObject({
        code: 'WRONG_STATUS',
      })
      expect(await runner.session(agent).status(id)).toMatchObject({
        status: 'rejected',
        decision: { decision: 'rejected', reason: 'not covered' },
      })
      await close()
    })

    it('tells a waiting session', async () => {
      const { runner, propose, close } = await openLoop(shop())
      const { id, hash } = await propose()

      const waiting = runner.session(agent).waitForDecision(id, { timeout_ms: 5000 })
      await runner.approve(id, { hash, approver: lead })

      expect((await waiting).status).toBe('approved')
      const { id: other } = { id }
      expect((await runner.session(agent).waitForDecision(other, { timeout_ms: 0 })).status).toBe('approved')
      await close()
    })

    it('is revoked only while no apply can follow', async () => {
      const { runner, approved, invoice, close } = await openLoop(shop())
      const { id } = await approved()

      expect((await runner.revoke(id, { approver: lead, reason: 'changed my mind' })).status).toBe('revoked')

      await expect(runner.apply(id)).rejects.toMatchObject({ code: 'WRONG_STATUS' })
      expect((await shop().row(invoice))?.late_fee_cents).toBe('5500')
      await close()
    })

    it('is too late to revoke once applied', async () => {
      const { runner, approved, close } = await openLoop(shop())
      const { id } = await approved()
      await runner.apply(id)

      await expect(runner.revoke(id, { approver: lead })).rejects.toMatchObject({ code: 'WRONG_STATUS' })
      await close()
    })
  })
}
