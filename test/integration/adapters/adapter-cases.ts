import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agent, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { type AdapterDriver, wire } from './adapter-world.js'

const INSPECT = wire('billing.inspect_invoice')
const PROPOSE = wire('billing.propose_late_fee_waiver')

/** What every adapter promises, through its real framework. */
export function describeAdapter(driver: AdapterDriver): void {
  describe(`the adapter for ${driver.name}`, () => {
    let shop: Shop
    beforeAll(async () => {
      shop = await openSqliteShop()
    })
    afterAll(async () => {
      await shop.drop()
    })

    const open = async (...given: Parameters<typeof openLoop> extends [Shop, ...infer Rest] ? Rest : never) => {
      const loop = await openLoop(shop, ...given)
      const host = await driver.open(loop.runner.session(agent))
      return { loop, host }
    }
    const waiver = (loop: Loop) => ({ invoice_id: loop.invoice, reason: 'outage', fee: 0 })

    it('offers the capabilities of the contract under names that every provider takes', async () => {
      const { loop, host } = await open()
      expect([...host.names].sort()).toEqual([INSPECT, PROPOSE])
      await loop.close()
    })

    it('offers no proposals in read_only mode', async () => {
      const { loop, host } = await open({ mode: 'read_only' })
      expect(host.names).toEqual([INSPECT])
      await loop.close()
    })

    it('reads a row of the tenant, and leaves evidence', async () => {
      const { loop, host } = await open()
      const { shown, envelope } = await host.call(INSPECT, { invoice_id: loop.invoice })
      expect(envelope).toMatchObject({ ok: true, kind: 'read', data: { id: loop.invoice, late_fee_cents: 5500 } })
      expect(shown).toContain('5500')
      expect(shown).not.toContain('card')
      const bundle = await loop.runner.evidence.get(envelope?.evidence?.bundle_id ?? '')
      expect(bundle.row_count).toBe(1)
      await loop.close()
    })

    it.each([
      ['another tenant', { tenant_id: 'globex', principal: 'agent' }],
      ['nobody', agent],
    ])('gives the same answer for a row of %s as for an absent one', async (_, context) => {
      const loop = await openLoop(shop)
      const host = await driver.open(loop.runner.session(context))
      const invoice_id = context === agent ? 'INV-NONE' : loop.invoice
      const { envelope, shown } = await host.call(INSPECT, { invoice_id })
      expect(envelope?.error).toMatchObject({ code: 'NOT_FOUND', details: { type: 'invoices' } })
      expect(shown).toContain('NOT_FOUND')
      await loop.close()
    })

    it('proposes and writes nothing; the same again is the same proposal', async () => {
      const { loop, host } = await open()
      const [first, again] = [await host.call(PROPOSE, waiver(loop)), await host.call(PROPOSE, waiver(loop))]
      expect(first.envelope).toMatchObject({ ok: true, kind: 'proposal', source_database_changed: false })
      expect(again.envelope?.proposal?.id).toBe(first.envelope?.proposal?.id)
      expect((await loop.runner.proposals.list()).items).toHaveLength(1)
      expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('5500')
      await loop.close()
    })

    it('refuses another proposal on the same object', async () => {
      const { loop, host } = await open()
      await host.call(PROPOSE, waiver(loop))
      const { envelope } = await host.call(PROPOSE, { ...waiver(loop), fee: 100 })
      expect(envelope?.error?.code).toBe('ACTIVE_PROPOSAL_EXISTS')
      await loop.close()
    })

    it.each([
      ['an unknown argument', { tenant_id: 'globex' }],
      ['a wrong type', { invoice_id: 7 }],
      ['a missing argument', { invoice_id: undefined }],
    ])('refuses %s with the words of the core', async (_, change) => {
      const { loop, host } = await open()
      const { envelope, shown } = await host.call(INSPECT, { invoice_id: loop.invoice, ...change })
      expect(envelope?.error?.code).toBe('INVALID_ARGUMENT')
      expect(shown).toContain(envelope?.error?.message)
      expect(shown).not.toMatch(/node_modules|at \w+ \(|\/work\//)
      await loop.close()
    })

    it.each([
      ['full', true],
      ['summary', false],
      ['handles_only', false],
    ] as const)('shows a model as much as inline_evidence %s allows, and the host everything', async (level, rows) => {
      const loop = await openLoop(shop)
      const host = await driver.open(loop.runner.session(agent), { inline_evidence: level })
      const { shown, envelope } = await host.call(INSPECT, { invoice_id: loop.invoice })
      expect(envelope?.data).toMatchObject({ late_fee_cents: 5500 })
      expect(/\b5500\b/.test(shown)).toBe(rows)
      expect(shown).toContain(envelope?.evidence?.bundle_id)
      expect(shown.includes('row_count')).toBe(level !== 'handles_only')
      await loop.close()
    })

    it('finds the session of each call in the trusted context, and refuses without one', async () => {
      const loop = await openLoop(shop)
      const tenants: unknown[] = []
      const source = loop.runner.sessionsFrom((hostContext) => {
        const tenant_id = driver.valueIn(hostContext)
        tenants.push(tenant_id)
        if (typeof tenant_id !== 'string') throw new Error('secret of the host')
        return { tenant_id, principal: 'agent' }
      })
      const host = await driver.open(source)
      const read = (context?: unknown) => host.call(INSPECT, { invoice_id: loop.invoice }, context)

      expect((await read(driver.contextOf('acme'))).envelope?.ok).toBe(true)
      expect((await read(driver.contextOf('globex'))).envelope?.error?.code).toBe('NOT_FOUND')
      const refused = await read()
      expect(refused.envelope?.error?.code).toBe('CONTEXT_MISSING')
      expect(refused.shown).not.toContain('secret')
      expect(tenants.slice(0, 2)).toEqual(['acme', 'globex'])
      await loop.close()
    })

    it('reaches nothing that is not exposed', async () => {
      const loop = await openLoop(shop)
      const host = await driver.open(loop.runner.session(agent), { only: ['billing.inspect_invoice'] })
      expect(host.names).toEqual([INSPECT])
      const { shown } = await host.call(PROPOSE, waiver(loop))
      expect(shown).not.toContain('wrp_')
      expect((await loop.runner.proposals.list()).items).toEqual([])
      await loop.close()
    })

    it('tells how a proposal stands, once a person has decided', async () => {
      const loop = await openLoop(shop)
      const host = await driver.open(loop.runner.session(agent), { status_tool: true })
      const status = wire('synapsor.proposal_status')
      expect(host.names).toContain(status)
      const { envelope } = await host.call(PROPOSE, waiver(loop))
      const { id = '', hash = '' } = envelope?.proposal ?? {}
      const state = async () => (await host.call(status, { proposal_id: id })).envelope?.proposal

      expect(await state()).toMatchObject({ id, status: 'pending_review' })
      await loop.runner.approve(id, { hash, approver: lead, reason: 'agreed' })
      expect(await state()).toMatchObject({ status: 'approved', decision: { decision: 'approved', reason: 'agreed' } })
      await loop.runner.apply(id)
      expect(await state()).toMatchObject({ status: 'applied', receipt_status: 'applied' })
      const unknown = await host.call(status, { proposal_id: 'wrp_none' })
      expect(unknown.envelope?.error?.code).toBe('PROPOSAL_NOT_FOUND')
      await loop.close()
    })

    it('goes on after a restart: another runner on the same ledger knows what became of it', async () => {
      const loop = await openLoop(shop)
      const options = { status_tool: true }
      const before = await driver.open(loop.runner.session(agent), options)
      const { envelope } = await before.call(PROPOSE, waiver(loop))
      const { id = '', hash = '' } = envelope?.proposal ?? {}
      await loop.runner.close()

      const decided = loop.again()
      await decided.approve(id, { hash, approver: lead })
      await decided.apply(id)
      const after = await driver.open(loop.again().session(agent), options)
      const told = await after.call(wire('synapsor.proposal_status'), { proposal_id: id })
      expect(told.envelope?.proposal).toMatchObject({ id, status: 'applied' })
      expect(told.shown).toContain('applied')
      await loop.close()
    })

    it('proposes the same after a restart', async () => {
      const loop = await openLoop(shop)
      const first = await (await driver.open(loop.runner.session(agent))).call(PROPOSE, waiver(loop))
      const again = await (await driver.open(loop.again().session(agent))).call(PROPOSE, waiver(loop))
      expect(again.envelope?.proposal?.id).toBe(first.envelope?.proposal?.id)
      await loop.close()
    })

    it('shows the tools of an adapter of the contract, under its names', async () => {
      const adapters = {
        support: { type: 'function_calling', expose: [{ capability: 'billing.inspect_invoice', as: 'look_up' }] },
      }
      const loop = await openLoop(shop, { config: { adapters } })
      const host = await driver.open(loop.runner.session(agent), { adapter: 'support' })
      expect(host.names).toEqual(['look_up'])
      const { envelope } = await host.call('look_up', { invoice_id: loop.invoice })
      expect(envelope).toMatchObject({ ok: true, capability: 'billing.inspect_invoice' })
      await loop.close()
    })

    it('answers by an envelope when the link cannot be told', async () => {
      const loop = await openLoop(shop)
      const link = () => {
        throw new Error('secret of the host')
      }
      const host = await driver.open(loop.runner.session(agent), { link })
      const { envelope, shown } = await host.call(INSPECT, { invoice_id: loop.invoice })
      expect(envelope?.error?.code).toBe('INTERNAL')
      expect(shown).not.toContain('secret')
      await loop.close()
    })

    it('makes one proposal of fifty calls at once', async () => {
      const { loop, host } = await open()
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => host.call(PROPOSE, waiver(loop))))
      expect(new Set(outcomes.map(({ envelope }) => envelope?.proposal?.id)).size).toBe(1)
      expect((await loop.runner.proposals.list()).items).toHaveLength(1)
      await loop.close()
    })

    it('has no way to approve or to apply, wherever one looks', async () => {
      const { loop, host } = await open()
      const words = [...host.names, JSON.stringify(host.names)].join(' ')
      expect(words).not.toMatch(/approve|apply|reject|revoke|sql/i)
      await loop.close()
    })
  })
}
