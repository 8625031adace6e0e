import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ledger, type Run, type Runner, validateConfig } from '../../../src/index.js'
import { fixedClock, memoryLedger } from '../../../src/testing/index.js'
import { agent, contractOf, type Loop, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, codeOf, feeOf, flowOf, functionOf, inputOf, told } from './acts.js'
import { FLOW, flowChange, INSPECT, openFlow, PROPOSE, STEPS } from './waiver-flow.js'

let shop: Shop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())

const ask = (runner: Runner, { proposal_id }: Pick<Run, 'proposal_id'>, question: string) =>
  runner.requestInformation(proposal_id ?? '', { approver: lead, question })

describe('a proposal that was planted for a run', () => {
  const approvals = [{ on_risk: 'high', required_approvals: 2 }]
  const asked = { key: 'asked', await: 'information', question: 'Go on?', input: { yes: { type: 'boolean' } } }
  const [read, ...rest] = STEPS
  const world = async (): Promise<{ loop: Loop; run: Run }> => {
    const loop = await openFlow(shop, 'steps', {
      propose: { risk: 'high', on_active_proposal: 'supersede' },
      workflow: { approvals, steps: [read, asked, ...rest] },
    })
    return { loop, run: await flowOf(loop.runner).start(inputOf(loop)) }
  }

  it.each([
    ['of its own tenant', agent],
    ['of another tenant', { ...agent, tenant_id: 'globex' }],
  ])('by an answer with its link, by a session %s, is refused', async (_, context) => {
    const { loop, run } = await world()
    const own = context.tenant_id === agent.tenant_id
    const bait = own ? await loop.propose() : undefined
    if (bait !== undefined) await ask(loop.runner, { proposal_id: bait.id }, 'Why?')
    const link = { run_id: run.run_id, step_key: 'waiver' }
    const session = loop.runner.session(context)
    const planted = session.provideInformation(bait?.id ?? 'wrp_none', inputOf(loop, { fee: 0 }), link)
    expect(await codeOf(planted)).toBe(own ? 'WRONG_STATUS' : 'PROPOSAL_NOT_FOUND')
    expect(await codeOf(session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link))).toBe(
      own ? 'WORKFLOW_NOT_ALLOWED' : 'RUN_NOT_FOUND',
    )
    await loop.close()
  })

  it('asks for what the run asks for, whatever was there before', async () => {
    const { loop, run } = await world()
    await loop.propose()
    const waiting = await flowOf(loop.runner).continue(run.run_id, { yes: true }, { step: 'asked' })
    expect((await loop.runner.proposals.get(waiting.proposal_id ?? '')).approval.required_approvals).toBe(2)
    await approveRun(loop.runner, waiting)
    expect(await loop.runner.resume(run.run_id)).toMatchObject({ status: 'waiting_approval' })
    expect(await feeOf(shop, loop)).toBe('5500')
    await loop.close()
  })
})

describe("a model that answers a reviewer's question", () => {
  const world = async () => {
    const loop = await openFlow(shop, 'steps')
    const flow = flowOf(loop.runner)
    const run = await flow.start(inputOf(loop))
    await ask(loop.runner, run, 'Why?')
    return { loop, flow, run }
  }

  it.each([
    ['what the contract fixed', { reason: 'so', fee: 9999 }],
    ['the object', { invoice_id: 'INV-other', reason: 'so' }],
  ])('cannot change %s', async (_, information) => {
    const { loop, flow, run } = await world()
    expect(await codeOf(flow.continue(run.run_id, information))).toBe('INVALID_ARGUMENT')
    expect((await loop.runner.proposals.list({ run_id: run.run_id })).items).toHaveLength(1)
    expect(await flow.status(run.run_id)).toMatchObject({ status: 'waiting_information', question: 'Why?' })
    await loop.close()
  })

  it('needs to say only what changes', async () => {
    const { loop, flow, run } = await world()
    const answered = await flow.continue(run.run_id, { reason: 'outage of May 3' })
    const { diff } = await loop.runner.proposals.get(answered.proposal_id ?? '')
    expect(diff).toMatchObject({ late_fee_cents: { after: 0 }, waiver_reason: { after: 'outage of May 3' } })
    await loop.close()
  })

  it('answers the question that it was asked, however often the answer is delivered', async () => {
    const { loop, flow, run } = await world()
    const { waiting_for } = await flow.status(run.run_id)
    expect(waiting_for).toBe(run.proposal_id)
    const deliver = () => flow.continue(run.run_id, { reason: 'to the first' }, { step: waiting_for ?? '' })
    const answered = await deliver()
    await ask(loop.runner, answered, 'And when?')
    expect(await codeOf(deliver())).toBe('WRONG_STATUS')
    expect(await flow.status(run.run_id)).toMatchObject({ question: 'And when?', waiting_for: answered.proposal_id })
    await loop.close()
  })
})

it('refuses a workflow that would let others decide than its capability does', () => {
  const contract = contractOf(
    shop,
    flowChange('steps', {
      propose: { risk: 'high' },
      workflow: { approvals: [{ on_risk: 'high', required_role: 'intern' }] },
    }),
  )
  expect(validateConfig(contract).errors).toMatchObject([
    { path: '/workflows/0/approvals/0/required_role', code: 'INVALID_VALUE' },
  ])
})

