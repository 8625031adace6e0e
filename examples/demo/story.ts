import type { Proposal } from '../../src/index.js'
import { expectRefusal, expectValue } from './expect.js'
import { forgeProposal } from './forgery.js'
import type { Narrator } from './narrator.js'
import type { World } from './world.js'

const WAIVER = 'billing.propose_late_fee_waiver'

/** The whole loop, one step after the other. Every line that is told has been checked. */
export async function tellStory(world: World, say: Narrator): Promise<void> {
  await inspect(world, say)
  const proposal = await propose(world, say)
  await decide(world, say, proposal)
  await apply(world, say, proposal)
  await meetConflict(world, say)
  await meetForgery(world, say)
  await meetOtherTenant(world, say)
  await replay(world, say, proposal)
}

async function inspect({ runner }: World, say: Narrator): Promise<void> {
  say.step('Inspect: the agent reads one invoice of its tenant, and leaves evidence')
  say.call(`session.inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })`)
  const { data, row_count } = await runner.session().inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
  expectValue('The number of rows', row_count, 1)
  say.fact(JSON.stringify(data))
}

async function propose({ runner, shop }: World, say: Narrator): Promise<Proposal> {
  const before = shop.read('INV-3001')
  say.step('Propose: the agent asks for a change, and an exact proposal is frozen')
  say.call(`session.propose('${WAIVER}', { invoice_id: 'INV-3001', reason: 'payment page down' })`)
  const args = { invoice_id: 'INV-3001', reason: 'payment page down' }
  const proposal = await runner.session().propose(WAIVER, args)
  expectValue('The status', proposal.status, 'pending_review')
  say.fact(`pending_review, change: ${JSON.stringify(proposal.diff)}`)

  say.step('The source is unchanged: we read the row again, past the runner')
  expectValue('The row', shop.read('INV-3001'), before)
  say.fact(`late_fee_cents is still ${before.late_fee_cents}`)
  return proposal
}

async function decide({ runner }: World, say: Narrator, { id, hash }: Proposal): Promise<void> {
  say.step('Nobody approves a request of their own: Sam is a billing lead, but the agent acts for Sam')
  say.call(`runner.reviewer({ id: 'sam', tenant_id: 'acme' }).approve(id, { hash })`)
  const refusal = await expectRefusal(
    'SELF_APPROVAL',
    runner.reviewer({ id: 'sam', tenant_id: 'acme' }).approve(id, { hash }),
  )
  say.refused(refusal.code, refusal.next)

  say.step('Approve: Dana looks at the proposal and approves its exact hash')
  say.call(`runner.reviewer({ id: 'dana', tenant_id: 'acme' }).approve(id, { hash })`)
  const approved = await runner.reviewer({ id: 'dana', tenant_id: 'acme' }).approve(id, { hash })
  expectValue('The status', approved.status, 'approved')
  say.fact('approved')
}

async function apply({ runner, shop }: World, say: Narrator, { id }: Proposal): Promise<void> {
  say.step('Apply: the operator writes it, guarded, in one transaction with its receipt')
  say.call('runner.apply(id)')
  const receipt = await runner.apply(id)
  expectValue('The receipt', [receipt.status, receipt.rows_affected], ['applied', 1])
  const row = shop.read('INV-3001')
  expectValue('The row', row, { late_fee_cents: 0, waiver_reason: 'payment page down', version: 2 })
  say.fact(`applied; the row is now ${JSON.stringify(row)}`)

  say.step('Apply again: nothing happens twice')
  say.call('runner.apply(id)')
  expectValue('The status', (await runner.apply(id)).status, 'already_applied')
  expectValue('The row', shop.read('INV-3001'), row)
  say.fact('already_applied; the row has not moved')
}

async function meetConflict(world: World, say: Narrator): Promise<void> {
  const { runner, shop } = world
  say.step('A row that changed after the proposal is a conflict, and is not overwritten')
  const id = await approvedWaiver(world, 'INV-3002')
  say.event('a waiver for INV-3002 is proposed and approved')
  shop.raiseFee('INV-3002', 4000)
  say.event('then another program raises the fee to 4000')
  say.call('runner.apply(id)')
  const receipt = await runner.apply(id)
  expectValue('The receipt', [receipt.status, receipt.safe_error_code], ['conflict', 'VERSION_CONFLICT'])
  expectValue('The fee', shop.read('INV-3002').late_fee_cents, 4000)
  say.fact('conflict; late_fee_cents is still 4000')
}

async function meetForgery(world: World, say: Narrator): Promise<void> {
  const { shop } = world
  say.step('A proposal that was edited in the ledger file is refused')
  const id = await approvedWaiver(world, 'INV-3003')
  const ledger = await world.copyLedger()
  await forgeProposal(ledger, 'INV-3003', 'INV-3004')
  say.event('an approved waiver for INV-3003 is rewritten to INV-3004, in a copy of the ledger file')

  const runner = world.runnerOn(ledger)
  say.call('runner.apply(id)')
  const refusal = await expectRefusal('INTEGRITY', runner.apply(id))
  const { ok, problems } = await runner.ledger.verify()
  await runner.close()
  say.refused(refusal.code, refusal.message.replaceAll(id, 'the proposal'))
  expectValue('The verdict on the edited ledger', ok, false)
  expectValue('The fee', shop.read('INV-3004').late_fee_cents, 9500)
  say.fact(`ledger.verify() names entry ${problems[0]?.seq}; INV-3004 still has its fee`)
}

async function meetOtherTenant({ runner }: World, say: Narrator): Promise<void> {
  say.step(`Another tenant's row does not exist for this session`)
  const answers: string[] = []
  for (const invoice_id of ['INV-9001', 'INV-0000']) {
    say.call(`session.inspect('billing.inspect_invoice', { invoice_id: '${invoice_id}' })`)
    const call = runner.session().inspect('billing.inspect_invoice', { invoice_id })
    answers.push(JSON.stringify((await expectRefusal('NOT_FOUND', call)).toJSON()))
  }
  expectValue('The two answers', answers[0], answers[1])
  say.refused('NOT_FOUND', 'One answer for an invoice of globex and for one that nobody has.')
}

async function replay({ runner }: World, say: Narrator, { id }: Proposal): Promise<void> {
  say.step('Replay: the story of the first proposal, from the ledger alone')
  say.call(`runner.renderReplay(await runner.replay(id), 'markdown')`)
  const story = await runner.replay(id)
  expectValue('The evidence', story.evidence_verified, true)
  say.block(runner.renderReplay(story, 'markdown'))
  expectValue('The verdict on the ledger', (await runner.ledger.verify()).ok, true)
}

async function approvedWaiver({ runner }: World, invoice_id: string): Promise<string> {
  const { id, hash } = await runner.session().propose(WAIVER, { invoice_id, reason: 'long-standing customer' })
  await runner.reviewer({ id: 'dana', tenant_id: 'acme' }).approve(id, { hash })
  return id
}
