import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRunner, type Flow, type Run, type Runner, RunnerError } from '../../../src/index.js'
import { fixedClock } from '../../../src/testing/index.js'
import { contractOf, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { type Args, approveRun, codeOf, feeOf, flowOf, functionOf, inputOf, told } from './acts.js'
import { FLOW, flowChange, INSPECT, openFlow, PROPOSE, workflowOf } from './waiver-flow.js'

let shop: Shop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())

const change = flowChange('function')
const tells = { n: { type: 'integer' } } as const

/** A loop whose workflow is this function, its input, and another process with the same or another one. */
async function open(work: (flow: Flow, input: Args) => unknown, more = {}) {
  const loop = await openFlow(shop, 'function', {}, { ...functionOf(work), ...more })
  const flow = flowOf(loop.runner)
  return {
    loop,
    flow,
    runner: loop.runner,
    start: () => flow.start(inputOf(loop)),
    other: (otherwise = work): Runner => loop.again(change, functionOf(otherwise)),
    close: loop.close,
  }
}

async function onlyRun(runner: Runner): Promise<Run> {
  const [found] = (await runner.runs.list()).items
  return runner.runs.get(found?.run_id ?? '')
}

describe('what is on record', () => {
  it('is not done again in other processes', async () => {
    const done: string[] = []
    const seen: unknown[][] = []
    const work = async (flow: Flow, { invoice_id, reason }: Args) => {
      const saw: unknown[] = []
      seen.push(saw)
      saw.push(await flow.step('first', () => ({ n: done.push('first') })))
      const read = await flow.inspect('invoice', INSPECT, { invoice_id })
      saw.push(read)
      const proposal = await flow.propose('waiver', PROPOSE, { invoice_id, reason, fee: 0 })
      saw.push(proposal)
      saw.push(await flow.awaitExternal('event', tells))
      saw.push(await flow.step('second', () => done.push('second')))
      saw.push(await flow.awaitInformation('ask', 'Why?', { why: { type: 'string' } }))
      saw.push(await flow.awaitDecision('decision', proposal))
      saw.push(await flow.step('third', () => void done.push('third')))
      saw.push(await flow.awaitApplied('write', proposal.id))
      return flow.step('last', () => done.push('last'))
    }
    const { loop, runner, start, other, close } = await open(work)
    const run = await start()
    expect(run.status).toBe('waiting_external')
    expect((await other().resume(run.run_id, { step: 'event', event: { n: 7 } })).status).toBe('waiting_information')
    expect((await flowOf(other()).continue(run.run_id, { why: 'so' })).status).toBe('waiting_approval')
    await approveRun(runner, run)
    expect((await flowOf(other()).continue(run.run_id)).status).toBe('waiting_apply')
    expect(await other().resume(run.run_id)).toMatchObject({ status: 'completed', output: 4 })

    expect(done).toEqual(['first', 'second', 'third', 'last'])
    expect(seen).toHaveLength(5)
    const all = seen.at(-1) ?? []
    expect(all).toMatchObject([
      { n: 1 },
      { data: { late_fee_cents: 5500 } },
      { id: run.proposal_id },
      { n: 7 },
      2,
      { why: 'so' },
      { status: 'approved', proposal_id: run.proposal_id },
      null,
      { status: 'applied', proposal_id: run.proposal_id },
    ])
    // Each pass saw what the one before had seen.
    for (const saw of seen) expect(saw).toEqual(all.slice(0, saw.length))
    expect(await feeOf(shop, loop)).toBe('0')
    expect((await runner.evidence.list()).items).toHaveLength(2)
    expect((await runner.proposals.list()).items).toHaveLength(1)
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })

  it('is not moved by what the function does to its input and to what it is given', async () => {
    const meddle = (value: unknown) => Reflect.set(value as object, 'reason', 'meddled')
    const work = async (flow: Flow, input: Args) => {
      const before = input.reason
      meddle(input)
      const output = await flow.step('value', () => ({ reason: 'kept' }))
      const shown = { ...output }
      meddle(output)
      const told = await flow.awaitExternal('event', { reason: { type: 'string' } })
      const heard = { ...told }
      meddle(told)
      return [before, shown, heard]
    }
    const { runner, start, other, close } = await open(work)
    const run = await start()
    expect(run.input).toMatchObject({ reason: 'outage' })
    const done = await other().resume(run.run_id, { step: 'event', event: { reason: 'told' } })
    expect(done.output).toEqual(['outage', { reason: 'kept' }, { reason: 'told' }])
    expect((await runner.runs.get(run.run_id)).input).toMatchObject({ reason: 'outage' })
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })
})

