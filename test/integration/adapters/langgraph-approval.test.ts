import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Annotation, Command, END, interrupt, MemorySaver, START, StateGraph } from '@langchain/langgraph'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import {
  type ApprovalCard,
  type ApprovalNodeOptions,
  createApprovalNode,
  createCapabilityNode,
  type DecideByResume,
  type LangGraphContext,
  resumeWith,
} from '../../../adapters/langgraph/index.js'
import type { Proposal, ToolSource } from '../../../src/index.js'
import { agent, contractOf, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'

const run = promisify(execFile)

const State = Annotation.Root({ id: Annotation<string>, status: Annotation<string>, note: Annotation<string> })
type State = typeof State.State

let shop: Shop
let loop: Loop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())
beforeEach(async () => {
  loop = await openLoop(shop)
})
afterEach(() => loop.close())

type Given = Partial<ApprovalNodeOptions<State, Partial<State>>>

/** One node that waits, in a graph with a memory of its own. */
function waiting(given: Given = {}, source: ToolSource = loop.runner.session(agent)) {
  const approval = createApprovalNode(source, {
    proposal: ({ id }: State) => id,
    to: ({ status, decision }) => ({ status, note: decision?.reason ?? '' }),
    ...given,
  })
  return new StateGraph(State)
    .addNode('approval', approval)
    .addEdge(START, 'approval')
    .addEdge('approval', END)
    .compile({ checkpointer: new MemorySaver() })
}

/** What the run waits with; fails where it does not wait. */
function cardOf(result: unknown): ApprovalCard {
  expect(result).toHaveProperty('__interrupt__')
  return (result as { __interrupt__: { value: ApprovalCard }[] }).__interrupt__[0]?.value as ApprovalCard
}

const asPerson = (id: string) => ({ configurable: { thread_id: 't', person: id } })
const someone = asPerson('someone')

/** The person is whom the run is made for. */
const decide: DecideByResume = {
  reviewer: (_, { configurable }) =>
    loop.runner.reviewer({ id: String(configurable?.person), tenant_id: 'acme', roles: lead.roles }),
}

const answer = (card: ApprovalCard, type: string, message?: string) => ({
  decisions: [{ type, card_id: card.actionRequests[0].args.card_id, ...(message && { message }) }],
})
/** What a host gives to `invoke` for a person who answered. */
const resume = (who: string, ...given: Parameters<typeof answer>) => sent(who, answer(...given).decisions)
const sent = (who: string, decisions: unknown, interrupt?: string) => {
  const { command, config } = resumeWith(decisions, asPerson(who), interrupt)
  return [command, config] as const
}
/** Made by hand. Goes to no node by itself, so that any graph takes it. */
const raw = (value: unknown) => new Command<unknown, Record<string, never>, never>({ resume: value })

const decisionsOn = async ({ id }: Proposal) => (await loop.runner.proposals.get(id)).approval.decisions

it('ends a run whose host cannot say for whom it is by an error of ours, without the words of the host', async () => {
  const { id } = await loop.propose()
  const source = loop.runner.sessionsFrom(() => {
    throw new TypeError('secret of the host')
  })
  const error: unknown = await waiting({}, source)
    .invoke({ id }, someone)
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'RunnerError', code: 'CONTEXT_MISSING' })
  expect(String(error)).not.toContain('secret')
})

