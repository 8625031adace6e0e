import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GivenContext, Proposal, QueueFilter, Reviewer } from '../../../src/index.js'
import { fixedClock } from '../../../src/testing/index.js'
import { agent, insertInvoice, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'

/** What a person sees who asks for no more than what they can decide on. */
describe('the queue of one person', () => {
  const clock = fixedClock()
  let shop: Shop
  let loop: Loop
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(() => shop.drop())
  beforeEach(async () => {
    loop = await openLoop(
      shop,
      { propose: { approval: { required_role: 'billing_lead', required_approvals: 2 } } },
      { clock },
    )
  })
  afterEach(() => loop.close())

  let invoices = 0

  /** A proposal on an invoice of its own. */
  async function proposal(context: GivenContext = agent): Promise<Proposal> {
    const invoice_id = `Q-${++invoices}`
    await insertInvoice(shop, invoice_id, context.tenant_id)
    const args = { invoice_id, reason: 'outage', fee: 0 }
    return loop.runner.session(context).propose('billing.propose_late_fee_waiver', args)
  }

  const mine = async (reviewer: Reviewer, filter: Omit<QueueFilter, 'mine' | 'status'> = {}) =>
    (await reviewer.queue({ ...filter, mine: true })).items.map(({ proposal_id }) => proposal_id)

  it('shows what waits for them, and the whole queue without `mine`', async () => {
    const { id } = await proposal()
    const clerk = loop.runner.reviewer({ id: 'carl', roles: ['clerk'] })

    expect(await mine(loop.runner.reviewer(lead))).toEqual([id])
    expect(await mine(clerk)).toEqual([])
    expect((await clerk.queue()).items.map(({ proposal_id }) => proposal_id)).toEqual([id])
  })

  it('leaves out what they asked for themselves, or had asked for', async () => {
    await proposal({ tenant_id: 'acme', principal: 'DANA' })
    await proposal({ ...agent, on_behalf_of: 'dana' })

    expect(await mine(loop.runner.reviewer(lead))).toEqual([])
  })

  it('leaves out what they have decided on, and not for the second person', async () => {
    const { id, hash } = await proposal()
    await loop.runner.reviewer(lead).approve(id, { hash })

    expect(await mine(loop.runner.reviewer(lead))).toEqual([])
    expect(await mine(loop.runner.reviewer({ ...lead, id: 'erin' }))).toEqual([id])
  })

  it('leaves out what waits for an answer', async () => {
    const { id } = await proposal()
    await loop.runner.reviewer(lead).requestInformation(id, { question: 'Which outage?' })

    expect(await mine(loop.runner.reviewer({ ...lead, id: 'erin' }))).toEqual([])
  })

  it('leaves out what has expired', async () => {
    await proposal()
    clock.advance(8 * 24 * 3600 * 1000)

    expect(await mine(loop.runner.reviewer(lead))).toEqual([])
  })

  it('stays within the tenant', async () => {
    const { id } = await proposal()
    await proposal({ tenant_id: 'globex', principal: 'agent' })

    expect(await mine(loop.runner.reviewer({ ...lead, tenant_id: 'acme' }))).toEqual([id])
  })

  it('is empty for a person whom nobody knows', async () => {
    await proposal()
    const runner = loop.again({ config: { operators: { dana: { roles: ['billing_lead'] } } } })

    expect(await mine(runner.reviewer({ id: 'eve', roles: ['billing_lead'] }))).toEqual([])
    expect(await mine(runner.reviewer({ id: 'dana' }))).toHaveLength(1)
  })

  it('fills its pages, whatever lies between', async () => {
    const wanted: string[] = []
    for (let round = 0; round < 5; round++) {
      wanted.unshift((await proposal()).id)
      await proposal({ tenant_id: 'acme', principal: 'dana' })
    }
    const reviewer = loop.runner.reviewer(lead)
    const pages: string[][] = []
    let cursor: string | null | undefined
    do {
      const page = await reviewer.queue({ mine: true, limit: 2, ...(cursor ? { cursor } : {}) })
      pages.push(page.items.map(({ proposal_id }) => proposal_id))
      cursor = page.next_cursor
    } while (cursor !== null)

    expect(pages.flat()).toEqual(wanted)
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1])
  })

  it('looks at no more than 500 proposals in one call, and goes on where it stopped', async () => {
    const { id } = await proposal()
    for (let made = 0; made < 505; made++) await proposal({ tenant_id: 'acme', principal: 'dana' })
    const reviewer = loop.runner.reviewer(lead)

    const first = await reviewer.queue({ mine: true })

    expect(first.items).toEqual([])
    expect(await mine(reviewer, { cursor: first.next_cursor ?? '' })).toEqual([id])
  })

  it.each([0, 201, 1.5])('refuses a limit of %d', async (limit) => {
    await expect(loop.runner.reviewer(lead).queue({ mine: true, limit })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  it.each(['approved', 'applying', 'outcome_unknown'])('refuses what is %s already', async (status) => {
    // Callers without types give what the types refuse.
    const filter = { mine: true, status } as unknown as QueueFilter
    await expect(loop.runner.reviewer(lead).queue(filter)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
