// One reviewed change in PostgreSQL, from the contract of a recipe.
//
//   psql "$ADMIN_URL" -f recipes/billing.late_fee_waiver.sql
//   BILLING_READ_URL=postgres://reader:…@localhost/shop BILLING_WRITE_URL=postgres://writer:…@localhost/shop \
//     node --import tsx examples/postgres.ts
import { fileURLToPath } from 'node:url'
import { createRunner, loadConfig } from '../src/index.js'

const unset = ['BILLING_READ_URL', 'BILLING_WRITE_URL'].filter((name) => !process.env[name])
if (unset.length > 0) {
  console.error(`Set ${unset.join(' and ')} to a database in which recipes/billing.late_fee_waiver.sql has been run.`)
  process.exit(1)
}

const config = loadConfig(fileURLToPath(new URL('../recipes/billing.late_fee_waiver.json', import.meta.url)))

// #region runner
// The contract names variables and holds no value of them; the host may give other ones than those of the process.
const env = { SYNAPSOR_TENANT_ID: 'acme', SYNAPSOR_PRINCIPAL: 'support_agent_17', ...process.env }
const runner = createRunner(config, { env, ledger: ':memory:' })
// #endregion

// #region migrations
for (const { kind, sql } of runner.migrations()) console.log(`-- ${kind}\n${sql}\n`)
await runner.migrate('billing')
// #endregion

// #region loop
const session = runner.session()
const invoice = { invoice_id: 'INV-3001' }
console.log((await session.inspect('billing.inspect_invoice', invoice)).data)

const reason = 'The payment page was down on the due date.'
const proposal = await session.propose('billing.propose_late_fee_waiver', { ...invoice, reason })
console.log(proposal.status, proposal.diff)

const dana = runner.reviewer({ id: 'dana', tenant_id: 'acme', roles: ['billing_lead'] })
await dana.approve(proposal.id, { hash: proposal.hash })

const receipt = await runner.apply(proposal.id)
console.log(receipt.status, receipt.previous_version, '->', receipt.new_version)
// #endregion

await runner.close()
