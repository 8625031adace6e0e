import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqlite, type SqliteDatabase } from '../../../src/drivers/sqlite-library.js'
import { createRunner, type Run, type Runner, type RunReplay } from '../../../src/index.js'
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from '../../../src/ledger/sqlite-schema.js'
import { fixedClock } from '../../../src/testing/index.js'
import { tamper } from '../loop/ledger-file.js'
import { agent, contractOf, type Loop, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, codeOf, flowOf, inputOf } from './acts.js'
import { FLOW, type Form, flowChange, openFlow, workflowOf } from './waiver-flow.js'

let shop: Shop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())

/** A run with everything in it: a question, an answer, a decision and an apply. */
async function finishedRun(loop: Loop): Promise<Run> {
  const { runner } = loop
  const run = await flowOf(runner).start(inputOf(loop))
  await runner.requestInformation(run.proposal_id ?? '', { approver: lead, question: 'Which outage?' })
  const answered = await flowOf(runner).continue(run.run_id, inputOf(loop, { reason: 'of May 3', fee: 0 }))
  await approveRun(runner, answered)
  return runner.resume(run.run_id)
}

describe.each<Form>(['steps', 'function'])('the replay of a run as %s', (form) => {
  it('tells steps, evidence, proposals, decisions and receipts, from the ledger alone', async () => {
    const loop = await openFlow(shop, form)
    const run = await finishedRun(loop)
    // The source is out of reach for whoever only tells the story.
    const teller = createRunner(
      contractOf(shop, { ...flowChange(form), source: { path: join(shop.folder, 'none.db') } }),
      {
        ledger: loop.ledger,
        env: {},
      },
    )
    const story: RunReplay = await teller.replay(run.run_id)

    expect(story).toMatchObject({ schema_version: 'synapsor.run_replay.v1', run: { ...run } })
    const steps = story.timeline.map(({ type, body }) => [type, (body as { key?: string }).key])
    expect(steps[0]).toEqual(['run.created', undefined])
    for (const key of ['invoice', 'waiver', 'decision', 'write', 'check']) {
      expect(steps.filter(([type, step]) => type === 'step.finished' && step === key)).toHaveLength(1)
    }
    expect(steps).toContainEqual(['step.waiting', 'decision'])
    expect(steps.at(-1)).toEqual(['run.finished', undefined])
    expect(story.timeline.map(({ seq }) => seq)).toEqual(story.timeline.map(({ seq }) => seq).toSorted((a, b) => a - b))
    const bundles = story.timeline.map(({ body }) => (body as { evidence_bundle_id?: string }).evidence_bundle_id)
    expect(bundles).toContain(run.steps[0]?.evidence_bundle_id)

    const [asked, applied] = story.proposals
    expect(story.proposals).toHaveLength(2)
    expect(applied?.proposal).toMatchObject({ id: run.proposal_id, status: 'applied' })
    const types = (replay: typeof asked) => replay?.timeline.map(({ type }) => type)
    expect(types(asked)).toEqual(['proposal.created', 'information.requested', 'proposal.superseded'])
    expect(types(applied)).toEqual(['proposal.created', 'proposal.approved', 'apply.started', 'receipt.recorded'])

    const markdown = teller.renderReplay(story, 'markdown')
    for (const text of [
      `# Replay of ${run.run_id}`,
      '| Status | completed |',
      `| Branch | ${run.branch} |`,
      '| Started by | support_agent_17 |',
      'step.finished | waiver',
      run.proposal_id ?? '',
      run.steps[1]?.proposal_id ?? '',
      'proposal.approved',
      'receipt.recorded',
      'dana',
    ]) {
      expect(markdown).toContain(text)
    }
    const json = teller.renderReplay(story, 'json')
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(story)))
    expect(teller.renderReplay(await loop.runner.replay(run.run_id), 'json')).toBe(json)
    await teller.close()
    await loop.close()
  })
})

