// The program on the first screen of README.md, where it imports '@synapsor/runner'.
// #region program
import { DatabaseSync } from '@photostructure/sqlite'
import { createRunner } from '../src/index.js'

const shop = new DatabaseSync('shop.db')
shop.exec(`
  drop table if exists invoices;
  create table invoices (id text primary key, tenant_id text, late_fee integer, reason text, version integer);
  insert into invoices values ('INV-3001', 'acme', 5500, null, 1);
`)
const readFee = () => shop.prepare('select late_fee from invoices').get()?.late_fee

const runner = createRunner({
  version: 1,
  mode: 'review',
  sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
  capabilities: [
    {
      name: 'billing.propose_late_fee_waiver',
      kind: 'proposal',
      source: 'shop',
      target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      args: { invoice_id: { type: 'string' }, reason: { type: 'string', max_length: 500 } },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns: ['id', 'late_fee', 'reason'],
      patch: { late_fee: { fixed: 0 }, reason: { from_arg: 'reason' } },
      allowed_columns: ['late_fee', 'reason'],
      conflict_guard: { column: 'version' },
      approval: { required_role: 'billing_lead' },
    },
  ],
})
await runner.migrate('shop') // creates the table of receipts, once

// The model holds a session: it can inspect and propose, and nothing else.
const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' })
const proposal = await session.propose('billing.propose_late_fee_waiver', { invoice_id: 'INV-3001', reason: 'outage' })
console.log(`${proposal.status}: ${JSON.stringify(proposal.diff)}, late fee is still ${readFee()}`)

// A person approves exactly this content.
const dana = runner.reviewer({ id: 'dana', tenant_id: 'acme', roles: ['billing_lead'] })
await dana.approve(proposal.id, { hash: proposal.hash })

// Your own code applies it: once, however often it is called.
for (let attempt = 1; attempt <= 2; attempt++) {
  const receipt = await runner.apply(proposal.id)
  console.log(`${receipt.status}: late fee is ${readFee()}`)
}
await runner.close()
shop.close()
// #endregion