it('takes no call into a run that takes its own steps', async () => {
  const loop = await openFlow(shop, 'steps')
  const run = await flowOf(loop.runner).start(inputOf(loop))
  const link = { run_id: run.run_id, step_key: 'check' }
  const call = loop.runner.session(agent).inspect(INSPECT, { invoice_id: loop.invoice }, link)
  expect(await codeOf(call)).toBe('WORKFLOW_NOT_ALLOWED')
  await approveRun(loop.runner, run)
  expect(await loop.runner.resume(run.run_id)).toMatchObject({ status: 'completed' })
  await loop.close()
})

/** A ledger that is busy when it is told to be. */
function busyAt(method: 'findEvidence' | 'append') {
  const ledger = memoryLedger()
  const state = { busy: 0 }
  const call = ledger[method].bind(ledger) as (...given: unknown[]) => Promise<unknown>
  const busy: Ledger = Object.assign(Object.create(ledger) as Ledger, {
    [method]: async (...given: unknown[]) => {
      if (state.busy > 0) {
        state.busy -= 1
        throw Object.assign(new Error('busy'), { code: 'BUSY' })
      }
      return call(...given)
    },
  })
  return { ledger: busy, state }
}

describe('a ledger that fails for a moment', () => {
  it('does not reach a function that would take it for an answer', async () => {
    const { ledger, state } = busyAt('findEvidence')
    const work = functionOf(async (flow, { invoice_id }) => {
      try {
        await flow.inspect('invoice', INSPECT, { invoice_id })
      } catch {
        return { waived: false }
      }
      const { yes } = await flow.awaitInformation('asked', 'Waive it?', { yes: { type: 'boolean' } })
      return { waived: yes }
    })
    const loop = await openFlow(shop, 'function', {}, { ...work, ledger })
    const flow = flowOf(loop.runner)
    const run = await flow.start(inputOf(loop))
    state.busy = 1
    expect(await codeOf(flow.continue(run.run_id, { yes: true }))).not.toBe('fulfilled')
    expect(await flow.status(run.run_id)).toMatchObject({ status: 'waiting_information' })
    expect(await flow.continue(run.run_id, { yes: true })).toMatchObject({ output: { waived: true } })
    await loop.close()
  })

  it('has a step run at once that could not be claimed', async () => {
    const { ledger, state } = busyAt('append')
    let times = 0
    const work = functionOf(async (flow) => {
      await flow.awaitInformation('asked', 'Go on?', { yes: { type: 'boolean' } })
      return flow.step('count', () => ++times)
    })
    const loop = await openFlow(shop, 'function', {}, { ...work, ledger })
    const flow = flowOf(loop.runner)
    const run = await flow.start(inputOf(loop))
    state.busy = 1
    expect(await codeOf(flow.continue(run.run_id, { yes: true }))).not.toBe('fulfilled')
    expect(times).toBe(0)
    expect(await flow.continue(run.run_id, { yes: true })).toMatchObject({ status: 'completed', output: 1 })
    await loop.close()
  })
})

describe('a step of the app', () => {
  it('that never ends does not keep whoever moves the run', async () => {
    const work = functionOf((flow) => flow.step('stuck', () => new Promise(() => undefined), { lease_ms: 30 }))
    const loop = await openFlow(shop, 'function', {}, work)
    expect(await flowOf(loop.runner).start(inputOf(loop))).toMatchObject({ status: 'running' })
    await loop.close()
  })

  it('that fails time and again is left alone for longer and longer', async () => {
    let times = 0
    const clock = fixedClock()
    const work = functionOf((flow) =>
      flow.step('fails', () => {
        times += 1
        throw new Error('no line')
      }),
    )
    const loop = await openFlow(shop, 'function', {}, { ...work, clock })
    const flow = flowOf(loop.runner)
    await codeOf(flow.start(inputOf(loop)))
    const [row] = (await loop.runner.runs.list()).items
    for (let touch = 0; touch < 20; touch++) await codeOf(flow.continue(row?.run_id ?? ''))
    expect(times).toBe(4)
    await loop.close()
  })
})

it('a run whose change was written in time goes on to its end, however late somebody looks', async () => {
  const clock = fixedClock()
  const loop = await openFlow(shop, 'steps', { workflow: { expires_in_seconds: 60 } }, { clock })
  const run = await flowOf(loop.runner).start(inputOf(loop))
  await approveRun(loop.runner, run)
  await loop.runner.apply(run.proposal_id ?? '')
  clock.advance(3_600_000)
  expect(await flowOf(loop.runner).status(run.run_id)).toMatchObject({ status: 'running' })
  const done = await loop.runner.resume(run.run_id)
  expect(done.status).toBe('completed')
  expect(told(done)).toContain('check inspect finished')
  await loop.close()
})

it('sends nobody to decide under a contract that has changed', async () => {
  const loop = await openFlow(shop, 'steps')
  const run = await flowOf(loop.runner).start(inputOf(loop))
  const bounds = { numeric_bounds: { late_fee_cents: { minimum: 1, maximum: 10 } } }
  const changed = flowOf(loop.again(flowChange('steps', { propose: bounds })))
  expect(await codeOf(changed.start(inputOf(loop)))).toBe('CONTRACT_CHANGED')
  expect(await codeOf(changed.continue(run.run_id))).toBe('CONTRACT_CHANGED')
  expect(await changed.status(run.run_id)).toMatchObject({ status: 'waiting_approval' })
  expect(FLOW).toBe(run.workflow)
  await loop.close()
})
