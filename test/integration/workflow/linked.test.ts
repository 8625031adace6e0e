import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Envelope, Link, Run } from '../../../src/index.js'
import { agent, contractOf, type Loop, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, codeOf, feeOf, inputOf, told } from './acts.js'
import { FLOW, type FlowChange, INSPECT, openFlow, PROPOSE } from './waiver-flow.js'

let shop: Shop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())

const FORBIDDEN = 'billing.inspect_other'
const FORBIDDEN_PROPOSAL = 'billing.propose_other'

/** A workflow without steps and without a function, in a contract with capabilities that it does not allow. */
async function opened(change: FlowChange = {}) {
  const [inspect, propose] = contractOf(shop, change).capabilities ?? []
  const capabilities = [inspect, propose, { ...inspect, name: FORBIDDEN }, { ...propose, name: FORBIDDEN_PROPOSAL }]
  const loop = await openFlow(
    shop,
    'function',
    { ...change, workflow: { linked: true, ...change.workflow }, config: { capabilities, ...change.config } },
    { workflows: {} },
  )
  const session = loop.runner.session(agent)
  const flow = session.workflow(FLOW)
  const run = await flow.start(inputOf(loop))
  const link = (step_key: string): Link => ({ run_id: run.run_id, step_key })
  const args = { invoice_id: loop.invoice }
  return { loop, runner: loop.runner, session, flow, run, link, args, close: loop.close }
}

const counts = async ({ runner }: Loop) => {
  const { entries, evidence, proposals } = await runner.ledger.stats()
  return { entries, evidence, proposals }
}