describe('a function that takes other steps than on record', () => {
  type Pass = (flow: Flow, input: Args) => Promise<unknown>
  const usual: Pass = async (flow, { invoice_id }) => {
    await flow.step('a', () => 1)
    await flow.inspect('b', INSPECT, { invoice_id })
    await flow.awaitExternal('event', tells)
  }
  const others: readonly (readonly [string, Pass])[] = [
    [
      'another argument',
      async (flow) => {
        await flow.step('a', () => 1)
        await flow.inspect('b', INSPECT, { invoice_id: 'INV-other' })
        await flow.awaitExternal('event', tells)
      },
    ],
    [
      'another order',
      async (flow, { invoice_id }) => {
        await flow.inspect('b', INSPECT, { invoice_id })
        await flow.step('a', () => 1)
        await flow.awaitExternal('event', tells)
      },
    ],
    [
      'another kind',
      async (flow, { invoice_id }) => {
        await flow.inspect('a', INSPECT, { invoice_id })
        await flow.awaitExternal('event', tells)
      },
    ],
    [
      'a step left out',
      async (flow) => {
        await flow.step('a', () => 1)
        await flow.awaitExternal('event', tells)
      },
    ],
    ['no steps', async () => undefined],
    [
      'a step more',
      async (flow, { invoice_id }) => {
        await flow.step('a', () => 1)
        await flow.step('more', () => 1)
        await flow.inspect('b', INSPECT, { invoice_id })
        await flow.awaitExternal('event', tells)
      },
    ],
    [
      'a key twice',
      async (flow) => {
        await flow.step('a', () => 1)
        await flow.step('a', () => 1)
      },
    ],
    [
      'another event',
      async (flow, { invoice_id }) => {
        await flow.step('a', () => 1)
        await flow.inspect('b', INSPECT, { invoice_id })
        await flow.awaitExternal('event', { m: { type: 'integer' } })
      },
    ],
    [
      'another argument, and catches what is thrown',
      async (flow) => {
        await flow.step('a', () => 1)
        await flow.inspect('b', INSPECT, { invoice_id: 'INV-other' }).catch(() => undefined)
        await flow.awaitExternal('event', tells).catch(() => undefined)
        return 'went on'
      },
    ],
  ]
  it.each(others)('is refused: %s', async (_, otherwise) => {
    const { runner, start, other, close } = await open(usual)
    const run = await start()
    const wrong = other(otherwise)
    expect(await codeOf(wrong.resume(run.run_id, { step: 'event', event: { n: 1 } }))).toBe('STEP_CONFLICT')
    expect(await runner.runs.get(run.run_id)).toMatchObject({ status: 'waiting_external' })
    expect(told(await runner.runs.get(run.run_id))).toEqual(told(run))
    expect((await other().resume(run.run_id, { step: 'event', event: { n: 1 } })).status).toBe('completed')
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })

  const wrongAtOnce: readonly (readonly [string, Pass])[] = [
    [
      'a key twice',
      async (flow) => {
        await flow.step('a', () => 1)
        await flow.step('a', () => 1)
      },
    ],
    ['a step that is not awaited', async (flow, { invoice_id }) => void flow.inspect('a', INSPECT, { invoice_id })],
    [
      'two at a time',
      (flow, { invoice_id }) =>
        Promise.all([flow.inspect('a', INSPECT, { invoice_id }), flow.inspect('b', INSPECT, { invoice_id })]),
    ],
    ['a step within a step', (flow) => flow.step('a', () => flow.step('b', () => 1))],
    ['an empty key', (flow) => flow.step('', () => 1)],
    ['a key with a blank', (flow) => flow.step('a b', () => 1)],
    ['a key of 129 characters', (flow) => flow.step('a'.repeat(129), () => 1)],
    ['no key', (flow) => flow.step(undefined as never, () => 1)],
  ]
  it.each(wrongAtOnce)('is refused at once: %s', async (_, work) => {
    const { runner, start, close } = await open(work)
    expect(await codeOf(start())).toBe('STEP_CONFLICT')
    await new Promise((resolve) => setTimeout(resolve, 20))
    const run = await onlyRun(runner)
    expect(run.status).toBe('running')
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })

  it.each([
    ['a capability that the workflow does not allow', 'WORKFLOW_NOT_ALLOWED', 'billing.nothing', {}],
    ['an argument that the capability lacks', 'INVALID_ARGUMENT', INSPECT, { nothing: 1 }],
  ])('fails for %s', async (_, code, name, args) => {
    const { start, close } = await open((flow) => flow.inspect('a', name, args))
    expect(await start()).toMatchObject({ status: 'failed', error: { code } })
    await close()
  })
})

