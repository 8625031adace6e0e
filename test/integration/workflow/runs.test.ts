import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run, Runner } from '../../../src/index.js'
import { type FixedClock, fixedClock } from '../../../src/testing/index.js'
import { agent, type Loop, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, codeOf, feeOf, flowOf, functionOf, inputOf, moveRow, told } from './acts.js'
import { FLOW, type FlowChange, type Form, flowChange, INSPECT, openFlow, PROPOSE, STEPS } from './waiver-flow.js'

let shop: Shop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())

const id = (run: Run) => run.proposal_id ?? ''
const read = STEPS[0] ?? {}
const waiver = STEPS[1] ?? {}
const noteRule = { note: { type: 'string', max_length: 20 } } as const

/** What a test needs at hand. */
interface World {
  readonly loop: Loop
  readonly runner: Runner
  readonly clock: FixedClock
  readonly run: Run
}

async function begun(form: Form, change: FlowChange = {}): Promise<World> {
  const clock = fixedClock('2030-01-01T00:00:00.000Z')
  const loop = await openFlow(shop, form, change, { clock })
  return { loop, runner: loop.runner, clock, run: await flowOf(loop.runner).start(inputOf(loop)) }
}

describe.each<Form>(['steps', 'function'])('a run of a workflow as %s', (form) => {
  it('waits for a decision, and goes on to its end when the operator moves it', async () => {
    const { loop, runner, run: started } = await begun(form)
    const flow = flowOf(runner)
    expect(started).toMatchObject({
      workflow: FLOW,
      status: 'waiting_approval',
      awaiting: 'reviewer',
      next_allowed_actions: ['approve', 'reject', 'request_more_info'],
      evidence_bundle_id: expect.stringMatching(/^ev_/),
      proposal_id: expect.stringMatching(/^wrp_/),
      branch: `wf_billing_waiver_flow_${started.run_id}`,
    })
    expect(told(started)).toEqual(['invoice inspect finished', 'waiver propose finished', 'decision approval waiting'])
    expect(await flow.continue(started.run_id)).toEqual(started)

    await approveRun(runner, started)
    expect(await flow.status(started.run_id)).toMatchObject({ status: 'running', next_allowed_actions: ['continue'] })
    expect(await flow.continue(started.run_id)).toMatchObject({
      status: 'waiting_apply',
      awaiting: 'worker',
      next_allowed_actions: ['apply', 'revoke'],
    })
    expect(await feeOf(shop, loop)).toBe('5500')

    const resumed = await runner.resume(started.run_id)
    expect(resumed).toMatchObject({ status: 'completed', next_allowed_actions: [], awaiting: null })
    expect(told(resumed)).toEqual([
      'invoice inspect finished',
      'waiver propose finished',
      'decision approval finished',
      'write apply finished',
      'check inspect finished',
    ])
    expect(await feeOf(shop, loop)).toBe('0')
    expect(resumed.output).toEqual(form === 'function' ? { fee: 0 } : undefined)
    expect((await runner.ledger.verify()).problems).toEqual([])
    await loop.close()
  })

  it('follows a proposal that the operator applied by hand', async () => {
    const { loop, runner, run } = await begun(form)
    await approveRun(runner, run)
    await runner.apply(id(run))
    expect(await flowOf(runner).continue(run.run_id)).toMatchObject({ status: 'completed' })
    await loop.close()
  })

  const ends: readonly {
    readonly when: string
    readonly act: (world: World) => Promise<unknown>
    readonly status: string
    readonly next: readonly string[]
    readonly by?: 'session'
  }[] = [
    {
      when: 'rejected',
      act: ({ runner, run }) => runner.reject(id(run), { approver: lead }),
      status: 'rejected',
      next: [],
    },
    {
      when: 'expired',
      act: async ({ clock }) => clock.advance(61_000),
      status: 'expired',
      next: ['propose_again'],
    },
    {
      when: 'withdrawn',
      act: ({ runner, run }) => runner.session(agent).withdraw(id(run)),
      status: 'canceled',
      next: [],
    },
    {
      when: 'revoked',
      act: async ({ runner, run }) => {
        await approveRun(runner, run)
        await runner.revoke(id(run), { approver: lead })
      },
      status: 'rejected',
      next: [],
    },
    {
      when: 'approved and its row moved',
      act: async ({ runner, run, loop }) => {
        await approveRun(runner, run)
        await moveRow(shop, loop)
      },
      status: 'conflict',
      next: ['propose_again'],
    },
    {
      when: 'approved and applied to a row that had moved',
      act: async ({ runner, run, loop }) => {
        await approveRun(runner, run)
        await moveRow(shop, loop)
        await runner.apply(id(run))
      },
      status: 'conflict',
      next: ['propose_again'],
      by: 'session',
    },
  ]
  it.each(ends)('ends as $status when its proposal is $when', async ({ act, status, next, by }) => {
    const world = await begun(form, { propose: { expires_in_seconds: 60 } })
    const { loop, runner, run } = world
    await act(world)
    const fee = await feeOf(shop, loop)
    const waiting = await flowOf(runner).status(run.run_id)
    expect(waiting).toMatchObject({ status: 'running', next_allowed_actions: ['continue'] })

    const ended = by === 'session' ? await flowOf(runner).continue(run.run_id) : await runner.resume(run.run_id)

    expect(ended).toMatchObject({ status, next_allowed_actions: next, proposal_id: run.proposal_id })
    expect(await flowOf(runner).status(run.run_id)).toEqual(ended)
    expect((await runner.runs.list({ tenant_id: 'acme' })).items).toMatchObject([{ run_id: run.run_id, status }])
    expect(await feeOf(shop, loop)).toBe(fee)
    expect(told(ended)).not.toContain('check inspect finished')
    expect((await runner.ledger.verify()).problems).toEqual([])
    await loop.close()
  })

  it('answers a reviewer with another proposal of the same run and step, which is then applied', async () => {
    const { loop, runner, run } = await begun(form)
    const flow = flowOf(runner)
    await runner.requestInformation(id(run), { approver: lead, question: 'Which outage?' })
    const asked = await flow.status(run.run_id)
    expect(asked).toMatchObject({
      status: 'waiting_information',
      question: 'Which outage?',
      awaiting: 'caller',
      next_allowed_actions: ['provide_information', 'reject'],
    })
    expect(await flow.continue(run.run_id)).toMatchObject({ status: 'waiting_information' })
    expect(await runner.resume(run.run_id)).toMatchObject({ status: 'waiting_information' })

    const bad = [
      [{ nothing: 1 }, 'INVALID_ARGUMENT'],
      // Steps that are listed say themselves which fee it is.
      [inputOf(loop, { fee: 10_001 }), form === 'steps' ? 'INVALID_ARGUMENT' : 'BOUND_EXCEEDED'],
      [inputOf(loop, { reason: 'postgres://u:secretsecret@db/x' }), 'SECRET_REFUSED'],
      // Another object would be another proposal.
      [inputOf(loop, { invoice_id: 'INV-none', fee: 0 }), 'INVALID_ARGUMENT'],
    ] as const
    for (const [information, code] of bad) {
      expect(await codeOf(flow.continue(run.run_id, information))).toBe(code)
      expect(await flow.status(run.run_id)).toMatchObject({
        status: 'waiting_information',
        question: 'Which outage?',
        proposal_id: run.proposal_id,
      })
    }

    const answered = await flow.continue(run.run_id, inputOf(loop, { reason: 'outage of May 3', fee: 0 }))
    expect(answered).toMatchObject({ status: 'waiting_approval', run_id: run.run_id })
    expect(answered.question).toBeUndefined()
    expect(answered.proposal_id).not.toBe(run.proposal_id)
    const { frozen } = await runner.proposals.get(id(answered))
    expect(frozen).toMatchObject({ run_id: run.run_id, step_key: 'waiver', supersedes: run.proposal_id })

    await approveRun(runner, answered)
    expect(await runner.resume(run.run_id)).toMatchObject({ status: 'completed', proposal_id: answered.proposal_id })
    expect(await shop.row(loop.invoice)).toMatchObject({ late_fee_cents: '0', waiver_reason: 'outage of May 3' })
    expect((await runner.ledger.verify()).problems).toEqual([])
    await loop.close()
  })

  it('waits for an answer of its caller, which has a form, and keeps it', async () => {
    const loop = await openFlow(
      shop,
      form,
      {
        workflow: {
          steps: [
            { key: 'ask', await: 'information', question: 'Which one?', input: noteRule },
            read,
            { ...waiver, args: { ...(waiver.args as object), reason: { from_step: 'ask', field: 'note' } } },
            { key: 'gate', when: { from_input: 'reason', equals: 'outage' } },
          ],
        },
      },
      form === 'steps'
        ? {}
        : functionOf(async (flow, { invoice_id }) => {
            const { note } = await flow.awaitInformation('ask', 'Which one?', noteRule)
            await flow.inspect('invoice', INSPECT, { invoice_id })
            await flow.propose('waiver', PROPOSE, { invoice_id, reason: note, fee: 0 })
          }),
    )
    const flow = flowOf(loop.runner)
    const run = await flow.start(inputOf(loop))
    const waits = { status: 'waiting_information', question: 'Which one?', awaiting: 'caller', proposal_id: null }
    expect(run).toMatchObject(waits)
    expect(await flow.continue(run.run_id)).toMatchObject(waits)
    expect(await loop.runner.resume(run.run_id)).toMatchObject(waits)
    for (const bad of [{}, { note: 1 }, { note: 'x'.repeat(21) }, { note: 'a', more: 'b' }]) {
      expect(await codeOf(flow.continue(run.run_id, bad))).toBe('INVALID_ARGUMENT')
      expect(await flow.status(run.run_id)).toMatchObject(waits)
    }
    const done = await flow.continue(run.run_id, { note: 'the second' })
    expect(done.status).toBe('completed')
    expect((await loop.runner.proposals.get(id(done))).diff).toMatchObject({ waiver_reason: { after: 'the second' } })
    await loop.close()
  })

  it('waits for an event of the app, which only the operator can tell', async () => {
    const tells = { paid: { type: 'boolean' } } as const
    const loop = await openFlow(
      shop,
      form,
      {
        workflow: {
          input: { invoice_id: { type: 'string', max_length: 64 } },
          steps: [
            { key: 'payment', await: 'external', input: tells },
            { ...read, when: { from_step: 'payment', field: 'paid', equals: true } },
          ],
        },
      },
      form === 'steps'
        ? {}
        : functionOf(async (flow, { invoice_id }) => {
            const { paid } = await flow.awaitExternal('payment', tells)
            if (paid === true) await flow.inspect('invoice', INSPECT, { invoice_id })
          }),
    )
    const flow = flowOf(loop.runner)
    const run = await flow.start({ invoice_id: loop.invoice })
    const waits = { status: 'waiting_external', awaiting: 'external', next_allowed_actions: ['continue'] }
    expect(run).toMatchObject(waits)
    expect(await flow.continue(run.run_id)).toMatchObject(waits)
    expect(await codeOf(flow.continue(run.run_id, { paid: true }))).toBe('WRONG_STATUS')
    expect(await loop.runner.resume(run.run_id)).toMatchObject(waits)
    expect(await loop.runner.resumeAll()).toEqual([])
    for (const event of [{}, { paid: 'yes' }, { paid: true, by: 'me' }]) {
      expect(await codeOf(loop.runner.resume(run.run_id, { step: 'payment', event }))).toBe('INVALID_ARGUMENT')
      expect(await flow.status(run.run_id)).toMatchObject(waits)
    }
    const done = await loop.runner.resume(run.run_id, { step: 'payment', event: { paid: true } })
    expect(done.status).toBe('completed')
    expect(told(done)).toEqual(['payment external finished', 'invoice inspect finished'])
    await loop.close()
  })

  it('refuses an event that nobody waits for', async () => {
    const { loop, runner, run } = await begun(form)
    expect(await codeOf(runner.resume(run.run_id, { step: 'payment', event: {} }))).toBe('WRONG_STATUS')
    expect(await flowOf(runner).status(run.run_id)).toEqual(run)
    await loop.close()
  })

  it('is the same run for the same key, or without one for the same input while it is open', async () => {
    const { loop, runner, run } = await begun(form)
    const flow = flowOf(runner)
    expect(await flow.start(inputOf(loop))).toEqual(run)
    await runner.cancel(run.run_id)
    const second = await flow.start(inputOf(loop))
    expect(second.run_id).not.toBe(run.run_id)
    await runner.cancel(second.run_id)

    const keyed = await flow.start(inputOf(loop), { key: 'ticket 7' })
    expect(keyed.run_id).not.toBe(second.run_id)
    expect(await flow.start(inputOf(loop), { key: 'ticket 7' })).toEqual(keyed)
    expect(await codeOf(flow.start(inputOf(loop, { reason: 'other' }), { key: 'ticket 7' }))).toBe('STEP_CONFLICT')
    await runner.cancel(keyed.run_id)
    expect(await flow.start(inputOf(loop), { key: 'ticket 7' })).toMatchObject({
      run_id: keyed.run_id,
      status: 'canceled',
    })
    const others = await flowOf(runner, { ...agent, principal: 'bot' }).start(inputOf(loop), { key: 'ticket 7' })
    expect(others.run_id).not.toBe(keyed.run_id)
    for (const key of ['', 'x'.repeat(201), '\ud800', 7 as never]) {
      expect(await codeOf(flow.start(inputOf(loop), { key }))).toBe('INVALID_ARGUMENT')
    }
    expect(await codeOf(flow.start(inputOf(loop), { key: 'sk_live_0123456789abcdef' }))).toBe('SECRET_REFUSED')
    await loop.close()
  })

  it('withdraws what waits when it is canceled, and leaves what is approved', async () => {
    const { loop, runner, run } = await begun(form)
    expect(await flowOf(runner).cancel(run.run_id)).toMatchObject({ status: 'canceled', next_allowed_actions: [] })
    expect((await runner.proposals.get(id(run))).status).toBe('canceled')

    const again = await flowOf(runner).start(inputOf(loop))
    await approveRun(runner, again)
    expect(await runner.cancel(again.run_id)).toMatchObject({ status: 'canceled' })
    expect((await runner.proposals.get(id(again))).status).toBe('approved')
    expect((await runner.ledger.verify()).problems).toEqual([])
    await loop.close()
  })

  it('expires, whoever looks at it, and is on record as expired when it is moved', async () => {
    const { loop, runner, clock, run } = await begun(form, { workflow: { expires_in_seconds: 3600 } })
    expect(run.expires_at).toBe('2030-01-01T01:00:00.000Z')
    clock.advance(3_600_000 - 1)
    expect((await flowOf(runner).status(run.run_id)).status).toBe('waiting_approval')
    clock.advance(1)
    const expired = { status: 'expired', next_allowed_actions: ['propose_again'], awaiting: 'caller' }
    expect(await flowOf(runner).status(run.run_id)).toMatchObject(expired)
    expect(await runner.resumeAll()).toMatchObject([{ run_id: run.run_id, ...expired }])
    expect((await runner.runs.list({ tenant_id: 'acme' })).items).toMatchObject([{ status: 'expired' }])
    expect(await codeOf(runner.resume(run.run_id))).toBe('WRONG_STATUS')
    await loop.close()
  })

  const failures: readonly {
    readonly what: string
    readonly code: string
    readonly change: FlowChange
    readonly input: Readonly<Record<string, string>>
    readonly steps: readonly string[]
  }[] = [
    {
      what: 'an absent row',
      code: 'NOT_FOUND',
      change: {},
      input: { invoice_id: 'INV-none' },
      // That there is none was read, and is on record.
      steps: ['invoice inspect finished'],
    },
    {
      what: 'mode read_only',
      code: 'PROPOSALS_DISABLED',
      change: { mode: 'read_only' },
      input: {},
      steps: ['invoice inspect finished', 'waiver propose failed'],
    },
    {
      what: 'a value out of bounds',
      code: 'BOUND_EXCEEDED',
      change: { propose: { numeric_bounds: { late_fee_cents: { minimum: 1, maximum: 10 } } } },
      input: {},
      steps: ['invoice inspect finished', 'waiver propose failed'],
    },
  ]
  it.each(failures)('fails with $code for $what, and can be started anew', async ({ code, change, input, steps }) => {
    const loop = await openFlow(shop, form, change)
    const flow = flowOf(loop.runner)
    const failed = await flow.start(inputOf(loop, input))
    expect(failed).toMatchObject({ status: 'failed', error: { code }, next_allowed_actions: ['propose_again'] })
    expect(told(failed)).toEqual(steps)
    const again = await flow.start(inputOf(loop, input))
    expect(again.run_id).not.toBe(failed.run_id)
    expect(again.status).toBe('failed')
    expect((await loop.runner.ledger.verify()).problems).toEqual([])
    await loop.close()
  })

  it('shows what it would do in shadow mode, and ends', async () => {
    const { loop, runner, run } = await begun(form, { mode: 'shadow' })
    expect(run.status).toBe('completed')
    expect((await runner.proposals.get(id(run))).status).toBe('shadow')
    expect(await feeOf(shop, loop)).toBe('5500')
    await loop.close()
  })

  it('asks for more people, and another role, where the risk of a capability is high', async () => {
    const approvals = [{ on_risk: 'high', required_role: 'finance', required_approvals: 2 }]
    const { loop, runner, run } = await begun(form, {
      workflow: { approvals },
      propose: { risk: 'high', on_active_proposal: 'allow', approval: {} },
    })
    const outside = await loop.propose()
    expect(outside.approval).toEqual({ required_approvals: 1, decisions: [] })
    expect((await runner.approve(outside.id, { hash: outside.hash, approver: lead })).status).toBe('approved')

    expect(await codeOf(approveRun(runner, run))).toBe('ROLE_REQUIRED')
    await runner.requestInformation(id(run), {
      approver: { id: 'fay', roles: ['finance'] },
      question: 'Why?',
    })
    const answered = await flowOf(runner).continue(run.run_id, { reason: 'because' })
    expect(await codeOf(approveRun(runner, answered))).toBe('ROLE_REQUIRED')
    await approveRun(runner, answered, { id: 'fay', roles: ['finance'] })
    expect(await runner.resume(run.run_id)).toMatchObject({ status: 'waiting_approval' })
    expect(await feeOf(shop, loop)).toBe('5500')
    await approveRun(runner, answered, { id: 'gil', roles: ['finance'] })
    expect(await runner.resume(run.run_id)).toMatchObject({ status: 'completed' })
    await loop.close()
  })

  it('does not follow an answer that went around it and asks for fewer people', async () => {
    const { loop, runner, run } = await begun(form, {
      workflow: { approvals: [{ on_risk: 'high', required_role: 'finance', required_approvals: 2 }] },
      propose: { risk: 'high', approval: {} },
    })
    await runner.requestInformation(id(run), { approver: { id: 'fay', roles: ['finance'] }, question: 'Why?' })
    const link = { run_id: run.run_id, step_key: 'waiver' }
    const around = await runner
      .session(agent)
      .provideInformation(id(run), inputOf(loop, { fee: 0 }), link)
      .catch(() => undefined)
    if (around !== undefined)
      await runner.approve(around.id, { hash: around.hash, approver: lead }).catch(() => undefined)
    await codeOf(runner.resume(run.run_id))
    expect((await flowOf(runner).status(run.run_id)).status).not.toBe('completed')
    expect(await feeOf(shop, loop)).toBe('5500')
    await loop.close()
  })

  it('is refused to a session that is not bound to what the workflow needs', async () => {
    const loop = await openFlow(shop, form, { workflow: { session_require: ['principal', 'on_behalf_of'] } })
    expect(await codeOf(flowOf(loop.runner).start(inputOf(loop)))).toBe('CONTEXT_MISSING')
    expect((await loop.runner.entries.list()).items).toEqual([])
    const bound = flowOf(loop.runner, { ...agent, on_behalf_of: 'sam' })
    expect(await bound.start(inputOf(loop))).toMatchObject({ context: { on_behalf_of: 'sam' } })
    await loop.close()
  })

  it.each([
    [{ invoice_id: 'INV-1' }, 'INVALID_ARGUMENT'],
    [{ invoice_id: 'INV-1', reason: 'x', fee: 1 }, 'INVALID_ARGUMENT'],
    [{ invoice_id: 'INV-1', reason: 'x'.repeat(201) }, 'INVALID_ARGUMENT'],
    [null, 'INVALID_ARGUMENT'],
    [{ invoice_id: 'INV-1', reason: 'AKIAABCDEFGHIJKLMNOP' }, 'SECRET_REFUSED'],
  ])('refuses the input %j, and records nothing', async (input, code) => {
    const loop = await openFlow(shop, form)
    expect(await codeOf(flowOf(loop.runner).start(input as never))).toBe(code)
    expect((await loop.runner.entries.list()).items).toEqual([])
    await loop.close()
  })

  it('is started anew by the same input when its time is over', async () => {
    const { loop, runner, clock, run } = await begun(form, {
      workflow: { expires_in_seconds: 3600 },
      propose: { on_active_proposal: 'allow' },
    })
    const keyed = await flowOf(runner).start(inputOf(loop), { key: 'k' })
    clock.advance(3_600_000)
    const anew = await flowOf(runner).start(inputOf(loop))
    expect(anew).toMatchObject({ status: 'waiting_approval' })
    expect(anew.run_id).not.toBe(run.run_id)
    expect((await runner.runs.get(run.run_id)).status).toBe('expired')
    expect(await flowOf(runner).start(inputOf(loop), { key: 'k' })).toMatchObject({
      run_id: keyed.run_id,
      status: 'expired',
    })
    await loop.close()
  })

  it('is found by resumeAll, which leaves alone what waits for people', async () => {
    const { loop, runner, run } = await begun(form)
    expect(await runner.resumeAll()).toEqual([])
    await approveRun(runner, run)
    expect(await runner.resumeAll()).toMatchObject([{ run_id: run.run_id, status: 'completed' }])
    expect(await feeOf(shop, loop)).toBe('0')
    expect(await runner.resumeAll()).toEqual([])
    await loop.close()
  })
})

