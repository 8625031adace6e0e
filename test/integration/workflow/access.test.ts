import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run, Session } from '../../../src/index.js'
import { fixedClock } from '../../../src/testing/index.js'
import { agent, contractOf, type Loop, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, codeOf, feeOf, flowOf, inputOf, moveRow } from './acts.js'
import {
  FLOW,
  type FlowChange,
  type Form,
  flowChange,
  INSPECT,
  openFlow,
  PROPOSE,
  STEPS,
  workflowOf,
} from './waiver-flow.js'

let shop: Shop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())

const OTHER = 'billing.other_flow'
const two: FlowChange = { config: { workflows: [workflowOf(), workflowOf({ name: OTHER })] } }

/** What a refused call says, without where it was thrown. */
async function said(promise: Promise<unknown>) {
  const error: unknown = await promise.catch((reason: unknown) => reason)
  return JSON.parse(JSON.stringify(error)) as Record<string, unknown>
}

describe("somebody else's run", () => {
  const strangers = [
    ['another tenant', { ...agent, tenant_id: 'globex' }],
    ['another principal', { ...agent, principal: 'support_agent_18' }],
    ['the same principal for a person', { ...agent, on_behalf_of: 'sam' }],
  ] as const
  it.each(strangers)('is absent to %s', async (_, stranger) => {
    const loop = await openFlow(shop, 'steps')
    const run = await flowOf(loop.runner).start(inputOf(loop))
    const session = loop.runner.session(stranger)
    const flow = session.workflow(FLOW)
    const absent = await said(flow.status('run_01a1ff6e31d98436e5a401a2bb8a1ffd'))
    expect(absent).toMatchObject({ code: 'RUN_NOT_FOUND' })
    for (const attempt of [
      flow.status(run.run_id),
      flow.continue(run.run_id),
      flow.continue(run.run_id, { invoice_id: loop.invoice, reason: 'mine' }),
      flow.cancel(run.run_id),
      session.inspect(INSPECT, { invoice_id: loop.invoice }, { run_id: run.run_id, step_key: 'mine' }),
      session.propose(PROPOSE, inputOf(loop, { fee: 0 }), { run_id: run.run_id, step_key: 'mine' }),
    ]) {
      expect(await said(attempt)).toEqual(absent)
    }
    expect(await session.call(FLOW, { run_id: run.run_id })).toMatchObject({
      ok: false,
      error: { code: 'RUN_NOT_FOUND', message: absent.message },
    })
    expect(await flowOf(loop.runner).status(run.run_id)).toEqual(run)
    await loop.close()
  })

  it('is another run, though the input is the same', async () => {
    const loop = await openFlow(shop, 'steps', { propose: { on_active_proposal: 'allow' } })
    const own = await flowOf(loop.runner).start(inputOf(loop))
    const other = await flowOf(loop.runner, { ...agent, on_behalf_of: 'sam' }).start(inputOf(loop))
    expect(other.run_id).not.toBe(own.run_id)
    expect(other.proposal_id).not.toBe(own.proposal_id)
    await loop.close()
  })
})

it('takes no handle of another workflow', async () => {
  const loop = await openFlow(shop, 'steps', two)
  const session = loop.runner.session(agent)
  const run = await session.workflow(FLOW).start(inputOf(loop))
  const other = session.workflow(OTHER)
  for (const attempt of [other.status(run.run_id), other.continue(run.run_id), other.cancel(run.run_id)]) {
    expect(await codeOf(attempt)).toBe('RUN_NOT_FOUND')
  }
  expect(await session.call(OTHER, { run_id: run.run_id })).toMatchObject({ error: { code: 'RUN_NOT_FOUND' } })
  expect(await session.call(FLOW, { run_id: run.run_id })).toMatchObject({
    ok: true,
    run: { status: 'waiting_approval' },
  })
  await loop.close()
})

describe('an id that is none', () => {
  const ids = [
    '',
    'run_',
    'run_none',
    'x'.repeat(10_000),
    `run_${'x'.repeat(10_000)}`,
    null,
    undefined,
    7,
    {},
    ['run_'],
    '\0',
  ]
  it.each(ids.map((id) => [id]))('%j is answered as an absent run', async (given) => {
    const id = given as string
    const loop = await openFlow(shop, 'steps')
    const run = await flowOf(loop.runner).start(inputOf(loop))
    const flow = flowOf(loop.runner)
    const absent = await said(flow.status('run_01a1ff6e31d98436e5a401a2bb8a1ffd'))
    const { runner } = loop
    for (const attempt of [
      flow.status(id),
      flow.continue(id),
      flow.cancel(id),
      runner.resume(id),
      runner.cancel(id),
      runner.runs.get(id),
    ]) {
      expect(await said(attempt)).toEqual(absent)
    }
    expect(await codeOf(flow.status(run.proposal_id ?? ''))).toBe('RUN_NOT_FOUND')
    expect(await codeOf(flow.status(run.run_id.toUpperCase()))).toBe('RUN_NOT_FOUND')
    expect(await codeOf(flow.status(`${run.run_id} `))).toBe('RUN_NOT_FOUND')
    await loop.close()
  })
})