describe('a function of the app', () => {
  it.each([
    ['too long', () => 'x'.repeat(65_536), 'RESULT_TOO_LARGE'],
    ['a secret', () => ({ token: 'sk_live_0123456789abcdef' }), 'SECRET_REFUSED'],
  ])('fails the run with an output that is %s, and is not run again', async (_, give, code) => {
    let times = 0
    const { runner, start, close } = await open((flow) =>
      flow.step('a', () => {
        times += 1
        return give()
      }),
    )
    const run = await start()
    expect(run).toMatchObject({
      status: 'failed',
      error: { code },
      steps: [{ key: 'a', status: 'failed', error: code }],
    })
    expect(times).toBe(1)
    const entries = JSON.stringify((await runner.entries.list({ subject: run.run_id })).items)
    expect(entries).not.toContain('sk_live')
    expect(entries).not.toContain('xxxxxxxx')
    await close()
  })

  const circular: { self?: unknown } = {}
  circular.self = circular
  it.each([
    ['a bigint', 1n],
    ['not a number', Number.NaN],
    ['a function', () => 1],
    ['a circle', circular],
  ])('fails the run with an output that JSON cannot say, and is not run again: %s', async (_, given) => {
    let times = 0
    const work = (flow: Flow) =>
      flow.step('a', () => {
        times += 1
        return given
      })
    const { start, close } = await open(work)
    expect(await start()).toMatchObject({
      status: 'failed',
      error: { code: 'INVALID_ARGUMENT' },
      steps: [{ key: 'a', status: 'failed' }],
    })
    expect(times).toBe(1)
    await close()
  })

  it('takes the longest output', async () => {
    const text = 'x'.repeat(65_534)
    const { start, close } = await open((flow) => flow.step('a', () => text))
    expect(await start()).toMatchObject({ status: 'completed', output: text })
    await close()
  })

  it('that throws leaves the run as it is, to be moved again at once', async () => {
    let times = 0
    const work = (flow: Flow) =>
      flow.step('a', () => {
        times += 1
        if (times < 3) throw new Error('card declined')
        return times
      })
    const { runner, start, other, close } = await open(work)
    const thrown = await start().catch((error: unknown) => error)
    expect(thrown).toMatchObject({
      code: 'STEP_FAILED',
      retry: 'same_request',
      details: { step: 'a' },
      cause: { message: 'card declined' },
    })
    const run = await onlyRun(runner)
    expect(run).toMatchObject({ status: 'running', steps: [{ key: 'a', status: 'started' }] })
    expect(await codeOf(flowOf(runner).continue(run.run_id))).toBe('STEP_FAILED')
    expect(await other().resume(run.run_id)).toMatchObject({ status: 'completed', output: 3 })
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })

  it('that throws cannot be caught, since it may not throw again', async () => {
    let times = 0
    let caught = 0
    const work = async (flow: Flow) => {
      try {
        await flow.step('pay', () => {
          times += 1
          if (times === 1) throw new Error('no line')
        })
      } catch {
        caught += 1
        await flow.step('pay by hand', () => 1)
      }
    }
    const { runner, start, other, close } = await open(work)
    expect(await codeOf(start())).toBe('STEP_FAILED')
    const { run_id } = await onlyRun(runner)
    expect(told(await other().resume(run_id))).toEqual(['pay function finished'])
    expect(caught).toBe(0)
    await close()
  })

  it('that throws a lasting error of ours fails the run', async () => {
    const { start, close } = await open((flow) =>
      flow.step('a', () => {
        throw new RunnerError('NOT_FOUND', 'No such customer.')
      }),
    )
    expect(await start()).toMatchObject({
      status: 'failed',
      error: { code: 'NOT_FOUND', message: 'No such customer.' },
    })
    await close()
  })

  it('may catch the lasting error of a step, and is told it again each time', async () => {
    const caught: unknown[] = []
    const { start, other, close } = await open(async (flow) => {
      await flow
        .inspect('a', INSPECT, { invoice_id: 'INV-none' })
        .catch(({ code, message }) => caught.push([code, message]))
      await flow.awaitExternal('event', tells)
    })
    const run = await start()
    expect((await other().resume(run.run_id, { step: 'event', event: { n: 1 } })).status).toBe('completed')
    expect(caught[0]).toEqual(['NOT_FOUND', expect.any(String)])
    expect(caught[1]).toEqual(caught[0])
    await close()
  })
})