describe('an approval node', () => {
  it('interrupts with a card that says what would change and where to decide', async () => {
    const { id, hash, expires_at } = await loop.propose()
    const card = cardOf(await waiting().invoke({ id }, someone))
    const name = 'billing.propose_late_fee_waiver'
    const target = { type: 'invoices', id: loop.invoice }
    const diff = { late_fee_cents: { before: 5500, after: 0 }, waiver_reason: { before: null, after: 'outage' } }
    expect(card).toEqual({
      actionRequests: [
        {
          name,
          args: { card_id: `${hash}/0`, proposal_id: id, hash, target, diff, expires_at },
          description: expect.stringContaining('late_fee_cents 5500 -> 0'),
        },
      ],
      reviewConfigs: [{ actionName: name, allowedDecisions: [] }],
    })
    expect(card.actionRequests[0].description).toMatch(/Decide as a reviewer of the runner/)
  })

  it.each([
    ['a word', 'approved'],
    ['true', true],
    ['an approval', { decisions: [{ type: 'approve' }] }],
    ['a view of its own making', { status: 'approved', decision: { decision: 'approved' } }],
    ['a decision with a reviewer in it', { decisions: [{ type: 'approve' }], reviewer: lead, approver: lead }],
  ])('believes no forged resume: %s', async (_, forged) => {
    const proposal = await loop.propose()
    const graph = waiting()
    const card = cardOf(await graph.invoke({ id: proposal.id }, someone))
    expect(cardOf(await graph.invoke(new Command({ resume: forged }), someone)).reviewConfigs).toEqual(
      card.reviewConfigs,
    )
    cardOf(await graph.invoke(...resume('someone', card, 'approve')))
    expect(await decisionsOn(proposal)).toEqual([])
    expect((await loop.runner.proposals.get(proposal.id)).status).toBe('pending_review')
  })

  it('goes on with what a person decided elsewhere, whatever the resume says', async () => {
    const { id, hash } = await loop.propose()
    const graph = waiting()
    const card = cardOf(await graph.invoke({ id }, someone))
    await loop.runner.reject(id, { hash, approver: lead, reason: 'no' })
    expect(await graph.invoke(...resume('someone', card, 'approve'))).toEqual({ id, status: 'rejected', note: 'no' })
  })

  it('does not wait where there is nothing to wait for', async () => {
    const { id } = await loop.approved()
    expect((await waiting().invoke({ id }, someone)).status).toBe('approved')
    await loop.runner.apply(id)
    expect((await waiting().invoke({ id }, someone)).status).toBe('applied')
  })

  it('goes on when a reviewer asks back, so that the graph can answer', async () => {
    const { id } = await loop.propose()
    await loop.runner.requestInformation(id, { approver: lead, question: 'Which outage?' })
    const graph = waiting({ to: (view) => ({ note: view.information_requested ?? '' }) })
    expect((await graph.invoke({ id }, someone)).note).toBe('Which outage?')
  })

  it('fails the run for a proposal of somebody else as for an absent one', async () => {
    const { id } = await loop.propose()
    const other = loop.runner.session({ tenant_id: 'globex', principal: 'support_agent_17' })
    for (const state of [{ id }, { id: 'wrp_none' }]) {
      await expect(waiting({}, other).invoke(state, someone)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
    }
  })

  it('finds its session in the context of each run', async () => {
    const { id } = await loop.propose()
    const source = loop.runner.sessionsFrom((host) => {
      const { configurable } = host as LangGraphContext
      if (configurable?.owner !== 'sam') throw new Error('nobody')
      return agent
    })
    cardOf(await waiting({}, source).invoke({ id }, { configurable: { thread_id: 't', owner: 'sam' } }))
    await expect(waiting({}, source).invoke({ id }, someone)).rejects.toMatchObject({ code: 'CONTEXT_MISSING' })
  })
})

describe('a decision by resume', () => {
  it('is recorded for the person who gave it, on the hash of the card', async () => {
    const proposal = await loop.propose()
    const graph = waiting({ decide })
    const card = cardOf(await graph.invoke({ id: proposal.id }, someone))
    expect(card.reviewConfigs[0].allowedDecisions).toEqual(['approve', 'reject'])
    const result = await graph.invoke(...resume('dana', card, 'approve', 'agreed'))
    expect(result).toMatchObject({ status: 'approved', note: 'agreed' })
    expect(await decisionsOn(proposal)).toMatchObject([{ decision: 'approved', reason: 'agreed', approver: 'dana' }])
    expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('5500')
  })

  it.each([['no'], [undefined]])('rejects with the message %s', async (message) => {
    const { id } = await loop.propose()
    const graph = waiting({ decide })
    const card = cardOf(await graph.invoke({ id }, someone))
    expect(await graph.invoke(...resume('dana', card, 'reject', message))).toMatchObject({
      status: 'rejected',
      note: message ?? '',
    })
  })

  it('is refused to whoever proposed, and asks on', async () => {
    const proposal = await loop.propose({}, { ...agent, on_behalf_of: 'sam' })
    const graph = waiting({ decide }, loop.runner.session({ ...agent, on_behalf_of: 'sam' }))
    const first = cardOf(await graph.invoke({ id: proposal.id }, someone))
    const second = cardOf(await graph.invoke(...resume('sam', first, 'approve')))
    expect(second.actionRequests[0].description).toMatch(/^The last answer was not recorded in this run: .*sam/)
    expect(await decisionsOn(proposal)).toEqual([])
    expect(await graph.invoke(...resume('dana', second, 'approve'))).toMatchObject({ status: 'approved' })
  })

  it.each([
    ['nobody is known', { reviewer: () => undefined }, 'Nobody is known'],
    ['the role is missing', { reviewer: () => loop.runner.reviewer({ id: 'eve' }) }, 'billing_lead'],
    ['the reviewer is of another tenant', { reviewer: () => of('globex') }, 'There is no'],
    ['the host fails', { reviewer: () => Promise.reject(new Error('secret')) }, 'The host could not say'],
    ['the host rejects with null', { reviewer: () => Promise.reject(null) }, 'The host could not say'],
    ['the host rejects with nothing', { reviewer: () => Promise.reject() }, 'The host could not say'],
  ] satisfies [string, DecideByResume, string][])('is not recorded where %s', async (_, given, words) => {
    const proposal = await loop.propose()
    const graph = waiting({ decide: given })
    const card = cardOf(await graph.invoke({ id: proposal.id }, someone))
    const { description } = cardOf(await graph.invoke(...resume('someone', card, 'approve'))).actionRequests[0]
    expect(description).toContain(words)
    expect(description).not.toContain('secret')
    expect(await decisionsOn(proposal)).toEqual([])
  })
  const of = (tenant_id: string) => loop.runner.reviewer({ id: 'dana', tenant_id, roles: lead.roles })

  it.each<[string, (card: ApprovalCard) => unknown]>([
    ['names no card', () => ({ decisions: [{ type: 'approve' }] })],
    [
      'names the hash alone',
      (card) => ({ decisions: [{ type: 'approve', card_id: card.actionRequests[0].args.hash }] }),
    ],
    ['edits', (card) => answer(card, 'edit')],
    [
      'holds two',
      (card) => ({ decisions: [...answer(card, 'approve').decisions, ...answer(card, 'approve').decisions] }),
    ],
    ['holds none', () => ({ decisions: [] })],
    ['is a word', () => 'approve'],
    [
      'has a message that is no text',
      (card) => ({ decisions: [{ ...answer(card, 'approve').decisions[0], message: {} }] }),
    ],
  ])('is not recorded where the answer %s', async (_, given) => {
    const proposal = await loop.propose()
    const graph = waiting({ decide })
    const card = cardOf(await graph.invoke({ id: proposal.id }, someone))
    const value = given(card)
    const { config } = resumeWith([], asPerson('dana'))
    const resume_id = config.configurable.synapsor_resume_id
    cardOf(await graph.invoke(raw(typeof value === 'object' ? { ...value, resume_id } : value), config))
    expect(await decisionsOn(proposal)).toEqual([])
  })

  it.each<[string, object, object]>([
    ['neither', {}, {}],
    ['the answer alone', { resume_id: 'a-long-enough-id' }, {}],
    ['the run alone', {}, { synapsor_resume_id: 'a-long-enough-id' }],
    ['both, but not the same', { resume_id: 'a-long-enough-id' }, { synapsor_resume_id: 'A-long-enough-id' }],
    ['both, but too short', { resume_id: 'fifteen-letters' }, { synapsor_resume_id: 'fifteen-letters' }],
    ['both, but no text', { resume_id: 1234567890123456 }, { synapsor_resume_id: 1234567890123456 }],
  ])('asks nobody where an id is in %s', async (_, held, configurable) => {
    const proposal = await loop.propose()
    const reviewer = vi.fn(decide.reviewer)
    const graph = waiting({ decide: { reviewer } })
    const card = cardOf(await graph.invoke({ id: proposal.id }, someone))
    const run = { configurable: { ...asPerson('dana').configurable, ...configurable } }
    const next = cardOf(await graph.invoke(raw({ ...answer(card, 'approve'), ...held }), run))
    expect(next.actionRequests[0].description).toMatch(/^The last answer was not recorded in this run: Its resume_id/)
    expect(reviewer).not.toHaveBeenCalled()
    expect(await decisionsOn(proposal)).toEqual([])
  })

  it('has another id each time, which replaces that of an earlier run', () => {
    const first = resumeWith([], asPerson('dana'))
    const second = resumeWith([], { ...first.config, tags: ['kept'] }, 'an interrupt')
    const { synapsor_resume_id: id, ...rest } = second.config.configurable
    expect(id).toMatch(/^[\da-f-]{36}$/)
    expect(id).not.toBe(first.config.configurable.synapsor_resume_id)
    expect([rest, second.config.tags]).toEqual([asPerson('dana').configurable, ['kept']])
    expect(second.command.resume).toEqual({ 'an interrupt': { decisions: [], resume_id: id } })
  })

  it('lets an interrupt of the host through', async () => {
    const { id } = await loop.propose()
    const graph = waiting({
      decide: {
        reviewer: (_, config) => (interrupt('who are you?') === 'dana' ? decide.reviewer(_, config) : undefined),
      },
    })
    const card = cardOf(await graph.invoke({ id }, someone))
    expect(cardOf(await graph.invoke(...resume('dana', card, 'approve')))).toBe('who are you?')
  })
})

describe('an answer that the framework repeats', () => {
  const two = { propose: { approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 2 } } }

  it('counts once, for the person who gave it, where somebody else continues the run', async () => {
    await loop.close()
    loop = await openLoop(shop, two)
    const proposal = await loop.propose()
    const graph = waiting({ decide })
    const first = cardOf(await graph.invoke({ id: proposal.id }, someone))
    const second = cardOf(await graph.invoke(...resume('dana', first, 'approve')))
    const third = cardOf(await graph.invoke(null, asPerson('eve')))
    expect(await decisionsOn(proposal)).toMatchObject([{ approver: 'dana' }])

    cardOf(await graph.invoke(...resume('eve', second, 'approve')))
    expect(await decisionsOn(proposal)).toHaveLength(1)
    const now = cardOf(await graph.invoke(null, asPerson('eve')))
    expect(third.actionRequests[0].args.card_id).not.toBe(now.actionRequests[0].args.card_id)
    expect(await graph.invoke(...resume('eve', now, 'approve'))).toMatchObject({ status: 'approved' })
    expect(await decisionsOn(proposal)).toMatchObject([{ approver: 'dana' }, { approver: 'eve' }])
  })

  it('does not decide on the next card, of a subgraph that asks twice', async () => {
    const other = await openLoop(shop)
    const [x, y] = [await loop.propose(), await loop.propose({ invoice_id: other.invoice })]
    const node = (id: string) =>
      createApprovalNode(loop.runner.session(agent), {
        proposal: () => id,
        to: ({ status }): Partial<State> => ({ status }),
        decide,
      })
    const inner = new StateGraph(State)
      .addNode('x', node(x.id))
      .addNode('y', node(y.id))
      .addEdge(START, 'x')
      .addEdge('x', 'y')
      .compile()
    const graph = new StateGraph(State)
      .addNode('inner', inner)
      .addEdge(START, 'inner')
      .compile({ checkpointer: new MemorySaver() })

    const card = cardOf(await graph.invoke({}, someone))
    cardOf(await graph.invoke(...resume('dana', card, 'approve')))
    const asked = cardOf(await graph.invoke(null, asPerson('eve')))
    expect(asked.actionRequests[0].args.proposal_id).toBe(y.id)
    expect([await decisionsOn(x), await decisionsOn(y)]).toMatchObject([[{ approver: 'dana' }], []])
    await other.close()
  })

  it('counts once where two nodes wait and one is resumed by the id of its interrupt', async () => {
    await loop.close()
    loop = await openLoop(shop, two)
    const other = await openLoop(shop)
    const [x, y] = [await loop.propose(), await loop.propose({ invoice_id: other.invoice })]
    const node = (id: string) =>
      createApprovalNode(loop.runner.session(agent), { proposal: () => id, to: (): Partial<State> => ({}), decide })
    const graph = new StateGraph(State)
      .addNode('x', node(x.id))
      .addNode('y', node(y.id))
      .addEdge(START, 'x')
      .addEdge(START, 'y')
      .compile({ checkpointer: new MemorySaver() })
    type Found = { id: string; value: ApprovalCard }
    const cardsIn = (result: unknown) => {
      const { __interrupt__ } = result as { __interrupt__?: Found[] }
      return (proposal: Proposal) => {
        const found = __interrupt__?.find(({ value }) => value.actionRequests[0].args.proposal_id === proposal.id)
        return found ?? expect.fail('no card')
      }
    }
    const byId = (who: string, { id, value }: Found) => sent(who, answer(value, 'approve').decisions, id)
    const first = cardsIn(await graph.invoke({}, someone))
    const second = cardsIn(await graph.invoke(...byId('dana', first(x))))
    await graph.invoke(...byId('eve', second(y)))
    expect([await decisionsOn(x), await decisionsOn(y)]).toMatchObject([[{ approver: 'dana' }], [{ approver: 'eve' }]])
    await other.close()
  })
})