describe('a condition', () => {
  const fromFee = { from_step: 'invoice', field: 'late_fee_cents' }
  const cases: readonly (readonly [object, boolean])[] = [
    [{ from_input: 'text', equals: 'a' }, true],
    [{ from_input: 'text', equals: 'A' }, false],
    [{ from_input: 'text', equals: null }, false],
    [{ from_input: 'absent', equals: null }, true],
    [{ from_input: 'text', not_equals: 'a' }, false],
    [{ from_input: 'text', not_equals: 'b' }, true],
    [{ from_input: 'text', one_of: ['b', 'a'] }, true],
    [{ from_input: 'text', one_of: ['b'] }, false],
    [{ from_input: 'number', at_least: 5 }, true],
    [{ from_input: 'number', at_least: 6 }, false],
    [{ from_input: 'number', at_most: 5 }, true],
    [{ from_input: 'number', at_most: 4 }, false],
    [{ ...fromFee, equals: 5500 }, true],
    [{ ...fromFee, not_equals: 5500 }, false],
    [{ ...fromFee, at_least: 5500 }, true],
    [{ ...fromFee, at_least: 5501 }, false],
    // What a database gives as text is compared as the number that it stands for.
    [{ from_step: 'invoice', field: 'amount', equals: 120.5 }, true],
    [{ from_step: 'invoice', field: 'amount', at_least: 120.5 }, true],
    [{ from_step: 'invoice', field: 'amount', at_least: 120.51 }, false],
    [{ from_step: 'invoice', field: 'waiver_reason', equals: null }, true],
    [{ from_step: 'invoice', field: 'waiver_reason', equals: 'a' }, false],
    [{ from_step: 'invoice', field: 'row_count', equals: 1 }, true],
  ]
  it.each(cases)('%j is %s, alone and before a step', async (when, holds) => {
    const loop = await openFlow(shop, 'steps', {
      workflow: {
        input: {
          invoice_id: { type: 'string', max_length: 64 },
          text: { type: 'string', max_length: 9 },
          number: { type: 'integer' },
          absent: { type: 'string', max_length: 9, required: false },
        },
        steps: [
          read,
          { key: 'gate', when },
          { ...read, key: 'direct', when },
          { ...read, key: 'gated', when: { from_step: 'gate', field: 'holds', equals: true } },
          { ...read, key: 'otherwise', when: { from_step: 'gate', field: 'holds', equals: false } },
          // Keeps every input in use.
          { key: 'used', when: { from_input: 'text', equals: 'a' } },
          { key: 'used_number', when: { from_input: 'number', equals: 5 } },
          { key: 'used_absent', when: { from_input: 'absent', equals: 'a' } },
        ],
      },
    })
    const run = await flowOf(loop.runner).start({ invoice_id: loop.invoice, text: 'a', number: 5 })
    expect(run.status).toBe('completed')
    const keys = run.steps.map(({ key }) => key).filter((key) => !key.startsWith('used'))
    expect(keys).toEqual(holds ? ['invoice', 'gate', 'direct', 'gated'] : ['invoice', 'gate', 'otherwise'])
    await loop.close()
  })
})

