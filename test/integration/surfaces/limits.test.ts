import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { GivenContext, Proposal, Runner } from '../../../src/index.js'
import { fixedClock } from '../../../src/testing/index.js'
import { agent, type Change, insertInvoice, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, codeOf, flowOf, inputOf } from '../workflow/acts.js'
import { flowChange, INSPECT, PROPOSE } from '../workflow/waiver-flow.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** What one tenant may ask of one capability, and whom that does not bear on. */
describe('rate limits', () => {
  let shop: Shop
  let clock = fixedClock()
  let loop: Loop
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(() => shop.drop())
  afterEach(() => loop.close())

  async function open(rate_limits: Readonly<Record<string, unknown>>, change: Change = {}): Promise<void> {
    clock = fixedClock('2030-01-01T00:00:00.000Z')
    loop = await openLoop(shop, { ...change, config: { rate_limits, ...change.config } }, { clock })
  }

  const inspect = (context: GivenContext = agent) =>
    loop.runner.session(context).inspect(INSPECT, { invoice_id: loop.invoice })

  let invoices = 0

  /** A proposal on an invoice of its own. */
  async function propose(runner: Runner = loop.runner, context: GivenContext = agent): Promise<Proposal> {
    const invoice_id = `L-${++invoices}`
    await insertInvoice(shop, invoice_id, context.tenant_id)
    return runner.session(context).propose(PROPOSE, { invoice_id, reason: 'outage', fee: 0 })
  }

  const reads = async () => (await loop.runner.ledger.stats()).evidence

  describe('of calls a minute', () => {
    it('refuse one too many before anything is read, and say when there is room again', async () => {
      await open({ calls_per_minute: 2 })
      await inspect()
      clock.advance(20_000)
      await inspect()

      const refused = await inspect().catch((error: unknown) => error)

      expect(refused).toMatchObject({
        code: 'RATE_LIMITED',
        retry: 'same_request',
        retry_after_ms: 41_000,
        details: { capability: INSPECT, limit: 'calls_per_minute', allowed: 2 },
      })
      expect(await reads()).toBe(2)
      clock.advance(41_000)
      expect((await inspect()).row_count).toBe(1)
    })

    it('are told in the envelope, and counted as a refusal', async () => {
      await open({ calls_per_minute: 1 })
      await inspect()

      const { error } = await loop.runner.session(agent).call(INSPECT, { invoice_id: loop.invoice })

      expect(error).toMatchObject({ code: 'RATE_LIMITED', retry_after_ms: 61_000 })
      expect((await loop.runner.refusals.list()).items).toEqual([
        expect.objectContaining({ tenant_id: 'acme', capability: INSPECT, code: 'RATE_LIMITED', count: 1 }),
      ])
    })

    it('are of one tenant and one capability, over all its sessions', async () => {
      await open({ calls_per_minute: 1 })
      await inspect()

      expect(await codeOf(inspect({ ...agent, principal: 'another_agent' }))).toBe('RATE_LIMITED')
      expect(await codeOf(inspect({ ...agent, tenant_id: 'globex' }))).toBe('NOT_FOUND')
      expect((await propose()).status).toBe('pending_review')
      expect(await codeOf(propose())).toBe('RATE_LIMITED')
    })

    it('count no call that does not even fit', async () => {
      await open({ calls_per_minute: 1 })
      const wrong = loop.runner.session(agent).call(INSPECT, { invoice: 'misspelled' })

      expect((await wrong).error?.code).toBe('INVALID_ARGUMENT')
      expect((await inspect()).row_count).toBe(1)
    })

    it('give way to those of the capability itself, where it has its own', async () => {
      await open({ calls_per_minute: 1, open_proposals: 1, capabilities: { [PROPOSE]: { calls_per_minute: 5 } } })
      await propose()

      // As many calls as it says, and what it leaves out is as for all.
      await expect(propose()).rejects.toMatchObject({ details: { limit: 'open_proposals' } })
      await inspect()
      expect(await codeOf(inspect())).toBe('RATE_LIMITED')
    })
  })

  describe('of open proposals', () => {
    it('refuse one too many before anything is read, and say what makes room', async () => {
      await open({ open_proposals: 2 })
      const first = await propose()
      await propose()

      const refused = await propose().catch((error: unknown) => error)

      expect(refused).toMatchObject({
        code: 'RATE_LIMITED',
        details: { limit: 'open_proposals', allowed: 2 },
        next: expect.stringContaining('withdraw your own'),
      })
      expect(refused).toMatchObject({ retry_after_ms: undefined })
      expect(await reads()).toBe(2)

      await loop.runner.session(agent).withdraw(first.id)
      expect((await propose()).status).toBe('pending_review')
    })

    it('count what waits for apply, and not what was applied or has lapsed', async () => {
      await open({ open_proposals: 1 })
      const { id, hash } = await propose()
      await loop.runner.approve(id, { hash, approver: lead })
      expect(await codeOf(propose())).toBe('RATE_LIMITED')
      await loop.runner.apply(id)
      await propose()
      expect(await codeOf(propose())).toBe('RATE_LIMITED')

      clock.advance(8 * 24 * HOUR_MS)
      expect((await propose()).status).toBe('pending_review')
    })

    it('are of one tenant', async () => {
      await open({ open_proposals: 1 })
      await propose()

      expect((await propose(loop.runner, { tenant_id: 'globex', principal: 'agent' })).status).toBe('pending_review')
    })

    it('give the open proposal to whoever asks for the same again', async () => {
      await open({ open_proposals: 1, proposals_per_day: 1 })
      const { id } = await loop.propose()

      expect((await loop.propose()).id).toBe(id)
      expect(await codeOf(loop.propose({ fee: 100 }))).toBe('ACTIVE_PROPOSAL_EXISTS')
    })

    it('let one take the place of another', async () => {
      await open({ open_proposals: 1 }, { propose: { on_active_proposal: 'supersede' } })
      const { id } = await loop.propose()

      const next = await loop.propose({ fee: 100 })

      expect((await loop.runner.proposals.get(id)).superseded_by).toBe(next.id)
      expect(await codeOf(propose())).toBe('RATE_LIMITED')
    })

    it('do not let one more stand beside another on the same row', async () => {
      await open({ open_proposals: 1 }, { propose: { on_active_proposal: 'allow' } })
      await loop.propose()

      expect(await codeOf(loop.propose({ fee: 100 }))).toBe('RATE_LIMITED')
      expect((await loop.runner.ledger.stats()).proposals).toBe(1)
    })

    it('do not keep anybody from answering a reviewer', async () => {
      await open({ open_proposals: 1 })
      const { id } = await loop.propose()
      await loop.runner.reviewer(lead).requestInformation(id, { question: 'Which outage?' })
      const args = { invoice_id: loop.invoice, reason: 'that of Monday', fee: 0 }

      expect((await loop.runner.session(agent).provideInformation(id, args)).status).toBe('pending_review')
    })

    it('hold over all processes, also at the same moment', async () => {
      await open({ open_proposals: 3 })
      const other = loop.again({ config: { rate_limits: { open_proposals: 3 } } })

      const codes = await Promise.all(
        Array.from({ length: 10 }, (_, place) => codeOf(propose(place % 2 === 0 ? loop.runner : other))),
      )

      expect(codes.filter((code) => code === 'fulfilled')).toHaveLength(3)
      expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(7)
      expect((await loop.runner.ledger.verify()).ok).toBe(true)
    })
  })

  describe('of proposals a day', () => {
    it('count whatever became of them, in every process, and say when the first is a day old', async () => {
      await open({ proposals_per_day: 2 })
      const { id } = await propose()
      await loop.runner.session(agent).withdraw(id)
      clock.advance(HOUR_MS)
      await propose()
      clock.advance(HOUR_MS)
      const other = loop.again({ config: { rate_limits: { proposals_per_day: 2 } } })

      for (const runner of [loop.runner, other]) {
        await expect(propose(runner)).rejects.toMatchObject({
          code: 'RATE_LIMITED',
          retry_after_ms: 22 * HOUR_MS,
          details: { limit: 'proposals_per_day', allowed: 2 },
        })
      }
      expect(await reads()).toBe(2)

      clock.advance(22 * HOUR_MS)
      expect((await propose(other)).status).toBe('pending_review')
      await expect(propose()).rejects.toMatchObject({ retry_after_ms: HOUR_MS })
    })

    it('hold in shadow mode, where nothing is ever open', async () => {
      await open({ open_proposals: 1, proposals_per_day: 3 }, { mode: 'shadow' })
      for (let made = 0; made < 3; made++) expect((await propose()).status).toBe('shadow')

      await expect(propose()).rejects.toMatchObject({ details: { limit: 'proposals_per_day' } })
    })
  })

  it('leave a proposal applicable when they are tightened', async () => {
    await open({ open_proposals: 10 })
    const { id } = await loop.approved()

    const { status } = await loop.again({ config: { rate_limits: { open_proposals: 1 } } }).apply(id)

    expect(status).toBe('applied')
  })

  describe('in a run', () => {
    const limited = (rate_limits: Readonly<Record<string, unknown>>) => {
      const { config } = flowChange('steps')
      return open(rate_limits, { config: { ...config, rate_limits } })
    }

    it('count the calls of its steps, and stop it where it goes on later', async () => {
      await limited({ calls_per_minute: 1 })
      await inspect()
      const flow = flowOf(loop.runner)

      await expect(flow.start(inputOf(loop))).rejects.toMatchObject({ code: 'RATE_LIMITED', retry_after_ms: 61_000 })
      clock.advance(61_000)

      expect((await flow.start(inputOf(loop))).status).toBe('waiting_approval')
      expect(await codeOf(inspect())).toBe('RATE_LIMITED')
    })

    it('do not hold the operator up, however much the model calls', async () => {
      await limited({ calls_per_minute: 1 })
      const run = await flowOf(loop.runner).start(inputOf(loop))
      await approveRun(loop.runner, run)
      expect(await codeOf(inspect())).toBe('RATE_LIMITED')

      expect((await loop.runner.resume(run.run_id)).status).toBe('completed')
    })

    it('hold for its proposals, and let it go on once there is room', async () => {
      await limited({ open_proposals: 1 })
      const { id } = await propose()
      const flow = flowOf(loop.runner)
      await expect(flow.start(inputOf(loop), { key: 'one' })).rejects.toMatchObject({ code: 'RATE_LIMITED' })

      await loop.runner.session(agent).withdraw(id)

      expect((await flow.start(inputOf(loop), { key: 'one' })).status).toBe('waiting_approval')
    })
  })
})