it('shows what a contract says as text, not as a table', async () => {
  const loop = await openFlow(shop, 'steps', { workflow: { version: '1 | <b> `x`' } })
  const run = await flowOf(loop.runner).start(inputOf(loop))
  const markdown = loop.runner.renderReplay(await loop.runner.replay(run.run_id), 'markdown')
  expect(markdown).not.toMatch(/\(1 \| <b>/)
  await loop.close()
})

describe('the runs of a ledger', () => {
  it('are listed newest first, by tenant, person, workflow and status, in pages', async () => {
    const OTHER = 'billing.other_flow'
    const clock = fixedClock('2030-01-01T00:00:00.000Z')
    const loop = await openFlow(
      shop,
      'steps',
      {
        propose: { on_active_proposal: 'allow' },
        config: { workflows: [workflowOf(), workflowOf({ name: OTHER })] },
      },
      { clock },
    )
    const { runner } = loop
    const start = (workflow: string, key: string, context = agent) => {
      clock.advance(1000)
      return runner.session(context).workflow(workflow).start(inputOf(loop), { key })
    }
    const a = await start(FLOW, 'a')
    const b = await start(OTHER, 'b')
    const c = await start(FLOW, 'c', { ...agent, principal: 'bot' })
    const d = await start(FLOW, 'd')
    await runner.cancel(d.run_id)
    const found = async (filter: Parameters<Runner['runs']['list']>[0]) =>
      (await runner.runs.list(filter)).items.map(({ run_id }) => run_id)

    expect(await found(undefined)).toEqual([d, c, b, a].map(({ run_id }) => run_id))
    expect(await found({ tenant_id: 'acme', workflow: FLOW })).toEqual([d, c, a].map(({ run_id }) => run_id))
    expect(await found({ tenant_id: 'acme', principal: 'bot' })).toEqual([c.run_id])
    expect(await found({ tenant_id: 'globex' })).toEqual([])
    expect(await found({ status: 'waiting_approval' })).toEqual([c, b, a].map(({ run_id }) => run_id))
    expect(await found({ tenant_id: 'acme', status: 'canceled' })).toEqual([d.run_id])
    expect(await found({ tenant_id: 'acme', status: 'completed' })).toEqual([])
    expect(await codeOf(runner.runs.list({ status: 'canceled' }))).toBe('INVALID_ARGUMENT')

    const first = await runner.runs.list({ limit: 3 })
    expect(first.items.map(({ run_id }) => run_id)).toEqual([d, c, b].map(({ run_id }) => run_id))
    const rest = await runner.runs.list({ limit: 3, cursor: first.next_cursor ?? '' })
    expect(rest).toMatchObject({
      items: [{ run_id: a.run_id, workflow: FLOW, principal: agent.principal }],
      next_cursor: null,
    })
    expect(Object.keys(rest.items[0] ?? {})).not.toContain('identity')
    expect(await runner.runs.get(a.run_id)).toEqual(a)
    expect((await runner.ledger.stats()).runs).toBe(4)
    await loop.close()
  })
})

describe('a ledger file that somebody edited', () => {
  async function edited(edit: (file: SqliteDatabase, run: Run) => void) {
    const loop = await openFlow(shop, 'steps')
    const run = await flowOf(loop.runner).start(inputOf(loop))
    expect(await loop.runner.ledger.verify()).toMatchObject({ ok: true })
    const file = await openSqlite(loop.ledger, { mode: 'write', busy_timeout_ms: 2000 })
    for (const { name } of file.prepare("select name from sqlite_schema where type = 'trigger'").all()) {
      file.exec(`drop trigger "${String(name)}"`)
    }
    edit(file, run)
    file.close()
    const { ok, problems } = await loop.runner.ledger.verify()
    const code = await codeOf(loop.runner.runs.get(run.run_id))
    const moved = await codeOf(loop.runner.resume(run.run_id))
    await loop.close()
    return { ok, codes: problems.map((problem) => problem.code), code, moved }
  }
  const columns: readonly (readonly [string, string, string])[] = [
    ['status', "'completed', active = 0", 'INTEGRITY'],
    ['status', "'waiting_apply'", 'INTEGRITY'],
    ['tenant_id', "'globex'", 'INTEGRITY'],
    ['principal', "'somebody'", 'fulfilled'],
    ['workflow', "'billing.other_flow'", 'fulfilled'],
    ['identity', "'sha256:0'", 'fulfilled'],
    ['keyed', '1', 'fulfilled'],
    ['active', '0', 'fulfilled'],
    ['created_at', "'2020-01-01T00:00:00.000Z'", 'fulfilled'],
    ['expires_at', "'2099-01-01T00:00:00.000Z'", 'fulfilled'],
    ['revision', '1', 'INTEGRITY'],
  ]
  it.each(columns)('is noticed by verify: the %s of a run is %s', async (column, value, code) => {
    const seen = await edited((file, { run_id }) => {
      file.exec(`update runs set ${column} = ${value} where run_id = '${run_id}'`)
    })
    expect(seen).toMatchObject({ ok: false, codes: ['PROJECTION'], code, moved: code })
  })

  it('is noticed by verify: a run is not listed any more', async () => {
    const seen = await edited((file) => file.exec('delete from runs'))
    expect(seen).toMatchObject({ ok: false, code: 'RUN_NOT_FOUND' })
    expect(seen.codes).toContain('PROJECTION')
  })

  it('is noticed by verify: a run is listed that never was', async () => {
    const seen = await edited((file) =>
      file.exec(`insert into runs select created_seq + 1000, 'run_made_up', status, active, revision, tenant_id, principal,
        workflow, 'made up', keyed, created_at, expires_at from runs`),
    )
    expect(seen).toMatchObject({ ok: false, code: 'fulfilled' })
    expect(seen.codes).toContain('PROJECTION')
  })

  it.each([
    ['run.created', '"reason":"outage"', '"reason":"a gift"'],
    ['step.waiting', 'waiting_approval', 'waiting_apply'],
  ])('is noticed by verify and by whoever moves the run: a changed %s', async (type, from, to) => {
    const loop = await openFlow(shop, 'steps')
    const run = await flowOf(loop.runner).start(inputOf(loop))
    await tamper(loop.ledger, run.run_id, (body) => body.replace(from, to), type)
    expect((await loop.runner.ledger.verify()).problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'PAYLOAD' })]),
    )
    for (const attempt of [
      loop.runner.runs.get(run.run_id),
      loop.runner.resume(run.run_id),
      loop.runner.cancel(run.run_id),
      loop.runner.replay(run.run_id),
      flowOf(loop.runner).continue(run.run_id),
      flowOf(loop.runner).start(inputOf(loop)),
    ]) {
      expect(await codeOf(attempt)).toBe('INTEGRITY')
    }
    expect(await loop.runner.resumeAll()).toEqual([])
    await loop.close()
  })
})

