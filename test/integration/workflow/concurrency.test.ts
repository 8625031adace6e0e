import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRunnerError, type Run, type Runner, type WorkflowFunction } from '../../../src/index.js'
import { agent, insertInvoice, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, flowOf, functionOf } from './acts.js'
import { type Form, flowChange, flowRuntime, INSPECT, openFlow, PROPOSE, written } from './waiver-flow.js'

let shop: Shop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())

const ROUNDS = 50

/** Each of them is the run, or says that the run has ended already. */
async function allTheSame(run_id: string, attempts: readonly Promise<Run>[]): Promise<readonly string[]> {
  const statuses: string[] = []
  for (const attempt of await Promise.allSettled(attempts)) {
    const { reason }: { reason?: unknown } = attempt.status === 'rejected' ? attempt : {}
    if (attempt.status === 'fulfilled') {
      expect(attempt.value.run_id).toBe(run_id)
      statuses.push(attempt.value.status)
    } else if (isRunnerError(reason)) {
      expect(reason).toMatchObject({ code: 'WRONG_STATUS', details: { run_id } })
      statuses.push(String(reason.details.status))
    } else throw reason
  }
  return statuses
}

/** How often each step of a run was finished, and how often the run was. */
async function finished(runner: Runner, run_id: string): Promise<readonly string[]> {
  const { items } = await runner.entries.list({ subject: run_id, limit: 200 })
  return items
    .filter(({ type }) => ['run.created', 'step.finished', 'run.finished'].includes(type))
    .map(({ type, body }) => `${type} ${String((JSON.parse(body ?? '') as { key?: string }).key ?? '')}`.trim())
    .sort()
}

const KEYS = ['invoice', 'waiver', 'decision', 'write', 'check']

describe.each<Form>(['steps', 'function'])('two processes that move a run of a workflow as %s at once', (form) => {
  it(`change the source once and record each step once, ${ROUNDS} times`, async () => {
    const effects = new Map<string, number>()
    const work: WorkflowFunction = async (flow, input) => {
      await flow.step('before', () => void effects.set(flow.run_id, (effects.get(flow.run_id) ?? 0) + 1))
      return written(flow, input)
    }
    const runtime = form === 'function' ? functionOf(work) : flowRuntime(form)
    const loop = await openFlow(shop, form, {}, runtime)
    const one = loop.runner
    const two = loop.again(flowChange(form), runtime)
    const keys = form === 'function' ? ['before', ...KEYS] : KEYS
    const expected = [...keys.map((key) => `step.finished ${key}`), 'run.created', 'run.finished'].sort()
    for (let round = 0; round < ROUNDS; round++) {
      const invoice = `RACE-${form}-${round}`
      await insertInvoice(shop, invoice, 'acme')
      const input = { invoice_id: invoice, reason: 'outage' }
      const receipts = await shop.receipts()

      const [first, second] = await Promise.all([flowOf(one).start(input), flowOf(two).start(input)])
      expect(second.run_id).toBe(first.run_id)
      const run = await one.runs.get(first.run_id)
      const settled = run.status === 'running' ? await flowOf(one).continue(run.run_id) : run
      expect(settled.status).toBe('waiting_approval')

      await approveRun(one, settled)
      const statuses = await allTheSame(
        run.run_id,
        [
          one.resume(run.run_id),
          two.resume(run.run_id),
          flowOf(one).continue(run.run_id),
          flowOf(two).start(input),
        ].slice(0, round % 2 === 0 ? 2 : 4),
      )
      if (!statuses.includes('completed')) await one.resume(run.run_id)

      expect(await two.runs.get(run.run_id)).toMatchObject({ status: 'completed' })
      expect(await finished(one, run.run_id)).toEqual(expected)
      expect((await shop.row(invoice))?.late_fee_cents).toBe('0')
      expect(await shop.receipts()).toBe(receipts + 1)
      if (form === 'function') expect(effects.get(run.run_id)).toBe(1)
    }
    expect((await one.ledger.verify()).problems).toEqual([])
    await loop.close()
  }, 120_000)

  it('agree on one end when one cancels while the other resumes', async () => {
    const loop = await openFlow(shop, form)
    const other = loop.again(flowChange(form))
    for (let round = 0; round < 20; round++) {
      const invoice = `END-${form}-${round}`
      await insertInvoice(shop, invoice, 'acme')
      const { run_id, proposal_id } = await flowOf(loop.runner).start({ invoice_id: invoice, reason: 'outage' })
      if (round % 2 === 0) await approveRun(loop.runner, { proposal_id })
      else await loop.runner.reject(proposal_id ?? '', { approver: lead })
      await Promise.allSettled([loop.runner.resume(run_id), other.cancel(run_id)])
      const { status } = await other.runs.get(run_id)
      expect(['completed', 'rejected', 'canceled']).toContain(status)
      const ends = (await finished(other, run_id)).filter((line) => line === 'run.finished')
      expect(ends).toEqual(['run.finished'])
    }
    expect((await loop.runner.ledger.verify()).problems).toEqual([])
    await loop.close()
  }, 60_000)
})

describe('calls that join one run at once', () => {
  const joined = { propose: { on_active_proposal: 'allow' }, workflow: { linked: true } }
  it('are each recorded once, whoever is faster', async () => {
    const loop = await openFlow(shop, 'function', joined, { workflows: {} })
    const other = loop.again(flowChange('function', joined), { workflows: {} })
    for (let round = 0; round < 10; round++) {
      const invoice = `JOIN-${round}`
      await insertInvoice(shop, invoice, 'acme')
      const input = { invoice_id: invoice, reason: 'outage' }
      const { run_id } = await flowOf(loop.runner).start(input)
      await loop.runner.session(agent).inspect(INSPECT, { invoice_id: invoice }, { run_id, step_key: 'read' })
      const proposals = await Promise.all(
        [0, 1, 2, 3].flatMap((fee) =>
          [loop.runner, other].map((runner) =>
            runner.session(agent).propose(PROPOSE, { ...input, fee }, { run_id, step_key: `fee_${fee}` }),
          ),
        ),
      )
      expect(new Set(proposals.map(({ id }) => id)).size).toBe(4)
      expect(await finished(other, run_id)).toEqual(
        ['run.created', ...['fee_0', 'fee_1', 'fee_2', 'fee_3', 'read'].map((key) => `step.finished ${key}`)].sort(),
      )
    }
    expect((await loop.runner.ledger.verify()).problems).toEqual([])
    await loop.close()
  }, 60_000)
})
