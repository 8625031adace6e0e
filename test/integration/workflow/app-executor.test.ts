import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Run } from '../../../src/index.js'
import { type FixedClock, fixedClock } from '../../../src/testing/index.js'
import { type App, type Behaviour, openApp } from '../executors/app.js'
import { changeOf, SECRET, TOKEN } from '../executors/desk.js'
import { agent, type Loop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, codeOf, flowOf, inputOf, told } from './acts.js'
import { FLOW, type Form, flowChange, flowRuntime, INSPECT, openFlow, PROPOSE } from './waiver-flow.js'

const TIME_OF_A_RUN_MS = 3_600_000

const NO_CHANGE = { rows_affected: 0, source_database_mutated: false }
const SETTLED = { next_allowed_actions: ['reconcile'], awaiting: 'worker' }
const WAITING = { next_allowed_actions: ['apply', 'revoke'], awaiting: 'worker' }
const OVER = { next_allowed_actions: [], awaiting: null }
const EXPIRED = { status: 'expired', next_allowed_actions: ['propose_again'], awaiting: 'caller' }

const DONE = [
  'invoice inspect finished',
  'waiver propose finished',
  'decision approval finished',
  'write apply finished',
  'check inspect finished',
]

/** Makes the change, and is cut off before it says so. */
const cutOff: Behaviour = async ({ perform, response }) => {
  await perform()
  response.socket?.destroy()
}

/** Is cut off before it makes the change. */
const silent: Behaviour = ({ response }) => void response.socket?.destroy()

async function urlOfNoApp(shop: Shop): Promise<string> {
  const app = await openApp(shop)
  await app.close()
  return app.url
}

describe.each<Form>(['steps', 'function'])('a run as %s whose change an app makes', (form) => {
  let shop: Shop
  let app: App
  let clock: FixedClock
  let loop: Loop
  let run: Run
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(() => shop.drop())
  beforeEach(async () => {
    clock = fixedClock('2030-01-01T00:00:00.000Z')
    app = await openApp(shop)
    loop = await openFlow(shop, form, appChange(), runtimeOf(app.url))
    run = await flowOf(loop.runner).start(inputOf(loop))
    await approveRun(loop.runner, run)
  })
  afterEach(async () => {
    await loop.close()
    await app.close()
  })

  const workflow = { expires_in_seconds: TIME_OF_A_RUN_MS / 1000 }
  const appChange = () => ({ ...changeOf({ executor: { timeout_ms: 700 } }), workflow })
  const runtimeOf = (url: string) =>
    flowRuntime(form, { clock, env: { ...shop.env, APP_URL: url, APP_TOKEN: TOKEN, APP_SECRET: SECRET } })
  const id = () => run.proposal_id ?? ''
  const status = () => flowOf(loop.runner).status(run.run_id)
  const resume = () => loop.runner.resume(run.run_id)
  const entries = async () => (await loop.runner.entries.list({ subject: run.run_id })).items.map(({ type }) => type)

  const endsWell = async (done: Run) => {
    expect(done).toMatchObject({ status: 'completed', proposal_id: id(), ...OVER })
    expect(told(done)).toEqual(DONE)
    expect(await app.effects()).toBe(1)
    expect((await loop.runner.ledger.verify()).problems).toEqual([])
  }

  it('waits to be reconciled while nobody knows whether it was made, and goes on when that is settled', async () => {
    app.next(cutOff)
    expect(await codeOf(resume())).toBe('OUTCOME_UNKNOWN')

    expect(await status()).toMatchObject({ status: 'waiting_apply', waiting_for: 'write', ...SETTLED })
    expect(await flowOf(loop.runner).continue(run.run_id)).toMatchObject({ status: 'waiting_apply', ...SETTLED })
    expect((await loop.runner.runs.list({ status: 'waiting_apply' })).items).toMatchObject([{ run_id: run.run_id }])

    expect((await loop.runner.reconcile(id())).status).toBe('applied')
    expect(await status()).toMatchObject({ status: 'running', next_allowed_actions: ['continue'], awaiting: 'caller' })
    await endsWell(await resume())
  })

  it('is settled by the next resume as well', async () => {
    app.next(cutOff)
    await codeOf(resume())
    await endsWell(await resume())
  })

  it('is not over when its time passes meanwhile: it completes once the change proves to be made', async () => {
    app.next(cutOff)
    await codeOf(resume())
    clock.advance(2 * TIME_OF_A_RUN_MS)

    expect(await status()).toMatchObject({ status: 'waiting_apply', ...SETTLED })
    app.next(silent)
    expect(await codeOf(resume())).toBe('OUTCOME_UNKNOWN')
    expect((await loop.runner.resumeAll()).map(({ status }) => status)).toEqual(['completed'])
    await endsWell(await status())
  })

  it('completes when it is reconciled after its time', async () => {
    app.next(cutOff)
    await codeOf(resume())
    clock.advance(2 * TIME_OF_A_RUN_MS)

    expect((await loop.runner.reconcile(id())).status).toBe('applied')
    expect(await status()).toMatchObject({ status: 'running', next_allowed_actions: ['continue'] })
    await endsWell(await resume())
  })

  it('completes after its time when the change was settled within it', async () => {
    app.next(cutOff)
    await codeOf(resume())
    expect((await loop.runner.apply(id())).status).toBe('already_applied')
    clock.advance(2 * TIME_OF_A_RUN_MS)
    await endsWell(await resume())
  })

  it('is over after its time when the change proves not to be made', async () => {
    app.next(silent)
    expect(await codeOf(resume())).toBe('OUTCOME_UNKNOWN')
    clock.advance(2 * TIME_OF_A_RUN_MS)
    app.next(({ answer }) =>
      answer(200, { status: 'failed', key_settled: true, safe_error_code: 'GONE', ...NO_CHANGE }),
    )

    expect((await loop.runner.reconcile(id())).status).toBe('failed')
    expect(await status()).toMatchObject(EXPIRED)
    expect(await resume()).toMatchObject(EXPIRED)
    expect(await app.effects()).toBe(0)
  })

  it('waits to be applied while the app cannot be reached, and completes when it is back', async () => {
    const gone = loop.again(flowChange(form, appChange()), runtimeOf(await urlOfNoApp(shop)))
    expect(await codeOf(gone.resume(run.run_id))).toBe('HANDLER_UNAVAILABLE')

    expect(await status()).toMatchObject({ status: 'waiting_apply', waiting_for: 'write', ...WAITING })
    const before = await entries()
    for (let round = 0; round < 3; round++) expect(await gone.resumeAll()).toEqual([])
    expect(await entries()).toEqual(before)
    await endsWell(await resume())
  })

  it('expires when the app could not be reached in its time: nothing was sent, and nothing is any more', async () => {
    const gone = loop.again(flowChange(form, appChange()), runtimeOf(await urlOfNoApp(shop)))
    await codeOf(gone.resume(run.run_id))
    clock.advance(2 * TIME_OF_A_RUN_MS)

    expect(await status()).toMatchObject(EXPIRED)
    expect(await resume()).toMatchObject(EXPIRED)
    expect(app.arrivals).toEqual([])
  })

  it('is not over after a process that stopped while it applied, however late another one looks', async () => {
    // It makes the change and never answers: what is on record then is what a process that is killed there leaves.
    const performed = new Promise<void>((resolve) => {
      app.next(({ perform }) => perform().then(() => resolve()))
    })
    const stopped = codeOf(resume())
    await performed
    expect(told(await status()).at(-1)).toBe('decision approval finished')
    clock.advance(2 * TIME_OF_A_RUN_MS)

    const other = loop.again(flowChange(form, appChange()), runtimeOf(app.url))
    expect((await other.runs.get(run.run_id)).status).toBe('running')
    expect((await other.reconcile(id())).status).toBe('applied')
    expect((await other.runs.get(run.run_id)).status).toBe('running')
    await endsWell(await other.resume(run.run_id))
    await stopped
  })

  it('puts no more on record than before where nothing goes wrong', async () => {
    expect((await resume()).status).toBe('completed')
    expect((await entries()).sort()).toEqual(
      ['run.created', 'run.finished', 'run.resumed', ...Array(5).fill('step.finished'), 'step.waiting'].sort(),
    )
  })
})

