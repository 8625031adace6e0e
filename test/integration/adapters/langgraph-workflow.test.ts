import { randomUUID } from 'node:crypto'
import { AIMessage, ToolMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { Annotation, Command, INTERRUPT, isInterrupted, MemorySaver, START, StateGraph } from '@langchain/langgraph'
import { createAgent } from 'langchain'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createLangGraphTools,
  createWorkflowNode,
  envelopeOf,
  type RunCard,
} from '../../../adapters/langgraph/index.js'
import type { ToolSource } from '../../../src/index.js'
import { agent, type Loop, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { FLOW, flowChange, openFlow } from '../workflow/waiver-flow.js'
import { wire } from './adapter-world.js'

const State = Annotation.Root({ invoice: Annotation<string>, run: Annotation<string>, status: Annotation<string> })
type State = typeof State.State

let shop: Shop
let loop: Loop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())
beforeEach(async () => {
  loop = await openFlow(shop, 'steps')
})
afterEach(() => loop.close())

const thread = () => ({ configurable: { thread_id: randomUUID() } })
const cardIn = (state: unknown) => (isInterrupted<RunCard>(state) ? state[INTERRUPT][0]?.value : undefined)
const runs = async () => (await loop.runner.runs.list()).items
const fee = async () => (await shop.row(loop.invoice))?.late_fee_cents

function graphOf(source: ToolSource = loop.runner.session(agent), checkpointer = new MemorySaver()) {
  const node = createWorkflowNode(source, FLOW, {
    input: ({ invoice }: State) => ({ invoice_id: invoice, reason: 'outage' }),
    run_id: ({ run }) => run || undefined,
    to: ({ run, error }) => ({ status: run?.status ?? error?.code ?? '' }),
  })
  return new StateGraph(State).addNode('refund', node).addEdge(START, 'refund').compile({ checkpointer })
}

async function decide(card: RunCard | undefined): Promise<void> {
  const id = card?.run.proposal_id ?? ''
  const { hash } = await loop.runner.proposals.get(id)
  await loop.runner.approve(id, { hash, approver: lead })
}

describe('a workflow node', () => {
  it('interrupts while its run waits, whatever it is resumed with, and goes on with what is on record', async () => {
    const [graph, config] = [graphOf(), thread()]
    const first = cardIn(await graph.invoke({ invoice: loop.invoice }, config))
    expect(first).toMatchObject({
      summary: expect.stringContaining('A person must decide'),
      run: { awaiting: 'reviewer' },
    })
    for (const resume of ['approved', { decisions: [{ type: 'approve' }] }, { status: 'completed' }]) {
      const again = cardIn(await graph.invoke(new Command({ resume }), config))
      expect(again?.run).toEqual(first?.run)
    }
    expect(await runs()).toHaveLength(1)

    await decide(first)
    expect(cardIn(await graph.invoke(new Command({ resume: 'look' }), config))?.run).toMatchObject({
      status: 'waiting_apply',
    })
    expect(await fee()).toBe('5500')
    await loop.runner.resumeAll()
    expect(await graph.invoke(new Command({ resume: 'look' }), config)).toMatchObject({ status: 'completed' })
    expect(await fee()).toBe('0')
    expect(await runs()).toHaveLength(1)
  })

  it('starts no second run when its run ended while nobody looked', async () => {
    const [graph, config] = [graphOf(), thread()]
    const card = cardIn(await graph.invoke({ invoice: loop.invoice }, config))
    await loop.runner.reject(card?.run.proposal_id ?? '', { approver: lead })
    await loop.runner.resumeAll()
    expect(await graph.invoke(new Command({ resume: 'look' }), config)).toMatchObject({ status: 'rejected' })
    expect(await runs()).toHaveLength(1)
  })

  it('gives each answer to the question that it was asked for', async () => {
    const [graph, config] = [graphOf(), thread()]
    const ask = async (card: RunCard | undefined, question: string) => {
      await loop.runner.requestInformation(card?.run.proposal_id ?? '', { approver: lead, question })
      return cardIn(await graph.invoke(new Command({ resume: 'look' }), config))
    }
    const answer = async (reason: unknown) =>
      cardIn(
        await graph.invoke(
          new Command({ resume: { information: { invoice_id: loop.invoice, reason, fee: 0 } } }),
          config,
        ),
      )
    const first = cardIn(await graph.invoke({ invoice: loop.invoice }, config))
    expect(await ask(first, 'Which?')).toMatchObject({ run: { question: 'Which?' } })
    const refused = await answer(7)
    expect(refused).toMatchObject({ summary: expect.stringContaining('refused'), run: { question: 'Which?' } })
    const second = await answer('the first')
    expect(second?.run.status).toBe('waiting_approval')
    expect(await ask(second, 'When?')).toMatchObject({ run: { question: 'When?' } })
    const third = await answer('the second')
    expect(third?.run.status).toBe('waiting_approval')
    const { diff } = await loop.runner.proposals.get(third?.run.proposal_id ?? '')
    expect(diff.waiver_reason?.after).toBe('the second')
    // The first one, and one for each answer.
    expect((await loop.runner.proposals.list()).items).toHaveLength(3)
  })

  it('goes on in another process', async () => {
    const [checkpointer, config] = [new MemorySaver(), thread()]
    const card = cardIn(await graphOf(undefined, checkpointer).invoke({ invoice: loop.invoice }, config))
    await decide(card)
    await loop.runner.resume(card?.run.run_id ?? '')
    const later = graphOf(loop.again(flowChange('steps')).session(agent), checkpointer)
    expect(await later.invoke(new Command({ resume: 'look' }), config)).toMatchObject({ status: 'completed' })
  })

  it('goes on with a run that the state names', async () => {
    const { run_id } = await loop.runner.session(agent).workflow(FLOW).start({ invoice_id: loop.invoice, reason: 'x' })
    const card = cardIn(await graphOf().invoke({ invoice: loop.invoice, run: run_id }, thread()))
    expect(card?.run.run_id).toBe(run_id)
    expect(await graphOf().invoke({ invoice: '', run: 'run_none' }, thread())).toMatchObject({
      status: 'RUN_NOT_FOUND',
    })
  })

  it('hands a refusal on as an answer, and is refused for a workflow that is not there', async () => {
    expect(await graphOf().invoke({ invoice: '\u0000' }, thread())).toMatchObject({ status: 'INVALID_ARGUMENT' })
    const options = { input: () => ({}), to: () => ({}) }
    expect(() => createWorkflowNode(loop.runner.session(agent), 'billing.none', options)).toThrow(
      expect.objectContaining({ code: 'CAPABILITY_NOT_FOUND' }),
    )
  })
})