describe('an answer whose run ended before it was acted on', () => {
  /** Nobody has said yet who mallory is when her run is aborted. */
  function stalling() {
    const aborter = new AbortController()
    let end = () => {}
    const unknown = new Promise<undefined>((resolve) => {
      end = () => resolve(undefined)
    })
    const reviewer = vi.fn<DecideByResume['reviewer']>((given, config) => {
      return config.configurable?.person === 'mallory' ? unknown : decide.reviewer(given, config)
    })
    /** Sends an answer of mallory's, and aborts its run while her name is looked up. */
    const dies = async (start: (signal: AbortSignal) => Promise<unknown>) => {
      const ended = expect(start(aborter.signal)).rejects.toThrow()
      await vi.waitFor(() => expect(reviewer).toHaveBeenCalled())
      aborter.abort()
      await ended
    }
    return { reviewer, dies, end: () => end() }
  }
  const of = ({ reviewer }: ReturnType<typeof stalling>, who: string) =>
    reviewer.mock.calls.filter(([, { configurable }]) => configurable?.person === who)

  async function left() {
    const proposal = await loop.propose()
    const stall = stalling()
    const graph = waiting({ decide: stall })
    const card = cardOf(await graph.invoke({ id: proposal.id }, someone))
    await stall.dies((signal) => {
      const [command, config] = resume('mallory', card, 'approve', 'forged')
      return graph.invoke(command, { ...config, signal })
    })
    return { proposal, stall, graph, card }
  }

  it.each([
    ['looks again', () => [null, asPerson('dana')] as const],
    ['is about to answer another card', () => [null, resumeWith([], asPerson('dana')).config] as const],
  ])('decides nothing for somebody else, who %s', async (_, given) => {
    const { proposal, stall, graph, card } = await left()
    const next = cardOf(await graph.invoke(...given()))
    expect(next.actionRequests[0].description).toMatch(/^The last answer was not recorded in this run: Its resume_id/)
    expect(next.actionRequests[0].args.card_id).not.toBe(card.actionRequests[0].args.card_id)
    expect(of(stall, 'dana')).toEqual([])
    expect(await decisionsOn(proposal)).toEqual([])
    stall.end()
    expect(await graph.invoke(...resume('dana', next, 'reject', 'no'))).toMatchObject({ status: 'rejected' })
    expect(await decisionsOn(proposal)).toMatchObject([{ decision: 'rejected', approver: 'dana', reason: 'no' }])
  })

  it('is not taken for the one that somebody else gives to the same card', async () => {
    const { proposal, stall, graph, card } = await left()
    await graph.invoke(...resume('dana', card, 'reject', 'no'))
    expect(of(stall, 'dana')).toMatchObject([[answer(card, 'reject', 'no'), {}]])
    expect(await decisionsOn(proposal)).toMatchObject([{ decision: 'rejected', approver: 'dana', reason: 'no' }])
    stall.end()
  })

  it('decides nothing for somebody else, who answers the card of another node', async () => {
    const other = await openLoop(shop)
    const [x, y] = [await loop.propose(), await loop.propose({ invoice_id: other.invoice })]
    const stall = stalling()
    const node = (id: string) =>
      createApprovalNode(loop.runner.session(agent), {
        proposal: () => id,
        to: (): Partial<State> => ({}),
        decide: stall,
      })
    const graph = new StateGraph(State)
      .addNode('x', node(x.id))
      .addNode('y', node(y.id))
      .addEdge(START, 'x')
      .addEdge(START, 'y')
      .compile({ checkpointer: new MemorySaver() })
    const { __interrupt__ } = (await graph.invoke({}, someone)) as unknown as {
      __interrupt__: { id: string; value: ApprovalCard }[]
    }
    const byId = (who: string, { id }: Proposal, type: string) => {
      const found = __interrupt__.find(({ value }) => value.actionRequests[0].args.proposal_id === id)
      if (!found) return expect.fail('no card')
      return sent(who, answer(found.value, type).decisions, found.id)
    }
    await stall.dies((signal) => {
      const [command, config] = byId('mallory', x, 'approve')
      return graph.invoke(command, { ...config, signal })
    })

    const { actionRequests } = cardOf(await graph.invoke(...byId('dana', y, 'reject')))
    expect(actionRequests[0].args.proposal_id).toBe(x.id)
    expect(of(stall, 'dana')).toHaveLength(1)
    expect([await decisionsOn(x), await decisionsOn(y)]).toMatchObject([
      [],
      [{ decision: 'rejected', approver: 'dana' }],
    ])
    stall.end()
    await other.close()
  })
})