describe('a step that is running', () => {
  const lease_ms = 5000
  async function running() {
    const clock = fixedClock('2030-01-01T00:00:00.000Z')
    let times = 0
    let finish: (value: string) => void = () => undefined
    let began: () => void = () => undefined
    const beginning = new Promise<void>((resolve) => {
      began = resolve
    })
    const hanging = (flow: Flow) =>
      flow.step(
        'a',
        () => {
          times += 1
          began()
          return new Promise<string>((resolve) => {
            finish = resolve
          })
        },
        { lease_ms },
      )
    const world = await open(hanging, { clock })
    const first = world.start()
    await beginning
    const second = world.loop.again(change, {
      ...functionOf((flow) =>
        flow.step('a', () => {
          times += 1
          return 'second'
        }),
      ),
      clock,
    })
    return { ...world, first, second, clock, times: () => times, finish: (value: string) => finish(value) }
  }

  it('is left alone by other processes, which do not take its result from it', async () => {
    const { first, second, runner, times, finish, clock, loop, close } = await running()
    const { run_id } = await onlyRun(runner)
    clock.advance(lease_ms - 1)
    const looks = { status: 'running', steps: [{ key: 'a', status: 'started' }] }
    expect(await flowOf(second).continue(run_id)).toMatchObject(looks)
    expect(await flowOf(second).start(inputOf(loop))).toMatchObject(looks)
    expect(await second.resume(run_id)).toMatchObject(looks)
    expect(await second.resumeAll()).toEqual([])
    expect(times()).toBe(1)
    finish('first')
    expect(await first).toMatchObject({ status: 'completed', output: 'first' })
    expect(times()).toBe(1)
    await close()
  })

  it('counts as lost when its lease is over, and is run by another', async () => {
    const { first, second, runner, times, finish, clock, close } = await running()
    const { run_id } = await onlyRun(runner)
    clock.advance(lease_ms)
    expect(await second.resume(run_id)).toMatchObject({ status: 'completed', output: 'second' })
    expect(times()).toBe(2)
    finish('first')
    expect(await first).toMatchObject({ status: 'completed', output: 'second' })
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })

  it('cannot bring back a run that was canceled meanwhile', async () => {
    const { first, second, runner, finish, close } = await running()
    const { run_id } = await onlyRun(runner)
    expect((await second.cancel(run_id)).status).toBe('canceled')
    finish('first')
    expect(await codeOf(first)).toBe('fulfilled')
    expect(await runner.runs.get(run_id)).toMatchObject({ status: 'canceled', steps: [{ status: 'started' }] })
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })
})