describe('a run of calls from outside whose changes an app makes', () => {
  let shop: Shop
  let app: App
  let clock: FixedClock
  let loop: Loop
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(() => shop.drop())
  beforeEach(async () => {
    clock = fixedClock('2030-01-01T00:00:00.000Z')
    app = await openApp(shop)
    const change = changeOf({ propose: { on_active_proposal: 'allow' } })
    const workflow = { expires_in_seconds: TIME_OF_A_RUN_MS / 1000, linked: true }
    const env = { ...shop.env, APP_URL: app.url, APP_TOKEN: TOKEN, APP_SECRET: SECRET }
    loop = await openFlow(shop, 'function', { ...change, workflow }, { workflows: {}, clock, env })
  })
  afterEach(async () => {
    await loop.close()
    await app.close()
  })

  /** A run with these proposals, the first of them approved. */
  const proposed = async (...fees: readonly number[]) => {
    const session = loop.runner.session(agent)
    const { run_id } = await session.workflow(FLOW).start(inputOf(loop))
    await session.inspect(INSPECT, { invoice_id: loop.invoice }, { run_id, step_key: 'read' })
    const ids: string[] = []
    for (const fee of fees) {
      ids.push((await session.propose(PROPOSE, inputOf(loop, { fee }), { run_id, step_key: `fee_${fee}` })).id)
    }
    const [first = ''] = ids
    await approveRun(loop.runner, { proposal_id: first })
    return { run_id, first }
  }

  it('is not over while the first of them may have been made', async () => {
    const { run_id, first } = await proposed(0, 100)
    app.next(cutOff)
    expect(await codeOf(loop.runner.apply(first))).toBe('OUTCOME_UNKNOWN')
    clock.advance(2 * TIME_OF_A_RUN_MS)

    expect((await loop.runner.runs.get(run_id)).status).toBe('running')
    expect(told(await loop.runner.resume(run_id))).toContain(`${first}.applied apply finished`)
    expect(await loop.runner.runs.get(run_id)).toMatchObject(EXPIRED)
    expect(await app.effects()).toBe(1)
  })

  it('is over when its time passes after the last of them was made and followed', async () => {
    const { run_id } = await proposed(0)
    expect((await loop.runner.resume(run_id)).status).toBe('running')
    clock.advance(2 * TIME_OF_A_RUN_MS)
    expect(await loop.runner.resume(run_id)).toMatchObject(EXPIRED)
  })
})
