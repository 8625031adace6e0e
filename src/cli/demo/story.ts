import { isDeepStrictEqual } from 'node:util'
import { type ErrorCode, isRunnerError, RunnerError } from '../../errors.js'
import type { Proposal } from '../../index.js'
import type { DemoWorld } from './world.js'

const READ = 'billing.inspect_invoice'
const WAIVER = 'billing.propose_late_fee_waiver'

/** One thing that happened, and what was seen to hold behind it. */
export interface DemoStep {
  readonly title: string
  readonly outcome: string
}

/** The whole loop on one invoice, and what stands in the way of everything else. Each outcome has been checked. */
export async function tellDemo(world: DemoWorld): Promise<readonly DemoStep[]> {
  const looked = await inspect(world)
  const { proposal, step } = await propose(world)
  return [
    looked,
    step,
    await refuseOwn(world, proposal),
    await approve(world, proposal),
    ...(await apply(world, proposal)),
    await meetConflict(world),
    await meetOtherTenant(world),
    await verify(world),
  ]
}

async function inspect({ runner }: DemoWorld): Promise<DemoStep> {
  const { data, evidence } = await runner.session().inspect(READ, { invoice_id: 'INV-3001' })
  hold(data, { id: 'INV-3001', customer: 'Ann Archer', status: 'overdue', late_fee_cents: 5500, waiver_reason: null })
  return {
    title: 'The agent reads an invoice of its tenant.',
    outcome: `late_fee_cents is 5500; evidence ${evidence.bundle_id}`,
  }
}

async function propose({ runner, shop }: DemoWorld): Promise<{ proposal: Proposal; step: DemoStep }> {
  const args = { invoice_id: 'INV-3001', reason: 'The payment page was down.' }
  const proposal = await runner.session().propose(WAIVER, args)
  hold(shop.read('INV-3001').late_fee_cents, 5500)
  const step = {
    title: 'It asks to waive the late fee: an exact proposal is frozen.',
    outcome: `${proposal.status}; in the database late_fee_cents is still 5500`,
  }
  return { proposal, step }
}

async function refuseOwn({ runner }: DemoWorld, { id, hash }: Proposal): Promise<DemoStep> {
  const code = await refusal('SELF_APPROVAL', runner.approve(id, { hash, approver: { id: 'sam' } }))
  return { title: 'Sam, for whom the agent acts, would approve it.', outcome: `refused: ${code}` }
}

async function approve({ runner }: DemoWorld, { id, hash }: Proposal): Promise<DemoStep> {
  const { status } = await runner.approve(id, { hash, approver: { id: 'dana' } })
  hold(status, 'approved')
  return { title: 'Dana, another billing lead, approves its exact hash.', outcome: 'approved; nothing is written yet' }
}

async function apply({ runner, shop }: DemoWorld, { id }: Proposal): Promise<readonly DemoStep[]> {
  hold((await runner.apply(id)).status, 'applied')
  const row = shop.read('INV-3001')
  hold(row, { late_fee_cents: 0, waiver_reason: 'The payment page was down.', version: 2 })
  hold((await runner.apply(id)).status, 'already_applied')
  hold(shop.read('INV-3001'), row)
  return [
    { title: 'The operator applies it.', outcome: 'applied, with a receipt; late_fee_cents is 0' },
    { title: 'And once more.', outcome: 'already_applied; the row has not moved' },
  ]
}

async function meetConflict({ runner, shop }: DemoWorld): Promise<DemoStep> {
  const { id, hash } = await runner.session().propose(WAIVER, { invoice_id: 'INV-3002', reason: 'Goodwill.' })
  await runner.approve(id, { hash, approver: { id: 'dana' } })
  shop.raiseFee('INV-3002', 4000)
  hold((await runner.apply(id)).status, 'conflict')
  hold(shop.read('INV-3002').late_fee_cents, 4000)
  return {
    title: 'Another row changes between approval and apply.',
    outcome: 'conflict; what the other program wrote is not overwritten',
  }
}

async function meetOtherTenant({ runner }: DemoWorld): Promise<DemoStep> {
  const code = await refusal('NOT_FOUND', runner.session().inspect(READ, { invoice_id: 'INV-9001' }))
  return { title: 'The agent asks for an invoice of another tenant.', outcome: `refused: ${code}` }
}

async function verify({ runner }: DemoWorld): Promise<DemoStep> {
  const { ok, entries } = await runner.ledger.verify()
  hold(ok, true)
  return { title: 'All of it is on record.', outcome: `the ledger has ${entries} entries, and none was tampered with` }
}

async function refusal(code: ErrorCode, call: Promise<unknown>): Promise<ErrorCode> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (isRunnerError(outcome)) hold(outcome.code, code)
  else throw outcome ?? unlikeTold(code)
  return code
}

/** What is told must have happened. */
function hold(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw unlikeTold(JSON.stringify(expected))
}

function unlikeTold(expected: string): RunnerError {
  return new RunnerError('INTERNAL', `The demo did not behave as it should: ${expected} was expected.`)
}