describe('a run whose calls come from outside', () => {
  it('waits for them, and continue follows its proposals to their end', async () => {
    const { loop, runner, session, flow, run, link, args, close } = await opened()
    expect(run).toMatchObject({ status: 'running', steps: [], proposal_id: null, evidence_bundle_id: null })
    expect(await flow.continue(run.run_id)).toMatchObject({ status: 'running' })
    const read = await session.inspect(INSPECT, args, link('read'))
    expect(await flow.continue(run.run_id)).toMatchObject({
      status: 'running',
      evidence_bundle_id: read.evidence.bundle_id,
    })
    const proposal = await session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('waive'))
    expect(proposal).toMatchObject({ run_id: run.run_id, frozen: { run_id: run.run_id, step_key: 'waive' } })
    const waiting = await flow.continue(run.run_id)
    expect(waiting).toMatchObject({ status: 'waiting_approval', proposal_id: proposal.id })
    await approveRun(runner, waiting)
    expect(await flow.continue(run.run_id)).toMatchObject({ status: 'waiting_apply' })
    expect(await feeOf(shop, loop)).toBe('5500')
    // Only its caller knows that no further call comes.
    expect(await runner.resume(run.run_id)).toMatchObject({ status: 'running' })
    const done = await flow.continue(run.run_id)
    expect(done.status).toBe('completed')
    expect(told(done)).toEqual([
      'read inspect finished',
      'waive propose finished',
      `${proposal.id}.decision approval finished`,
      `${proposal.id}.applied apply finished`,
    ])
    expect(await feeOf(shop, loop)).toBe('0')
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })

  it('takes further calls while it waits, and waits for each proposal in turn', async () => {
    const { loop, runner, session, flow, run, link, args, close } = await opened({
      propose: { on_active_proposal: 'allow' },
    })
    await session.inspect(INSPECT, args, link('read'))
    const first = await session.propose(PROPOSE, inputOf(loop, { fee: 100 }), link('first'))
    expect((await flow.continue(run.run_id)).status).toBe('waiting_approval')
    const second = await session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('second'))
    expect(await flow.continue(run.run_id)).toMatchObject({ status: 'waiting_approval', proposal_id: first.id })
    await approveRun(runner, { proposal_id: first.id })
    expect(await runner.resume(run.run_id)).toMatchObject({ status: 'waiting_approval', proposal_id: second.id })
    expect(await feeOf(shop, loop)).toBe('100')
    await runner.reject(second.id, { approver: lead })
    expect(await runner.resume(run.run_id)).toMatchObject({ status: 'rejected' })
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })

  it('answers the same step with what it was, and records nothing for it', async () => {
    const { loop, runner, session, link, args, close } = await opened()
    const read = await session.inspect(INSPECT, args, link('read'))
    const proposal = await session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('waive'))
    const before = await counts(loop)
    await shop.run(`update invoices set customer = 'Bea' where id = '${loop.invoice}'`)

    expect(await session.inspect(INSPECT, args, link('read'))).toEqual(read)
    expect(await session.inspect(INSPECT, args, { ...link('read'), call_id: 'another call' })).toEqual(read)
    expect(await session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('waive'))).toEqual(proposal)
    expect(await counts(loop)).toEqual(before)
    expect(await session.inspect(INSPECT, args, link('read again'))).toMatchObject({ data: { customer: 'Bea' } })
    expect((await runner.ledger.verify()).problems).toEqual([])
    await close()
  })

  it('answers the same step also after its end, and takes no other', async () => {
    const { loop, session, flow, run, link, args, close } = await opened()
    const read = await session.inspect(INSPECT, args, link('read'))
    await flow.cancel(run.run_id)
    const before = await counts(loop)
    expect(await session.inspect(INSPECT, args, link('read'))).toEqual(read)
    expect(await codeOf(session.inspect(INSPECT, args, link('another')))).toBe('WRONG_STATUS')
    expect(await codeOf(session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('waive')))).toBe('WRONG_STATUS')
    expect(await counts(loop)).toEqual(before)
    await close()
  })

  type Opened = Awaited<ReturnType<typeof opened>>
  const refusals: readonly (readonly [string, string, (world: Opened) => Promise<unknown>])[] = [
    [
      'other arguments under a known key',
      'STEP_CONFLICT',
      ({ session, link }) => session.inspect(INSPECT, { invoice_id: 'INV-other' }, link('read')),
    ],
    [
      'another capability under a known key',
      'STEP_CONFLICT',
      ({ session, loop, link }) => session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('read')),
    ],
    [
      'a read that the workflow does not allow',
      'WORKFLOW_NOT_ALLOWED',
      ({ session, args, link }) => session.inspect(FORBIDDEN, args, link('a')),
    ],
    [
      'a proposal that the workflow does not allow',
      'WORKFLOW_NOT_ALLOWED',
      ({ session, loop, link }) => session.propose(FORBIDDEN_PROPOSAL, inputOf(loop, { fee: 0 }), link('a')),
    ],
    [
      'a capability that nobody has',
      'WORKFLOW_NOT_ALLOWED',
      ({ session, args, link }) => session.inspect('billing.nothing', args, link('a')),
    ],
    [
      'arguments that the capability lacks',
      'INVALID_ARGUMENT',
      ({ session, link }) => session.inspect(INSPECT, { nothing: 1 }, link('a')),
    ],
    [
      'a run that is not there',
      'RUN_NOT_FOUND',
      ({ session, args }) => session.inspect(INSPECT, args, { run_id: 'run_none', step_key: 'a' }),
    ],
    [
      "somebody else's run",
      'RUN_NOT_FOUND',
      ({ runner, args, link }) =>
        runner.session({ ...agent, tenant_id: 'globex' }).inspect(INSPECT, args, link('read')),
    ],
    ['an empty key', 'INVALID_ARGUMENT', ({ session, args, link }) => session.inspect(INSPECT, args, link(''))],
    [
      'a key of 129 characters',
      'INVALID_ARGUMENT',
      ({ session, args, link }) => session.inspect(INSPECT, args, link('k'.repeat(129))),
    ],
  ]
  it.each(refusals)('refuses %s with %s', async (_, code, attempt) => {
    const world = await opened()
    const { loop, session, flow, run, link, args, close } = world
    await session.inspect(INSPECT, args, link('read'))
    const before = [await counts(loop), await flow.status(run.run_id)]
    expect(await codeOf(attempt(world))).toBe(code)
    expect([await counts(loop), await flow.status(run.run_id)]).toEqual(before)
    await close()
  })

  it('needs a read before a proposal where evidence is required, a read outside does not count', async () => {
    const { loop, session, flow, run, link, args, close } = await opened()
    await session.inspect(INSPECT, args)
    await session.inspect(INSPECT, args, { run_id: 'thread-1', step_key: 'read' })
    const before = await counts(loop)
    expect(await codeOf(session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('a')))).toBe('EVIDENCE_REQUIRED')
    expect(await counts(loop)).toEqual(before)
    expect((await flow.status(run.run_id)).status).toBe('running')
    await session.inspect(INSPECT, args, link('read'))
    expect((await session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('a'))).status).toBe('pending_review')
    await close()
  })

  it('asks for what the workflow asks for by risk', async () => {
    const { loop, session, link, args, close } = await opened({
      propose: { risk: 'high', on_active_proposal: 'allow', approval: {} },
      workflow: { approvals: [{ on_risk: 'high', required_role: 'finance', required_approvals: 2 }] },
    })
    await session.inspect(INSPECT, args, link('read'))
    const within = await session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('waive'))
    expect(within.approval).toMatchObject({ required_role: 'finance', required_approvals: 2 })
    expect((await loop.propose()).approval).toEqual({ required_approvals: 1, decisions: [] })
    await close()
  })

  it("takes the caller's answer to a reviewer, and follows the new proposal", async () => {
    const { loop, runner, session, flow, run, link, args, close } = await opened()
    await session.inspect(INSPECT, args, link('read'))
    const { id } = await session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link('waive'))
    await flow.continue(run.run_id)
    await runner.requestInformation(id, { approver: lead, question: 'Why?' })
    const answered = await flow.continue(run.run_id, inputOf(loop, { reason: 'so', fee: 0 }))
    expect(answered).toMatchObject({ status: 'waiting_approval' })
    expect(answered.proposal_id).not.toBe(id)
    await approveRun(runner, answered)
    await runner.resume(run.run_id)
    expect(await flow.continue(run.run_id)).toMatchObject({
      status: 'completed',
      proposal_id: answered.proposal_id,
    })
    expect(await shop.row(loop.invoice)).toMatchObject({ waiver_reason: 'so', late_fee_cents: '0' })
    await close()
  })

  it.each([
    ['of 128 characters', 'k'.repeat(128)],
    ['as frameworks make them', 'node:0f2c/call 1'],
    ['in other letters', 'Prüfung 📎'],
  ])('goes on to its end with a step key %s', async (_, key) => {
    const { loop, runner, session, flow, run, link, args, close } = await opened()
    await session.inspect(INSPECT, args, link('read'))
    const { id } = await session.propose(PROPOSE, inputOf(loop, { fee: 0 }), link(key))
    expect((await flow.continue(run.run_id)).status).toBe('waiting_approval')
    await approveRun(runner, { proposal_id: id })
    await runner.resume(run.run_id)
    expect((await flow.continue(run.run_id)).status).toBe('completed')
    expect(await feeOf(shop, loop)).toBe('0')
    await close()
  })
})

