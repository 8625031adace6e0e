// An agent of OpenAI Agents JS on the support desk, over MCP: it looks and proposes; other processes decide and apply.
// Runs by itself, without a key: npm run example:support-agent. With OPENAI_API_KEY set, a real model does the talking.
import { setTracingDisabled } from '@openai/agents'
import { play } from '../reference/play.js'
import { openSupportBilling } from '../support-billing/app.js'
import { applyNow, approveLatest } from './people.js'
import { type Connected, overHttp, overStdio } from './servers.js'
import { type Turn, take } from './turn.js'

setTracingDisabled(true)

// #region turns
const credit: Turn = {
  message: 'Ticket TCK-1042: give the account a credit of 15 euros.',
  calls: [
    ['support__inspect_ticket', { ticket_id: 'TCK-1042' }],
    ['support__propose_plan_credit', { account_id: 'CRD-88', credit_cents: 1500, reason: 'Two days without service.' }],
  ],
  answer: 'I proposed a credit of 15 euros. A person decides.',
}
const waiver: Turn = {
  message: 'Waive the late fee of invoice INV-3001: the payment page was down.',
  calls: [
    ['billing__inspect_invoice', { invoice_id: 'INV-3001' }],
    ['billing__propose_late_fee_waiver', { invoice_id: 'INV-3001', reason: 'The payment page was down.' }],
  ],
  answer: 'I proposed to waive the late fee. A person decides.',
}
// #endregion

await play(
  () => openSupportBilling('support_agent'),
  async ({ database, env, ledger, urls }) => {
    const { SYNAPSOR_CONFIG } = env
    const shared = { SYNAPSOR_CONFIG, SYNAPSOR_STORE: ledger }
    // #region environments
    // The server of the agent cannot write to the database, and whoever decides cannot reach it.
    const { SUPPORT_BILLING_READ_URL } = urls
    const agent = {
      ...shared,
      SUPPORT_BILLING_READ_URL,
      SYNAPSOR_TENANT_ID: 'acme',
      SYNAPSOR_PRINCIPAL: 'support_agent',
    }
    const reviewer = shared
    const operator = { ...shared, ...urls }
    // #endregion

    console.log('-- over stdio')
    await withServer(overStdio(agent), async (server) => {
      await take(server, credit)
      await applyNow(operator, await approveLatest(reviewer, 'erik'))
    })
    console.log(await database.rows(`select credit_cents, credit_reason from credit_accounts where id = 'CRD-88'`))

    console.log('-- over HTTP')
    await withServer(overHttp(agent), async (server) => {
      await take(server, waiver)
      const id = await approveLatest(reviewer, 'dana')
      await database.run(
        `update invoices set late_fee_cents = 7000, updated_at = clock_timestamp() where id = 'INV-3001'`,
      )
      console.log('somebody raises the late fee meanwhile')
      await applyNow(operator, id)

      await take(server, waiver)
      await applyNow(operator, await approveLatest(reviewer, 'dana'))
    })
    console.log(await database.rows(`select late_fee_cents, waiver_reason from invoices where id = 'INV-3001'`))
  },
)

async function withServer(connecting: Promise<Connected>, work: (server: Connected['server']) => Promise<void>) {
  const { server, close } = await connecting
  try {
    await work(server)
  } finally {
    await close()
  }
}