it.each<[object, object]>([
  [
    { from_step: 'invoice', field: 'customer', at_least: 1 },
    { step: 'invoice', field: 'customer' },
  ],
  [
    { from_step: 'invoice', field: 'waiver_reason', at_most: 1 },
    { step: 'invoice', field: 'waiver_reason' },
  ],
  [
    { from_step: 'invoice', field: 'late_fee_cents', equals: '5500' },
    { step: 'invoice', field: 'late_fee_cents' },
  ],
  [
    { from_step: 'invoice', field: 'customer', one_of: [1] },
    { step: 'invoice', field: 'customer' },
  ],
])('a condition that cannot be held against its value fails the run: %j', async (when, details) => {
  const loop = await openFlow(shop, 'steps', {
    workflow: { input: { invoice_id: { type: 'string' } }, steps: [read, { ...read, key: 'second', when }] },
  })
  const run = await flowOf(loop.runner).start({ invoice_id: loop.invoice })
  expect(run).toMatchObject({ status: 'failed', error: { code: 'PRECONDITION_FAILED', details } })
  expect(JSON.stringify(run.error)).not.toMatch(/5500|Ann/)
  await loop.close()
})

describe('a step that proposes', () => {
  it('gives the same whenever the run goes on', async () => {
    const made = { from_step: 'waiver', field: 'status', equals: 'pending_review' }
    const loop = await openFlow(shop, 'steps', {
      workflow: {
        steps: [read, waiver, { ...read, key: 'second', when: made }, ...STEPS.slice(2)],
      },
    })
    const run = await flowOf(loop.runner).start(inputOf(loop))
    await approveRun(loop.runner, run)
    const done = await loop.runner.resume(run.run_id)
    expect(done.status).toBe('completed')
    expect(done.steps.map(({ key }) => key)).toEqual(['invoice', 'waiver', 'second', 'decision', 'write', 'check'])
    await loop.close()
  })
})