/** How a run gets to each status. */
const REACH: Readonly<
  Record<string, (world: { loop: Loop; run: Run; advance: (ms: number) => void }) => Promise<unknown>>
> = {
  waiting_approval: () => Promise.resolve(),
  waiting_information: ({ loop, run }) =>
    loop.runner.requestInformation(run.proposal_id ?? '', { approver: lead, question: 'Why?' }),
  running: ({ loop, run }) => approveRun(loop.runner, run),
  waiting_apply: async ({ loop, run }) => {
    await approveRun(loop.runner, run)
    await flowOf(loop.runner).continue(run.run_id)
  },
  completed: async ({ loop, run }) => {
    await approveRun(loop.runner, run)
    await loop.runner.resume(run.run_id)
  },
  rejected: async ({ loop, run }) => {
    await loop.runner.reject(run.proposal_id ?? '', { approver: lead })
    await flowOf(loop.runner).continue(run.run_id)
  },
  conflict: async ({ loop, run }) => {
    await approveRun(loop.runner, run)
    await moveRow(shop, loop)
    await loop.runner.resume(run.run_id)
  },
  expired: async ({ loop, run, advance }) => {
    advance(31 * 24 * 3_600_000)
    await loop.runner.resume(run.run_id)
  },
  canceled: ({ loop, run }) => loop.runner.cancel(run.run_id),
}
const OPEN = new Set(['waiting_approval', 'waiting_information', 'running', 'waiting_apply'])

async function reached(status: string, form: Form = 'steps') {
  const clock = fixedClock('2030-01-01T00:00:00.000Z')
  const loop = await openFlow(shop, form, {}, { clock })
  const run = await flowOf(loop.runner).start(inputOf(loop))
  await REACH[status]?.({ loop, run, advance: clock.advance })
  expect((await flowOf(loop.runner).status(run.run_id)).status).toBe(status)
  return { loop, run }
}

describe.each(Object.keys(REACH))('a run that is %s', (status) => {
  it('is never written to a source by any verb of a session', async () => {
    const { loop, run } = await reached(status)
    const session: Session = loop.runner.session(agent)
    const flow = session.workflow(FLOW)
    const id = run.proposal_id ?? ''
    const link = { run_id: run.run_id, step_key: 'linked' }
    const verbs: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['status', () => flow.status(run.run_id)],
      ['continue', () => flow.continue(run.run_id)],
      ['continue again', () => flow.continue(run.run_id)],
      ['continue with information', () => flow.continue(run.run_id, inputOf(loop, { fee: 0, reason: 'so' }))],
      ['start', () => flow.start(inputOf(loop))],
      ['start with a key', () => flow.start(inputOf(loop), { key: 'k' })],
      ['call to go on', () => session.call(FLOW, { run_id: run.run_id })],
      ['call to answer', () => session.call(FLOW, { run_id: run.run_id, information: inputOf(loop, { fee: 0 }) })],
      ['call to start', () => session.call(FLOW, inputOf(loop))],
      ['inspect', () => session.inspect(INSPECT, { invoice_id: loop.invoice }, link)],
      ['propose', () => session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link)],
      ['provide information', () => session.provideInformation(id, inputOf(loop, { fee: 0 }))],
      ['wait', () => session.waitForDecision(id, { timeout_ms: 1 })],
      ['replay', () => session.replay(id)],
      ['evidence', () => session.evidence(run.evidence_bundle_id ?? '')],
      ['every tool', () => Promise.all(session.tools().map((tool) => session.call(tool.name, inputOf(loop))))],
      ['withdraw', () => session.withdraw(id)],
      ['cancel', () => flow.cancel(run.run_id)],
    ]
    const before = [await shop.contents(), await shop.receipts()]
    for (const [verb, call] of verbs) {
      await codeOf(call())
      expect([verb, await shop.contents(), await shop.receipts()]).toEqual([verb, ...before])
    }
    await loop.close()
  })

  it(OPEN.has(status) ? 'can be canceled' : 'cannot be moved any more', async () => {
    const { loop, run } = await reached(status)
    const flow = flowOf(loop.runner)
    if (OPEN.has(status)) {
      expect(await flow.cancel(run.run_id)).toMatchObject({ status: 'canceled' })
    } else {
      const before = await flow.status(run.run_id)
      for (const attempt of [
        () => flow.continue(run.run_id),
        () => flow.continue(run.run_id, {}),
        () => flow.cancel(run.run_id),
        () => loop.runner.resume(run.run_id),
        () => loop.runner.resume(run.run_id, { step: 'none', event: {} }),
        () => loop.runner.cancel(run.run_id),
      ]) {
        expect(await said(attempt())).toMatchObject({ code: 'WRONG_STATUS', details: { run_id: run.run_id, status } })
      }
      // Whoever only looks is told, also a model.
      expect(await loop.runner.session(agent).call(FLOW, { run_id: run.run_id })).toMatchObject({ run: { status } })
      expect(await flow.status(run.run_id)).toEqual(before)
    }
    await loop.close()
  })

  it(status === 'waiting_information' ? 'takes information' : 'takes no information', async () => {
    const { loop, run } = await reached(status)
    const flow = flowOf(loop.runner)
    const before = await flow.status(run.run_id)
    const code = await codeOf(flow.continue(run.run_id, inputOf(loop, { reason: 'so', fee: 0 })))
    expect(code).toBe(status === 'waiting_information' ? 'fulfilled' : 'WRONG_STATUS')
    if (code === 'WRONG_STATUS') expect(await flow.status(run.run_id)).toEqual(before)
    await loop.close()
  })
})