describe('a ledger of the version before runs', () => {
  it('is outdated until it is migrated, and then holds runs beside what it held', async () => {
    const loop = await openFlow(shop, 'steps')
    const kept = await loop.propose()
    await loop.close()
    // What the first version wrote, under the schema of the first version.
    const path = join(shop.folder, 'version-1.db')
    const file = await openSqlite(path, { mode: 'create', busy_timeout_ms: 2000 })
    file.exec(MIGRATIONS[0] ?? '')
    file.exec(`pragma application_id = ${APPLICATION_ID}`)
    file.exec('pragma user_version = 1')
    file.exec(`attach '${loop.ledger}' as later`)
    for (const table of ['entries', 'proposals', 'reads'])
      file.exec(`insert into ${table} select * from later.${table} order by 1`)
    file.close()

    const runner = createRunner(contractOf(shop, flowChange('steps')), { ledger: path, env: {} })
    expect(SCHEMA_VERSION).toBeGreaterThan(1)
    for (const attempt of [
      () => flowOf(runner).start(inputOf(loop)),
      () => runner.runs.list(),
      () => runner.resumeAll(),
      () => runner.proposals.get(kept.id),
      () => runner.ledger.verify(),
    ]) {
      expect(await codeOf(attempt())).toBe('LEDGER_OUTDATED')
    }
    await runner.ledger.migrate()

    expect(await runner.proposals.get(kept.id)).toMatchObject({ status: 'pending_review' })
    expect((await runner.ledger.stats()).schema_version).toBe(SCHEMA_VERSION)
    await runner.session(agent).withdraw(kept.id)
    const run = await flowOf(runner).start(inputOf(loop))
    expect(run.status).toBe('waiting_approval')
    expect((await runner.runs.list()).items).toHaveLength(1)
    expect(await runner.ledger.verify()).toMatchObject({ ok: true, problems: [] })
    await runner.close()
  })
})