describe('a link in a call of a tool', () => {
  const surfaces: readonly (readonly [
    string,
    (loop: Loop, name: string, args: unknown, link: Link) => Promise<Envelope>,
  ])[] = [
    ['session.call', ({ runner }, name, args, link) => runner.session(agent).call(name, args, link)],
    [
      'a tool definition',
      ({ runner }, name, args, link) => {
        const tool = runner
          .session(agent)
          .tools()
          .find(({ capability }) => capability === name)
        if (tool === undefined) throw new Error(`There is no tool ${name}.`)
        return tool.call(args, link)
      },
    ],
    [
      'the options of tools',
      ({ runner }, name, args, link) =>
        runner
          .session(agent)
          .toolset({ link: (host: unknown) => host as Link })
          .named(name)
          .call(args, undefined, link),
    ],
  ]
  it.each(surfaces)('joins the run: %s', async (_, call) => {
    const { loop, runner, flow, run, link, args, close } = await opened()
    const read = await call(loop, INSPECT, args, link('read'))
    expect(read).toMatchObject({ ok: true })
    expect(await call(loop, INSPECT, JSON.stringify(args), link('read'))).toMatchObject({ evidence: read.evidence })
    expect(await call(loop, FORBIDDEN, args, link('a'))).toMatchObject({ error: { code: 'WORKFLOW_NOT_ALLOWED' } })
    const proposed = await call(loop, PROPOSE, inputOf(loop, { fee: 0 }), link('waive'))
    expect(proposed).toMatchObject({ ok: true, source_database_changed: false })
    expect(await call(loop, PROPOSE, inputOf(loop, { fee: 1 }), link('waive'))).toMatchObject({
      error: { code: 'STEP_CONFLICT' },
    })
    const status: Run = await flow.continue(run.run_id)
    expect(status).toMatchObject({ status: 'waiting_approval', proposal_id: proposed.proposal?.id })
    expect((await runner.evidence.list()).items).toHaveLength(2)
    await close()
  })

  it('that starts a workflow is the key of the run', async () => {
    const { loop, runner, close } = await opened()
    const session = runner.session(agent)
    const link = { run_id: 'thread-1', step_key: 'step-1' }
    const start = async (change = {}, at = link) => session.call(FLOW, inputOf(loop, change), at)
    const first = await start()
    expect(first).toMatchObject({ ok: true, kind: 'workflow', run: { status: 'running' } })
    expect((await start()).run?.run_id).toBe(first.run?.run_id)
    expect(await start({ reason: 'other' })).toMatchObject({ error: { code: 'STEP_CONFLICT' } })
    expect((await start({}, { ...link, step_key: 'step-2' })).run?.run_id).not.toBe(first.run?.run_id)
    await close()
  })

  it('that starts a workflow means one step, however long its names are', async () => {
    const { loop, runner, close } = await opened()
    const session = runner.session(agent)
    const long = 'l'.repeat(128)
    const links = [
      { run_id: long, step_key: `${long.slice(1)}1` },
      { run_id: long, step_key: `${long.slice(1)}2` },
      { run_id: 'a/b', step_key: 'c' },
      { run_id: 'a', step_key: 'b/c' },
    ]
    const ids = []
    for (const link of links) ids.push((await session.call(FLOW, inputOf(loop), link)).run?.run_id)
    expect(new Set(ids).size).toBe(links.length)
    await close()
  })
})

it("a link with a host's own name of a run is only recorded", async () => {
  const { loop, runner, session, args, close } = await opened()
  const link = { run_id: 'thread-1', step_key: 'a' }
  const first = await session.inspect(FORBIDDEN, args, link)
  const again = await session.inspect(FORBIDDEN, args, link)
  expect(again.evidence.bundle_id).not.toBe(first.evidence.bundle_id)
  const proposal = await session.propose(FORBIDDEN_PROPOSAL, inputOf(loop, { fee: 0 }), link)
  expect(proposal.frozen).toMatchObject({ run_id: 'thread-1', step_key: 'a' })
  expect(await runner.evidence.get(first.evidence.bundle_id)).toMatchObject({ run_id: 'thread-1', step_key: 'a' })
  expect((await runner.runs.list()).items).toHaveLength(1)
  await close()
})