describe('a workflow tool that interrupts', () => {
  const agentOf = (source: ToolSource, checkpointer: MemorySaver) => {
    const model = fakeModel()
      .respondWithTools([{ name: wire(FLOW), args: { invoice_id: loop.invoice, reason: 'outage' }, id: 'call_1' }])
      .respond(new AIMessage('done'))
      .respond(new AIMessage('done'))
    return createAgent({ model, tools: createLangGraphTools(source, { interrupt: true }), checkpointer })
  }

  it('answers its model once the run does not wait for others any more', async () => {
    const [checkpointer, config] = [new MemorySaver(), thread()]
    const waiting = await agentOf(loop.runner.session(agent), checkpointer).invoke(
      { messages: [{ role: 'user', content: 'Please.' }] },
      config,
    )
    const card = cardIn(waiting)
    expect(card?.run.status).toBe('waiting_approval')
    await decide(card)
    await loop.runner.resume(card?.run.run_id ?? '')
    const { messages } = await agentOf(loop.runner.session(agent), checkpointer).invoke(
      new Command({ resume: 'look' }),
      config,
    )
    const answers = messages.filter((message) => ToolMessage.isInstance(message)).map(envelopeOf)
    expect(answers).toMatchObject([{ run: { run_id: card?.run.run_id, status: 'completed' } }])
    expect(await runs()).toHaveLength(1)
  })

  it('hands a question to its model, who is the caller', async () => {
    const [checkpointer, config] = [new MemorySaver(), thread()]
    const run = (input: Parameters<ReturnType<typeof agentOf>['invoke']>[0]) =>
      agentOf(loop.runner.session(agent), checkpointer).invoke(input, config)
    const card = cardIn(await run({ messages: [{ role: 'user', content: 'Please.' }] }))
    await loop.runner.requestInformation(card?.run.proposal_id ?? '', { approver: lead, question: 'Which?' })
    const { messages } = await run(new Command({ resume: 'look' }) as never)
    const answers = messages.filter((message) => ToolMessage.isInstance(message)).map(envelopeOf)
    expect(answers).toMatchObject([{ run: { status: 'waiting_information', question: 'Which?' } }])
  })
})