describe('a function that catches everything', () => {
  it.each(['rejected', 'waiting'])('does not get past a proposal that is %s', async (how) => {
    let passed = false
    const work = async (flow: Flow, { invoice_id, reason }: Args) => {
      await flow.inspect('invoice', INSPECT, { invoice_id })
      const proposal = await flow.propose('waiver', PROPOSE, { invoice_id, reason, fee: 0 })
      try {
        await flow.awaitDecision('decision', proposal)
      } catch {
        passed = true
      } finally {
        passed ||= how === 'rejected'
      }
      passed = true
      await flow.awaitApplied('write', proposal).catch(() => undefined)
    }
    const { loop, runner, start, other, close } = await open(work)
    const run = await start()
    if (how === 'rejected') await runner.reject(run.proposal_id ?? '', { approver: lead })
    const after = await other().resume(run.run_id)
    expect(after.status).toBe(how === 'rejected' ? 'rejected' : 'waiting_approval')
    expect(passed).toBe(false)
    expect(await feeOf(shop, loop)).toBe('5500')
    await close()
  })

  it.each(['awaitDecision', 'awaitApplied'] as const)('%s takes no proposal of anybody else', async (wait) => {
    let id = ''
    const { loop, runner, start, other, close } = await open((flow) => flow[wait]('write', id))
    const approved = await loop.approved()
    id = approved.id
    for (const given of [approved.id, `wrp://${approved.id}`, 'wrp_none', '']) {
      id = given
      expect(await codeOf(start())).toBe('PROPOSAL_NOT_FOUND')
      const { run_id } = await onlyRun(runner)
      expect(await codeOf(other().resume(run_id))).toBe('PROPOSAL_NOT_FOUND')
      expect(await runner.runs.get(run_id)).toMatchObject({ status: 'running', proposal_id: null })
      await runner.cancel(run_id)
    }
    expect(await feeOf(shop, loop)).toBe('5500')
    expect((await runner.proposals.get(approved.id)).status).toBe('approved')
    await close()
  })

  it('may name its proposal by what a decision gave', async () => {
    const { loop, runner, start, other, close } = await open(async (flow, { invoice_id, reason }) => {
      await flow.inspect('invoice', INSPECT, { invoice_id })
      const proposal = await flow.propose('waiver', PROPOSE, { invoice_id, reason, fee: 0 })
      const { proposal_id } = await flow.awaitDecision('decision', proposal)
      await flow.awaitApplied('write', proposal_id)
    })
    const run = await start()
    await runner.requestInformation(run.proposal_id ?? '', { approver: lead, question: 'Why?' })
    const answered = await flowOf(other()).continue(run.run_id, inputOf(loop, { fee: 0, reason: 'so' }))
    await approveRun(runner, answered)
    expect((await flowOf(other()).continue(run.run_id)).status).toBe('waiting_apply')
    expect(await other().resume(run.run_id)).toMatchObject({ status: 'completed', proposal_id: answered.proposal_id })
    await close()
  })

  it('cannot have applied what nobody has approved', async () => {
    const { loop, runner, start, close } = await open(async (flow, { invoice_id, reason }) => {
      await flow.inspect('invoice', INSPECT, { invoice_id })
      const { id } = await flow.propose('waiver', PROPOSE, { invoice_id, reason, fee: 0 })
      await flow.awaitApplied('write', id)
    })
    const run = await start()
    expect(run.status).toBe('waiting_approval')
    expect((await runner.resume(run.run_id)).status).toBe('waiting_approval')
    expect(await feeOf(shop, loop)).toBe('5500')
    await approveRun(runner, run)
    expect((await flowOf(runner).continue(run.run_id)).status).toBe('waiting_apply')
    expect((await runner.resume(run.run_id)).status).toBe('completed')
    await close()
  })
})

