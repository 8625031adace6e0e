import type { Run } from '../../src/index.js'
import { expectRefusal, expectValue } from './expect.js'
import type { Narrator } from './narrator.js'
import type { World } from './world.js'

type RunId = Run['run_id']

const WAIVE = 'billing.waive_late_fee'
const INPUT = { invoice_id: 'INV-3001', reason: 'payment page down' }
const ANSWER = { ...INPUT, reason: 'payment page down on 3 May, 9:00 to 11:00' }

/** One run of a workflow, from its start to its replay. Every line that is told has been checked. */
export async function tellWorkflowStory(world: World, say: Narrator): Promise<void> {
  const { run_id } = await start(world, say)
  await startAgain(world, say, run_id)
  await ask(world, say, run_id)
  await answer(world, say, run_id)
  await approve(world, say, run_id)
  await goOn(world, say, run_id)
  await resume(world, say, run_id)
  await replay(world, say, run_id)
}

async function start({ runner, shop }: World, say: Narrator): Promise<Run> {
  const before = shop.read('INV-3001')
  say.step('Start: one call reads, proposes, and stops where a person must decide')
  say.call(`session.workflow('${WAIVE}').start({ invoice_id: 'INV-3001', reason: 'payment page down' })`)
  const run = await runner.session().workflow(WAIVE).start(INPUT)
  tell(say, run, { status: 'waiting_approval', awaiting: 'reviewer' })
  expectValue('The row', shop.read('INV-3001'), before)
  say.fact(`late_fee_cents is still ${before.late_fee_cents}`)
  return run
}

async function startAgain({ runner }: World, say: Narrator, run_id: RunId): Promise<void> {
  say.step('Start again: the same request is the same run')
  say.call(`session.workflow('${WAIVE}').start({ invoice_id: 'INV-3001', reason: 'payment page down' })`)
  const again = await runner.session().workflow(WAIVE).start(INPUT)
  expectValue('The run', again.run_id, run_id)
  expectValue('The number of runs', (await runner.runs.list()).items.length, 1)
  say.fact('the same run_id; the ledger has one run')
}

async function ask({ runner }: World, say: Narrator, run_id: RunId): Promise<void> {
  say.step('Ask: Dana wants to know more before she decides')
  const { proposal_id } = await runner.runs.get(run_id)
  say.call(`runner.reviewer({ id: 'dana', tenant_id: 'acme' }).requestInformation(proposal_id, { question })`)
  const dana = runner.reviewer({ id: 'dana', tenant_id: 'acme' })
  await dana.requestInformation(proposal_id ?? '', { question: 'When was it down?' })
  const run = await runner.session().workflow(WAIVE).status(run_id)
  tell(say, run, { status: 'waiting_information', awaiting: 'caller', question: 'When was it down?' })
}

async function answer({ runner }: World, say: Narrator, run_id: RunId): Promise<void> {
  const before = await runner.runs.get(run_id)
  say.step('Answer: the caller says more, and a new proposal takes the place of the old one')
  say.call(`session.workflow('${WAIVE}').continue(run_id, { invoice_id: 'INV-3001', reason: '…, 9:00 to 11:00' })`)
  const run = await runner.session().workflow(WAIVE).continue(run_id, ANSWER)
  tell(say, run, { status: 'waiting_approval', awaiting: 'reviewer' })
  expectValue('Whether the proposal is another one', run.proposal_id !== before.proposal_id, true)
  const { status } = await runner.proposals.get(before.proposal_id ?? '')
  expectValue('The first proposal', status, 'superseded')
  say.fact('the first proposal is superseded')
}

async function approve({ runner }: World, say: Narrator, run_id: RunId): Promise<void> {
  say.step('Approve: Dana looks at the new proposal and approves its exact hash')
  const { proposal_id } = await runner.runs.get(run_id)
  const dana = runner.reviewer({ id: 'dana', tenant_id: 'acme' })
  const { id, hash } = await dana.show(proposal_id ?? '')
  say.call(`runner.reviewer({ id: 'dana', tenant_id: 'acme' }).approve(proposal_id, { hash })`)
  expectValue('The status', (await dana.approve(id, { hash })).status, 'approved')
  say.fact('approved')
}

async function goOn({ runner, shop }: World, say: Narrator, run_id: RunId): Promise<void> {
  const before = shop.read('INV-3001')
  say.step('Continue: through a session the run comes as far as the write, and no further')
  say.call(`session.workflow('${WAIVE}').continue(run_id)`)
  const run = await runner.session().workflow(WAIVE).continue(run_id)
  tell(say, run, { status: 'waiting_apply', awaiting: 'worker' })
  expectValue('The row', shop.read('INV-3001'), before)
  say.fact(`late_fee_cents is still ${before.late_fee_cents}`)
}

async function resume({ runner, shop }: World, say: Narrator, run_id: RunId): Promise<void> {
  say.step('Resume: the operator applies the change, and the run goes on to its end')
  say.call('runner.resume(run_id)')
  tell(say, await runner.resume(run_id), { status: 'completed', awaiting: null })
  const row = shop.read('INV-3001')
  expectValue('The row', row, { late_fee_cents: 0, waiver_reason: ANSWER.reason, version: 2 })
  say.fact(`the row is now ${JSON.stringify(row)}`)

  say.step('Resume again: a run that has ended stays as it is')
  say.call('runner.resume(run_id)')
  const refusal = await expectRefusal('WRONG_STATUS', runner.resume(run_id))
  expectValue('The row', shop.read('INV-3001'), row)
  say.refused(refusal.code, refusal.next)
}

async function replay({ runner }: World, say: Narrator, run_id: RunId): Promise<void> {
  say.step('Replay: the story of the run and of both proposals, from the ledger alone')
  say.call(`runner.renderReplay(await runner.replay(run_id), 'markdown')`)
  const story = await runner.replay(run_id)
  expectValue('The proposals', story.proposals.length, 2)
  for (const { evidence_verified } of story.proposals) expectValue('The evidence', evidence_verified, true)
  say.block(runner.renderReplay(story, 'markdown'))
  expectValue('The verdict on the ledger', (await runner.ledger.verify()).ok, true)
}

/** Tells where a run stands, in the words of its compact answer. */
function tell(say: Narrator, run: Run, expected: Pick<Run, 'status' | 'awaiting' | 'question'>): void {
  const { status, awaiting, question, next_allowed_actions } = run
  const stands = { status, awaiting, ...(question === undefined ? {} : { question }) }
  expectValue('The run', stands, expected)
  say.fact(JSON.stringify({ ...stands, next_allowed_actions }))
}
