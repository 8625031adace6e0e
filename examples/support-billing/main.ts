// Two tenants, two capabilities that read and two that propose, on PostgreSQL. `--keep` leaves the database for you.
// Runs by itself: npm run example:support-billing

import { refusalOf } from '../reference/outcome.js'
import { play } from '../reference/play.js'
import { showReplay } from '../reference/replay.js'
import { openSupportBilling, type SupportBilling } from './app.js'

await play(openSupportBilling, async (app) => {
  console.log('granted:', app.migrations.map(({ kind }) => kind).join(', '))
  await credit(app)
  await waiver(app)
})

async function credit({ acme, globex, database }: SupportBilling): Promise<void> {
  // #region inspect
  const session = acme.session()
  const ticket = await session.inspect('support.inspect_ticket', { ticket_id: 'TCK-1042' })
  console.log('the agent of acme reads:', ticket.data)
  // #endregion

  // #region propose
  const proposal = await session.propose('support.propose_plan_credit', {
    account_id: String(ticket.data.account_id),
    credit_cents: 1500,
    reason: 'Two days without service.',
  })
  console.log('and proposes:', proposal.status, proposal.diff.credit_cents)
  console.log('the account is as it was:', await accountNow())
  // #endregion

  // #region tenants
  const other = globex.session()
  const row = other.inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
  console.log('the agent of globex asks for the invoice:', await refusalOf(row))
  console.log('and for the proposal:', await refusalOf(other.status(proposal.id)))
  // #endregion

  // #region decide
  const dana = acme.reviewer({ id: 'dana', tenant_id: 'acme' })
  const erik = acme.reviewer({ id: 'erik', tenant_id: 'acme' })
  console.log('dana of billing approves:', await refusalOf(dana.approve(proposal.id, { hash: proposal.hash })))
  const { status } = await erik.approve(proposal.id, { hash: proposal.hash, reason: 'We were down.' })
  console.log('erik of support approves:', status)
  // #endregion

  // #region apply
  console.log('the operator applies:', (await acme.apply(proposal.id)).status)
  console.log('and applies again:', (await acme.apply(proposal.id)).status)
  console.log('the account is now:', await accountNow())
  // #endregion

  async function accountNow() {
    const [account] = await database.rows(`select credit_cents, credit_reason from credit_accounts where id = 'CRD-88'`)
    return account
  }
}

async function waiver({ acme, database }: SupportBilling): Promise<void> {
  const session = acme.session()
  const dana = acme.reviewer({ id: 'dana', tenant_id: 'acme' })
  const args = { invoice_id: 'INV-3001', reason: 'The payment page was down on the due date.' }

  // #region conflict
  const first = await session.propose('billing.propose_late_fee_waiver', args)
  await dana.approve(first.id, { hash: first.hash })
  await database.run(`update invoices set late_fee_cents = 7000, updated_at = clock_timestamp() where id = 'INV-3001'`)
  const conflict = await acme.apply(first.id)
  console.log('somebody raised the fee meanwhile:', conflict.status, conflict.safe_error_code)
  // #endregion

  // #region again
  const second = await session.propose('billing.propose_late_fee_waiver', args)
  console.log('the agent proposes again:', second.diff.late_fee_cents)
  await dana.approve(second.id, { hash: second.hash })
  console.log('dana approves, the operator applies:', (await acme.apply(second.id)).status)
  // #endregion

  // #region replay
  await showReplay(acme, second.id, ['Timeline', 'Receipt'])
  const { ok, entries } = await acme.ledger.verify()
  console.log(ok ? '\nthe ledger verifies:' : '\nthe ledger does not verify:', entries, 'entries')
  // #endregion
}