describe('the functions of a process', () => {
  it('must hold that of a run that it moves', async () => {
    const warnings: unknown[] = []
    const { loop, runner, start, close } = await open((flow) => flow.awaitExternal('event', tells))
    const run = await start()
    const without = loop.again(change, {
      workflows: {},
      logger: { info: () => undefined, warn: (_, details) => warnings.push(details) },
    })
    expect(await codeOf(without.resume(run.run_id, { step: 'event', event: { n: 1 } }))).toBe('EXECUTOR_UNAVAILABLE')
    expect((await without.runs.get(run.run_id)).status).toBe('waiting_external')
    expect((await runner.resume(run.run_id, { step: 'event', event: { n: 1 } })).status).toBe('completed')
    await close()
  })

  it('are told to the log by resumeAll where one is missing', async () => {
    const warnings: unknown[] = []
    let fails = true
    const { loop, runner, start, close } = await open((flow) =>
      flow.step('a', () => {
        if (fails) throw new Error('not yet')
      }),
    )
    await codeOf(start())
    const { run_id } = await onlyRun(runner)
    const without = loop.again(change, {
      workflows: {},
      logger: { info: () => undefined, warn: (_, details) => warnings.push(details) },
    })
    expect(await without.resumeAll()).toEqual([])
    expect(warnings).toEqual([{ run_id, code: 'EXECUTOR_UNAVAILABLE' }])
    fails = false
    expect(await runner.resumeAll()).toMatchObject([{ run_id, status: 'completed' }])
    await close()
  })

  it.each([
    ['that the contract lacks', { 'billing.nothing': () => undefined }, {}],
    ['of a workflow with steps', { [FLOW]: () => undefined }, { workflows: [workflowOf()] }],
    ['that is none', { [FLOW]: 'work' as never }, change.config],
    ['of a capability', { [INSPECT]: () => undefined }, change.config],
  ])('are refused at the start: one %s', (_, workflows, config) => {
    expect(() => createRunner(contractOf(shop, { config: { ...config } }), { workflows, ledger: ':memory:' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })
})

describe('what is brought to a run', () => {
  const yes = { yes: { type: 'boolean' } } as const

  it('moves one wait, however often it is delivered', async () => {
    const { runner, start, close } = await open(async (flow) => {
      await flow.awaitExternal('paid', tells)
      await flow.awaitExternal('returned', tells)
    })
    const { run_id, waiting_for } = await start()
    expect(waiting_for).toBe('paid')
    const deliver = (step: string, n: number) => runner.resume(run_id, { step, event: { n } })
    for (let times = 0; times < 3; times++) {
      expect(await deliver('paid', 1)).toMatchObject({ status: 'waiting_external', waiting_for: 'returned' })
    }
    expect(await codeOf(deliver('paid', 2))).toBe('STEP_CONFLICT')
    expect(await codeOf(deliver('elsewhere', 1))).toBe('WRONG_STATUS')
    expect(await deliver('returned', 1)).toMatchObject({ status: 'completed' })
    expect(await deliver('returned', 1)).toMatchObject({ status: 'completed' })
    await close()
  })

  it('answers the question that it names, and no other', async () => {
    const { flow, start, close } = await open(async (steps) => {
      await steps.awaitInformation('broken', 'Is it broken?', yes)
      await steps.awaitInformation('waived', 'Do you waive all claims?', yes)
    })
    const { run_id } = await start()
    const answer = (step: string, value: boolean) => flow.continue(run_id, { yes: value }, { step })
    expect(await answer('broken', true)).toMatchObject({ waiting_for: 'waived' })
    expect(await answer('broken', true)).toMatchObject({ waiting_for: 'waived', question: 'Do you waive all claims?' })
    expect(await codeOf(answer('broken', false))).toBe('STEP_CONFLICT')
    expect(await answer('waived', false)).toMatchObject({ status: 'completed' })
    await close()
  })

  it.each<[string, (runner: Runner, run_id: string) => Promise<unknown>]>([
    ['an event without its step', (runner, run_id) => runner.resume(run_id, { event: { n: 1 } })],
    ['a step without an event', (runner, run_id) => runner.resume(run_id, { step: 'paid' })],
    ['an option that is none', (runner, run_id) => runner.resume(run_id, { evnt: { n: 1 } } as object)],
    ['a key that is misspelled', (runner) => flowOf(runner).start({} as never, { kye: 'a' } as object)],
  ])('is refused with %s', async (_, attempt) => {
    const { runner, start, close } = await open((flow) => flow.awaitExternal('paid', tells))
    const { run_id } = await start()
    expect(await codeOf(attempt(runner, run_id))).toBe('INVALID_ARGUMENT')
    await close()
  })
})

describe('a run that has ended', () => {
  it('withdraws what it proposed besides', async () => {
    const allow = flowChange('function', { propose: { on_active_proposal: 'allow' } })
    const work = async (flow: Flow, { invoice_id }: Args) => {
      await flow.inspect('read', INSPECT, { invoice_id })
      const [first, second] = [
        await flow.propose('first', PROPOSE, { invoice_id, reason: 'a', fee: 0 }),
        await flow.propose('second', PROPOSE, { invoice_id, reason: 'b', fee: 1 }),
      ]
      await flow.awaitDecision('first_decision', first)
      await flow.awaitDecision('second_decision', second)
    }
    const { loop, close } = await open(work)
    const runner = loop.again(allow, functionOf(work))
    const run = await flowOf(runner).start(inputOf(loop))
    await runner.reject(run.proposal_id ?? '', { approver: lead })
    expect(await runner.resume(run.run_id)).toMatchObject({ status: 'rejected' })
    expect((await runner.proposals.list()).items.map(({ status }) => status)).toEqual(['canceled', 'rejected'])
    await close()
  })

  it('does nothing any more in a function that goes on all the same', async () => {
    let gone: Promise<unknown> = Promise.resolve()
    const work = async (flow: Flow, { invoice_id }: Args) => {
      await Promise.race([
        flow.step('mail', () => Promise.reject(new Error('no line'))),
        new Promise((resolve) => setTimeout(resolve, 20)),
      ])
      gone = flow.inspect('late', INSPECT, { invoice_id })
      await gone
    }
    const { runner, start, close } = await open(work)
    expect(await codeOf(start())).toBe('STEP_FAILED')
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(told(await onlyRun(runner))).toEqual(['mail function started'])
    expect((await runner.evidence.list()).items).toEqual([])
    await close()
  })
})

it('takes a known step with arguments that do not even fit for another one', async () => {
  const { start, other, close } = await open(async (flow, { invoice_id }) => {
    await flow.inspect('read', INSPECT, { invoice_id })
    await flow.awaitExternal('event', tells)
  })
  const { run_id } = await start()
  const wrong = other(async (flow) => {
    await flow.inspect('read', INSPECT, { invoice_id: 7 })
    await flow.awaitExternal('event', tells)
  })
  expect(await codeOf(wrong.resume(run_id, { step: 'event', event: { n: 1 } }))).toBe('STEP_CONFLICT')
  const asks = other(async (flow, { invoice_id }) => {
    await flow.inspect('read', INSPECT, { invoice_id })
    await flow.awaitExternal('event', { n: { type: 'string' } })
  })
  expect(await codeOf(asks.resume(run_id, { step: 'event', event: { n: '1' } }))).toBe('STEP_CONFLICT')
  expect(await other().resume(run_id, { step: 'event', event: { n: 1 } })).toMatchObject({ status: 'completed' })
  await close()
})

it.each<[string, (flow: Flow) => Promise<unknown>]>([
  ['a lease of five hours', (flow) => flow.step('a', () => 1, { lease_ms: 18_000_000 })],
  ['a lease that is no number', (flow) => flow.step('a', () => 1, { lease_ms: Number.NaN })],
  ['no function', (flow) => flow.step('a', undefined as never)],
  ['no question', (flow) => flow.awaitInformation('a', undefined as never, tells)],
  ['an answer of an unknown type', (flow) => flow.awaitInformation('a', 'Why?', { b: { type: 'strng' } } as never)],
  ['an answer that names a tenant', (flow) => flow.awaitInformation('a', 'Who?', { tenant_id: { type: 'string' } })],
])('fails the run of a function whose step has %s', async (_, work) => {
  const { start, close } = await open(work)
  expect(await start()).toMatchObject({ status: 'failed', error: { code: 'INVALID_ARGUMENT' }, steps: [] })
  await close()
})
