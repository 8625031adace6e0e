import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agent, type Loop, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { FLOW, type FlowChange, flowChange, openFlow } from '../workflow/waiver-flow.js'
import { type AdapterDriver, type AdapterHost, wire } from './adapter-world.js'

const TOOL = wire(FLOW)
const INSPECT = wire('billing.inspect_invoice')
const PROPOSE = wire('billing.propose_late_fee_waiver')

/** What a whole workflow as one tool promises, through every real framework. */
export function describeWorkflows(driver: AdapterDriver): void {
  describe(`a workflow as one tool of ${driver.name}`, () => {
    let shop: Shop
    beforeAll(async () => {
      shop = await openSqliteShop()
    })
    afterAll(() => shop.drop())

    const open = async (options: Parameters<AdapterDriver['open']>[1] = {}, change: FlowChange = {}) => {
      const loop = await openFlow(shop, 'steps', change)
      return { loop, host: await driver.open(loop.runner.session(agent), options) }
    }
    const input = ({ invoice }: Loop) => ({ invoice_id: invoice, reason: 'outage' })
    const approve = async ({ runner }: Loop, id: string | null | undefined) => {
      const { hash } = await runner.proposals.get(id ?? '')
      await runner.approve(id ?? '', { hash, approver: lead })
    }
    const runOf = async (host: AdapterHost, args: object) => (await host.call(TOOL, args)).envelope?.run

    it('stands beside single capabilities, or alone, as it is asked for', async () => {
      const { loop } = await open()
      const names = async (mode?: 'capabilities' | 'workflows' | 'both') => {
        const host = await driver.open(loop.runner.session(agent), mode === undefined ? {} : { mode })
        return [...host.names].sort()
      }
      expect(await names()).toEqual([INSPECT, PROPOSE, TOOL].sort())
      expect(await names('both')).toEqual([INSPECT, PROPOSE, TOOL].sort())
      expect(await names('capabilities')).toEqual([INSPECT, PROPOSE].sort())
      expect(await names('workflows')).toEqual([TOOL])
      await loop.close()
    })

    it('starts a run, answers with its compact form, and writes nothing', async () => {
      const { loop, host } = await open()
      const before = await shop.contents()
      const { envelope, shown } = await host.call(TOOL, input(loop))
      expect(envelope).toMatchObject({
        ok: true,
        kind: 'workflow',
        capability: FLOW,
        run: {
          run_id: expect.stringMatching(/^run_/),
          status: 'waiting_approval',
          evidence_bundle_id: expect.stringMatching(/^ev_/),
          proposal_id: expect.stringMatching(/^wrp_/),
          next_allowed_actions: ['approve', 'reject', 'request_more_info'],
          awaiting: 'reviewer',
        },
        source_database_changed: false,
      })
      expect(envelope?.run?.branch).toBe(`wf_billing_waiver_flow_${envelope?.run?.run_id}`)
      expect(shown).toContain(envelope?.run?.run_id)
      expect(shown).toContain('waiting_approval')
      // The compact form has handles, and no value of a row.
      expect(shown).not.toMatch(/\b5500\b/)
      expect(await shop.contents()).toBe(before)
      await loop.close()
    })

    it('is the same run for the same request, however often it comes', async () => {
      const { loop, host } = await open()
      const [first, again] = [await runOf(host, input(loop)), await runOf(host, input(loop))]
      expect(again?.run_id).toBe(first?.run_id)
      expect((await loop.runner.runs.list()).items).toHaveLength(1)
      expect((await loop.runner.proposals.list()).items).toHaveLength(1)
      await loop.close()
    })

    it('goes on by its id after a decision, and after the operator has applied it', async () => {
      const { loop, host } = await open()
      const { run_id = '', proposal_id } = (await runOf(host, input(loop))) ?? {}
      const look = () => runOf(host, { run_id })
      expect(await look()).toMatchObject({ run_id, status: 'waiting_approval' })

      await approve(loop, proposal_id)
      expect(await look()).toMatchObject({ status: 'waiting_apply', awaiting: 'worker' })
      expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('5500')
      await loop.runner.resume(run_id)
      expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('0')
      expect(await look()).toMatchObject({ run_id, status: 'completed', awaiting: null })
      await loop.close()
    })

    it('goes on after a restart, in another process on the same ledger', async () => {
      const { loop, host } = await open()
      const { run_id = '', proposal_id } = (await runOf(host, input(loop))) ?? {}
      await loop.runner.close()
      const again = () => loop.again(flowChange('steps'))
      await approve({ ...loop, runner: again() }, proposal_id)
      const later = await driver.open(again().session(agent))
      expect(await runOf(later, { run_id })).toMatchObject({ run_id, status: 'waiting_apply' })
      await loop.close()
    })

    it('shows the question of a reviewer, and goes on with the answer as a new proposal', async () => {
      const { loop, host } = await open()
      const { run_id = '', proposal_id } = (await runOf(host, input(loop))) ?? {}
      await loop.runner.requestInformation(proposal_id ?? '', { approver: lead, question: 'Which outage?' })
      const { envelope, shown } = await host.call(TOOL, { run_id })
      expect(envelope?.run).toMatchObject({ status: 'waiting_information', question: 'Which outage?' })
      expect(shown).toContain('Which outage?')

      const refused = await host.call(TOOL, { run_id, information: { reason: 7 } })
      expect(refused.envelope?.error?.code).toBe('INVALID_ARGUMENT')
      const information = { invoice_id: loop.invoice, reason: 'outage of May 3', fee: 0 }
      const answered = await runOf(host, { run_id, information })
      expect(answered).toMatchObject({ run_id, status: 'waiting_approval' })
      expect(answered?.proposal_id).not.toBe(proposal_id)
      await loop.close()
    })

    it.each<[string, (loop: Loop) => object]>([
      ['an unknown run', () => ({ run_id: 'run_none' })],
      ['no run at all', () => ({ run_id: '' })],
    ])('has one answer for %s', async (_, args) => {
      const { loop, host } = await open()
      const { envelope } = await host.call(TOOL, args(loop))
      expect(envelope?.error?.code).toBe('RUN_NOT_FOUND')
      await loop.close()
    })

    it('shows a run to nobody else', async () => {
      const { loop, host } = await open()
      const { run_id = '' } = (await runOf(host, input(loop))) ?? {}
      for (const context of [
        { ...agent, tenant_id: 'globex' },
        { ...agent, principal: 'other' },
        { ...agent, on_behalf_of: 'sam' },
      ]) {
        const other = await driver.open(loop.runner.session(context))
        const { envelope, shown } = await other.call(TOOL, { run_id })
        expect(envelope?.error).toMatchObject({ code: 'RUN_NOT_FOUND', message: 'There is no such run here.' })
        expect(shown).not.toContain('wrp_')
      }
      await loop.close()
    })

    it.each<[string, (run: object, loop: Loop) => object]>([
      ['another proposal', (run) => ({ ...run, proposal_id: 'wrp_forged' })],
      ['another branch', (run) => ({ ...run, branch: 'wf_other' })],
      ['a status', (run) => ({ ...run, status: 'completed' })],
      ['an approval', (run) => ({ ...run, approved: true })],
      ['an input beside it', (run, loop) => ({ ...run, invoice_id: loop.invoice })],
      ['information that is text', (run) => ({ ...run, information: 'yes' })],
    ])('refuses %s beside run_id', async (_, edited) => {
      const { loop, host } = await open()
      const { run_id = '' } = (await runOf(host, input(loop))) ?? {}
      const { envelope } = await host.call(TOOL, edited({ run_id }, loop))
      expect(envelope?.error?.code).toBe('INVALID_ARGUMENT')
      expect(await runOf(host, { run_id })).toMatchObject({ run_id, status: 'waiting_approval' })
      await loop.close()
    })

    it.each<[string, (loop: Loop) => object]>([
      ['a tenant', (loop) => ({ ...input(loop), tenant_id: 'globex' })],
      ['a wrong type', (loop) => ({ ...input(loop), reason: 7 })],
      ['nothing', () => ({})],
    ])('refuses an input with %s, and begins no run', async (_, args) => {
      const { loop, host } = await open()
      const { envelope } = await host.call(TOOL, args(loop))
      expect(envelope).toMatchObject({ ok: false, kind: 'workflow', error: { code: 'INVALID_ARGUMENT' } })
      expect((await loop.runner.runs.list()).items).toEqual([])
      await loop.close()
    })

    it('is shown by an adapter of the contract under the name that it gives', async () => {
      const expose = [{ workflow: FLOW, as: 'resolve_invoice' }, { capability: 'billing.inspect_invoice' }]
      const change = { config: { adapters: { desk: { type: 'function_calling', expose } } } }
      const { loop, host } = await open({ adapter: 'desk' }, change)
      expect([...host.names].sort()).toEqual([INSPECT, 'resolve_invoice'].sort())
      const { envelope } = await host.call('resolve_invoice', input(loop))
      expect(envelope).toMatchObject({ capability: FLOW, run: { status: 'waiting_approval' } })
      await loop.close()
    })

    it('tells of a run that failed, with the code', async () => {
      const { loop, host } = await open()
      const { envelope, shown } = await host.call(TOOL, { invoice_id: 'INV-NONE', reason: 'outage' })
      expect(envelope).toMatchObject({ ok: false, run: { status: 'failed' }, error: { code: 'NOT_FOUND' } })
      expect(shown).toContain('NOT_FOUND')
      await loop.close()
    })
  })
}
