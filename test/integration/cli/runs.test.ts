import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRunner, loadConfig, type WorkflowFunction } from '../../../src/index.js'
import { createDesk, type Desk, documentOf, errorCodeOf, stable } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'
import { editLedger } from '../../support/edit-ledger.js'

const WORKFLOW = 'billing.waive_late_fee'

/** Waits for the app to tell that a letter has come back. */
const LETTER = {
  name: 'billing.check_letter',
  version: '1',
  description: 'Checks one invoice once its letter has come back.',
  input: { invoice_id: { type: 'string', max_length: 64 } },
  allowed_capabilities: ['billing.inspect_invoice'],
  steps: [
    { key: 'letter', await: 'external', input: { came: { type: 'boolean' } } },
    { key: 'invoice', capability: 'billing.inspect_invoice', args: { invoice_id: { from_input: 'invoice_id' } } },
  ],
}

const waitForLetter: WorkflowFunction = async (flow) => {
  await flow.awaitExternal('letter', { came: { type: 'boolean' } })
}

let desk: Desk

beforeEach(async () => {
  desk = await createDesk({ workflows: [...DESK_CONTRACT.workflows, LETTER] })
})

afterEach(() => desk.close())

function start(invoice_id = 'INV-3001') {
  return desk.agent().workflow(WORKFLOW).start({ invoice_id, reason: 'The invoice was sent to an old address.' })
}

async function approve(proposal_id: string | null): Promise<void> {
  const { id, hash } = await desk.runner.proposals.get(proposal_id ?? '')
  await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
}

it.each([80, 120])('lists and shows runs in %i columns', async (columns) => {
  await start()
  const second = await start('INV-3002')
  await desk.agent().workflow(LETTER.name).start({ invoice_id: 'INV-3003' })
  await approve(second.proposal_id)
  desk.clock.advance(3 * 60_000)
  const shown: string[] = []
  const lines = [
    'runs list',
    'runs show run_0001',
    `runs resume ${second.run_id}`,
    'runs show latest',
    'runs cancel latest --yes',
  ]
  for (const line of lines) {
    const { out, exit_code } = await desk.run(line, { columns })
    expect(exit_code).toBe(0)
    shown.push(`$ ${line}\n${out}`)
  }
  const text = stable(shown.join('\n'), desk)
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  await expect(text).toMatchFileSnapshot(`snapshots/runs-${columns}.txt`)
})

it('prints each document as its schema says', async () => {
  const { run_id, proposal_id } = await start()
  documentOf(
    'runs list',
    await desk.run('runs list --status waiting_approval --workflow billing.waive_late_fee --json'),
  )
  documentOf('runs show', await desk.run(['runs', 'show', run_id, '--json']))
  await approve(proposal_id)
  documentOf('runs resume', await desk.run(['runs', 'resume', run_id, '--json']))
  documentOf('runs resume', await desk.run('runs resume --all --json'))
  await start('INV-3002')
  documentOf('runs cancel', await desk.run('runs cancel latest --yes --json'))
})

it('lists a run that is not as it was recorded, and the others', async () => {
  await start()
  await start('INV-3002')
  const ledger = join(desk.folder, '.synapsor/local.db')
  await editLedger(ledger, "update entries set body = replace(body, 'INV-3001', 'INV-3003') where subject = 'run_0001'")
  const { out, exit_code } = await desk.run('runs list')
  expect(exit_code).toBe(0)
  expect(out).toMatch(/^run_0001 +not as recorded/m)
  expect(out).toMatch(/^run_0007 +waiting_approval/m)
  expect(errorCodeOf(await desk.run('runs show run_0001 --json'))).toBe('INTEGRITY')
})

it('says who moves next, and what to type', async () => {
  const { run_id, proposal_id } = await start()
  const waiting = await desk.run(['runs', 'show', run_id])
  expect(waiting.out).toContain('The reviewer moves next')
  expect(waiting.out).toContain(`synapsor-runner proposals show ${proposal_id}`)
  await approve(proposal_id)
  const approved = await desk.run(['runs', 'show', run_id])
  expect(approved.out).toContain(`synapsor-runner runs resume ${run_id}`)
})