describe('a graph in two processes', () => {
  it('goes on in one with what was decided while the other was away', async () => {
    const config = join(shop.folder, 'langgraph.json')
    writeFileSync(config, JSON.stringify(contractOf(shop)))
    const program = fileURLToPath(new URL('langgraph-process.ts', import.meta.url))
    const other = async () => {
      const args = ['--import', import.meta.resolve('tsx'), program, config, loop.ledger, loop.invoice]
      const { stdout } = await run(process.execPath, args, { env: { ...process.env, ...shop.env } })
      return JSON.parse(stdout) as { id: string; status?: string; __interrupt__?: unknown }
    }
    const first = await other()
    expect(first).toHaveProperty('__interrupt__')
    const { items } = await loop.runner.reviewer({ ...lead, tenant_id: 'acme' }).queue()
    const [item] = items
    await loop.runner.reviewer({ ...lead }).approve(item?.proposal_id ?? '', { hash: item?.hash ?? '' })
    expect(await other()).toMatchObject({ id: item?.proposal_id, status: 'approved' })
    expect((await loop.runner.proposals.list()).items).toHaveLength(1)
  })

  it('goes on from a checkpoint that was written out and read back', async () => {
    const { id, hash } = await loop.propose()
    const build = (saver: MemorySaver) => {
      const graph = waiting({ decide })
      graph.checkpointer = saver
      return graph
    }
    const saver = new MemorySaver()
    const card = cardOf(await build(saver).invoke({ id }, someone))
    const again = cardOf(await build(saver).invoke(new Command({ resume: 'x' }), someone))

    const restored = new MemorySaver()
    Object.assign(restored, structuredClone({ storage: saver.storage, writes: saver.writes }))
    expect(again.actionRequests[0].args).toMatchObject({ hash, card_id: `${hash}/1` })
    cardOf(await build(restored).invoke(...resume('dana', card, 'approve')))
    const last = cardOf(await build(restored).invoke(new Command({ resume: 'y' }), someone))
    expect(await build(restored).invoke(...resume('dana', last, 'approve'))).toMatchObject({
      status: 'approved',
    })
  })
})