describe('several proposals in a run', () => {
  it('are waited for each by itself', async () => {
    const second = { ...waiver, key: 'second', args: { ...(waiver.args as object), fee: { fixed: 100 } } }
    const loop = await openFlow(shop, 'steps', {
      propose: { on_active_proposal: 'allow' },
      workflow: {
        steps: [
          read,
          waiver,
          second,
          { key: 'decision', await: 'approval', of: 'waiver' },
          { key: 'write', apply: 'waiver' },
        ],
      },
    })
    const run = await flowOf(loop.runner).start(inputOf(loop))
    expect(run.proposal_id).toBe(run.steps[1]?.proposal_id)
    await approveRun(loop.runner, run)
    expect(await loop.runner.resume(run.run_id)).toMatchObject({ status: 'completed' })
    expect(await feeOf(shop, loop)).toBe('0')
    await loop.close()
  })
})

describe('evidence: required', () => {
  const unread = functionOf(async (flow, { invoice_id, reason }) => {
    await flow.propose('waiver', PROPOSE, { invoice_id, reason, fee: 0 })
  })
  it('refuses a proposal before a read of the same run', async () => {
    const loop = await openFlow(shop, 'function', {}, unread)
    await loop.runner.session(agent).inspect(INSPECT, { invoice_id: loop.invoice })
    const run = await flowOf(loop.runner).start(inputOf(loop))
    expect(run).toMatchObject({ status: 'failed', error: { code: 'EVIDENCE_REQUIRED' }, proposal_id: null })
    expect((await loop.runner.proposals.list()).items).toEqual([])
    await loop.close()
  })

  it('is not asked for by a workflow that does not say so', async () => {
    const loop = await openFlow(shop, 'function', { workflow: { evidence: undefined } }, unread)
    expect((await flowOf(loop.runner).start(inputOf(loop))).status).toBe('completed')
    await loop.close()
  })
})

describe('the output of a function', () => {
  it.each([
    ['an object', { a: [1, null, 'x'] }, { a: [1, null, 'x'] }],
    ['nothing', undefined, undefined],
    ['a date, as JSON', new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('is on record: %s', async (_, given, kept) => {
    const loop = await openFlow(
      shop,
      'function',
      {},
      functionOf(() => Promise.resolve(given)),
    )
    const run = await flowOf(loop.runner).start(inputOf(loop))
    expect(run).toMatchObject({ status: 'completed' })
    expect(run.output).toEqual(kept)
    const other = loop.again(flowChange('function'))
    expect((await other.runs.get(run.run_id)).output).toEqual(kept)
    await loop.close()
  })
})