describe.each<Form>(['steps', 'function'])('a contract that changes while a run of %s is open', (form) => {
  const unrelated = () => {
    const { capabilities = [] } = contractOf(shop)
    return [...capabilities, { ...capabilities[0], name: 'billing.inspect_other' }]
  }
  const stops: readonly (readonly [string, () => FlowChange])[] = [
    ['a bound', () => ({ propose: { numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 9999 } } } })],
    ['what is read', () => ({ inspect: { visible_columns: ['id', 'status', 'late_fee_cents'] } })],
    [
      'who approves',
      () => ({ propose: { approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 2 } } }),
    ],
    ['the mode', () => ({ mode: 'shadow' })],
    ['what the workflow allows', () => ({ workflow: { evidence: undefined } })],
    ['an input', () => ({ workflow: { input: { invoice_id: { type: 'string' }, reason: { type: 'string' } } } })],
  ]
  const steps: typeof stops =
    form === 'steps' ? [['the steps', () => ({ workflow: { steps: STEPS.slice(0, -1) } })]] : []
  it.each([...stops, ...steps])('stops it where that is %s', async (_, change) => {
    const loop = await openFlow(shop, form)
    const run = await flowOf(loop.runner).start(inputOf(loop))
    await approveRun(loop.runner, run)
    const other = loop.again(flowChange(form, change()))
    expect(await codeOf(flowOf(other).continue(run.run_id))).toBe('CONTRACT_CHANGED')
    expect(await codeOf(other.resume(run.run_id))).toBe('CONTRACT_CHANGED')
    expect(await other.resumeAll()).toEqual([])
    expect(await feeOf(shop, loop)).toBe('5500')
    expect((await flowOf(other).status(run.run_id)).status).toBe('running')
    // Under the contract that it began with, it goes on.
    expect((await loop.runner.resume(run.run_id)).status).toBe('completed')
    await loop.close()
  })

  it('stops it where the workflow is gone, which can still be canceled', async () => {
    const loop = await openFlow(shop, 'steps', two)
    const run = await flowOf(loop.runner).start(inputOf(loop))
    await approveRun(loop.runner, run)
    const other = loop.again({ config: { workflows: [workflowOf({ name: OTHER })] } })
    expect(await codeOf(other.resume(run.run_id))).toBe('CONTRACT_CHANGED')
    expect((await other.runs.get(run.run_id)).status).toBe('running')
    expect(await other.cancel(run.run_id)).toMatchObject({ status: 'canceled' })
    await loop.close()
  })

  it('ends it all the same when its time is over', async () => {
    const clock = fixedClock('2030-01-01T00:00:00.000Z')
    const loop = await openFlow(shop, form, {}, { clock })
    const run = await flowOf(loop.runner).start(inputOf(loop))
    clock.advance(31 * 24 * 3_600_000)
    const other = loop.again(flowChange(form, { mode: 'shadow' }), { clock })
    expect(await other.resume(run.run_id)).toMatchObject({ status: 'expired' })
    await loop.close()
  })

  const passes: readonly (readonly [string, () => FlowChange])[] = [
    ['an unrelated capability', () => ({ config: { capabilities: unrelated() } })],
    ['a description of the workflow', () => ({ workflow: { description: 'Waives a late fee.' } })],
    ['a description of a capability', () => ({ propose: { description: 'Proposes to waive a late fee.' } })],
    ['the label of its version', () => ({ workflow: { version: '2' } })],
    ['how long records are kept', () => ({ workflow: { retention: { runs_days: 3 } } })],
  ]
  it.each(passes)('lets it go on where that is %s', async (_, change) => {
    const loop = await openFlow(shop, form)
    const run = await flowOf(loop.runner).start(inputOf(loop))
    await approveRun(loop.runner, run)
    const other = loop.again(flowChange(form, change()))
    expect((await flowOf(other).continue(run.run_id)).status).toBe('waiting_apply')
    expect(await other.resume(run.run_id)).toMatchObject({ status: 'completed', version: '1' })
    await loop.close()
  })
})
