import type { Desk } from './desk.js'
import type { Transcript } from './transcript.js'

/** What `docs/operations.md` shows. */
export const operations: Transcript = async (desk) => {
  const { clock, type, propose, sql } = desk
  const id = await propose('late_fee_waiver', 'INV-3001', { note: 'The payment page was down.' })
  const doctor = await type('doctor')
  const migrations = [await type('migrations status'), await type('migrations print shop')].join('\n')

  clock.advance(4 * 60_000)
  await type(`proposals approve ${id} --as carol --reason "We were down that day."`)
  await type('apply latest')
  await askTooOften(desk)
  clock.advance(11 * 60_000)
  const activity = await type('activity --limit 4 --refusals')
  const events = await type('events tail --limit 2')

  const all = await propose('late_fee_waiver', 'INV-3003', { note: 'The letter came back.' })
  await type(`proposals approve ${all} --as dana`)
  const apply_all = await type('apply --all-approved')

  sql('drop table synapsor_writeback_receipts')
  sql('alter table invoices rename column note to remark')
  const broken = (await type('doctor')).replace(/^[\s\S]*?(?=^Source )/m, '')
  return { doctor, migrations, activity, events, apply_all, broken: `$ synapsor-runner doctor\n${broken}` }
}

/** Counts of refusals are on disk at the latest when their runner is closed. */
async function askTooOften({ open }: Desk): Promise<void> {
  const runner = open({})
  const session = runner.session({ claims: { org: 'acme', client: 'support_agent', sub: 'sam' } })
  const args = { invoice_id: 'INV-3002', credit_cents: 30000, note: 'More.' }
  for (let call = 0; call < 5; call++) await session.call('billing.propose_credit', args)
  await runner.close()
}