it('goes from inspect to the end of a graph with a state in zod', async () => {
  const state = z.object({ invoice: z.string(), proposal: z.string().default(''), status: z.string().default('') })
  const session = loop.runner.session(agent)
  const graph = new StateGraph(state)
    .addNode(
      'propose',
      createCapabilityNode(session, 'billing.propose_late_fee_waiver', {
        args: ({ invoice }: z.infer<typeof state>) => ({ invoice_id: invoice, reason: 'outage', fee: 0 }),
        to: ({ proposal }) => ({ proposal: proposal?.id ?? '' }),
      }),
    )
    .addNode(
      'approval',
      createApprovalNode(session, {
        proposal: ({ proposal }: z.infer<typeof state>) => proposal,
        to: ({ status }) => new Command({ update: { status }, goto: status === 'approved' ? 'thank' : END }),
      }),
      { ends: ['thank', END] },
    )
    .addNode('thank', ({ status }) => ({ status: `${status}, thanks` }))
    .addEdge(START, 'propose')
    .addEdge('propose', 'approval')
    .compile({ checkpointer: new MemorySaver() })
  const card = cardOf(await graph.invoke({ invoice: loop.invoice }, someone))
  const { proposal_id, hash } = card.actionRequests[0].args
  await loop.runner.approve(proposal_id, { hash, approver: lead })
  expect((await graph.invoke(new Command({ resume: true }), someone)).status).toBe('approved, thanks')
})