it('moves an approved run to its end and tells which steps moved', async () => {
  const { run_id, proposal_id } = await start()
  const early = await desk.run(['runs', 'resume', run_id])
  expect(early).toMatchObject({ exit_code: 0 })
  expect(early.out).toContain('Nothing could move.')
  await approve(proposal_id)
  const moved = await desk.run(['runs', 'resume', run_id])
  expect(moved.exit_code).toBe(0)
  expect(moved.out).toMatch(/^write +apply +finished/m)
  expect(moved.out).not.toMatch(/^invoice +inspect/m)
  expect(moved.out).toContain('The run is completed: it is over.')
  expect(errorCodeOf(await desk.run(['runs', 'resume', run_id, '--json']))).toBe('WRONG_STATUS')
})

it('ends with 1 where a run ends in a conflict', async () => {
  const { run_id, proposal_id } = await start()
  await approve(proposal_id)
  await desk.sql('update invoices set version = 2')
  const result = await desk.run(['runs', 'resume', run_id, '--json'])
  expect(result).toMatchObject({ exit_code: 1, document: { status: 'conflict' } })
})

it('moves every run that can move and leaves the others', async () => {
  const [first, second] = [await start(), await start('INV-3002')]
  expect((await desk.run('runs resume --all')).out).toBe('No run could move.\n')
  await approve(first.proposal_id)
  const result = await desk.run('runs resume --all --json')
  expect(result).toMatchObject({ exit_code: 0, document: { items: [{ run_id: first.run_id, status: 'completed' }] } })
  expect((await desk.runner.runs.get(second.run_id)).status).toBe('waiting_approval')
})

it('hands an event of the app to the step that waits for it', async () => {
  const { run_id } = await desk.agent().workflow(LETTER.name).start({ invoice_id: 'INV-3003' })
  const waiting = await desk.run(['runs', 'show', run_id])
  expect(waiting.out).toContain(`runs resume ${run_id} --step letter --event '{…}'`)
  const told = await desk.run(['runs', 'resume', run_id, '--step', 'letter', '--event', '{"came":true}', '--json'])
  expect(told).toMatchObject({ exit_code: 0, document: { status: 'completed' } })
})

it('ends a run and withdraws what it proposed', async () => {
  const { run_id, proposal_id } = await start()
  expect(await desk.run('runs cancel latest --yes')).toMatchObject({ exit_code: 0, out: `${run_id} is canceled.\n` })
  expect((await desk.runner.proposals.get(proposal_id ?? '')).status).toBe('canceled')
  expect(errorCodeOf(await desk.run(['runs', 'cancel', run_id, '--yes', '--json']))).toBe('WRONG_STATUS')
})

it('moves a workflow that is a function with the module that has it, and not without', async () => {
  const { steps: _, ...look } = LETTER
  const functional = await createDesk({ workflows: [look] })
  const runner = createRunner(loadConfig(join(functional.folder, 'synapsor.runner.json')), {
    env: {},
    workflows: { [look.name]: waitForLetter },
  })
  try {
    Object.assign(globalThis, { runner_of_the_app: runner })
    writeFileSync(join(functional.folder, 'runner.mjs'), 'export default globalThis.runner_of_the_app\n')
    const { run_id } = await runner.session().workflow(look.name).start({ invoice_id: 'INV-3001' })
    const event = ['--step', 'letter', '--event', '{"came":true}', '--json']
    const without = await functional.run(['runs', 'resume', run_id, ...event])
    expect(errorCodeOf(without)).toBe('EXECUTOR_UNAVAILABLE')
    const moved = await functional.run(['runs', 'resume', run_id, '--runner', 'runner.mjs', ...event])
    expect(moved).toMatchObject({ exit_code: 0, document: { status: 'completed' } })
  } finally {
    await runner.close()
    await functional.close()
  }
})

it('knows when it is not said which run, or an event is half told', async () => {
  const wrong = [
    'runs resume',
    'runs resume run_1 --all',
    'runs resume run_1 --step letter',
    'runs resume run_1 --step letter --event nonsense',
    'runs resume run_1 --step letter --event [1]',
    'runs list --status completed',
    'runs list --workflow billing.waive_late_fee',
    'runs list --status nonsense',
    'runs show',
  ]
  for (const line of wrong) expect(await desk.run(line), line).toMatchObject({ exit_code: 2 })
  expect(errorCodeOf(await desk.run('runs show latest --json'))).toBe('RUN_NOT_FOUND')
  expect(errorCodeOf(await desk.run('runs show wrp_0001 --json'))).toBe('RUN_NOT_FOUND')
  expect((await desk.run('runs')).out).toBe('There are no such runs.\n')
})
