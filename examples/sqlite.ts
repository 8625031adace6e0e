// The whole loop on an SQLite file. Runs by itself: node --import tsx examples/sqlite.ts
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { createRunner, defineConfig, isRunnerError } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
const billing = new DatabaseSync(join(folder, 'billing.db'))
billing.exec(`
  create table invoices (
    id text primary key,
    tenant_id text not null,
    customer text not null,
    late_fee_cents integer not null,
    waiver_reason text,
    version integer not null default 1
  );
  insert into invoices (id, tenant_id, customer, late_fee_cents) values
    ('INV-3001', 'acme', 'Ann Archer', 5500),
    ('INV-9001', 'globex', 'Gil Gomez', 1200);
`)

// #region contract
const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' }
const visible_columns = ['id', 'customer', 'late_fee_cents', 'waiver_reason'] as const

const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: { billing: { engine: 'sqlite', path: 'billing.db' } },
  operators: { dana: { roles: ['billing_lead'] }, sam: { roles: ['billing_lead'] } },
  capabilities: [
    {
      name: 'billing.inspect_invoice',
      kind: 'read',
      source: 'billing',
      target,
      args: { invoice_id: { type: 'string', max_length: 64 } },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns,
    },
    {
      name: 'billing.propose_late_fee_change',
      kind: 'proposal',
      source: 'billing',
      target,
      args: {
        invoice_id: { type: 'string', max_length: 64 },
        fee_cents: { type: 'integer' },
        reason: { type: 'string', max_length: 500 },
      },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns,
      patch: { late_fee_cents: { from_arg: 'fee_cents' }, waiver_reason: { from_arg: 'reason' } },
      allowed_columns: ['late_fee_cents', 'waiver_reason'],
      numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10000 } },
      conflict_guard: { column: 'version' },
      approval: { required_role: 'billing_lead' },
    },
  ],
})
// #endregion

// #region runner
const runner = createRunner(config, { base_dir: folder })
await runner.migrate('billing')
// #endregion

// #region inspect
const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17', on_behalf_of: 'sam' })

const inspection = await session.inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
console.log(inspection.data)
// #endregion

// #region propose
const proposal = await session.propose('billing.propose_late_fee_change', {
  invoice_id: 'INV-3001',
  fee_cents: 0,
  reason: 'The payment page was down on the due date.',
})
console.log(proposal.status, proposal.diff.late_fee_cents)
console.log('the row is as it was:', feeNow())
// #endregion

// #region refusals
const refused = [
  session.inspect('billing.inspect_invoice', { invoice_id: 'INV-9001' }),
  session.propose('billing.propose_late_fee_change', { invoice_id: 'INV-3001', fee_cents: 10001, reason: 'more' }),
  runner.apply(proposal.id),
  runner.reviewer({ id: 'sam', tenant_id: 'acme' }).approve(proposal.id, { hash: proposal.hash }),
]
for (const outcome of await Promise.allSettled(refused)) {
  if (outcome.status === 'rejected' && isRunnerError(outcome.reason)) console.log(outcome.reason.code)
}
// #endregion

// #region review
const dana = runner.reviewer({ id: 'dana', tenant_id: 'acme' })
const { items } = await dana.queue()
for (const { proposal_id } of items) {
  const shown = await dana.show(proposal_id)
  await dana.approve(shown.id, { hash: shown.hash, reason: 'We were down for two hours.' })
}
// #endregion

// #region apply
const receipt = await runner.apply(proposal.id)
console.log(receipt.status, 'rows affected:', receipt.rows_affected, 'version:', receipt.new_version)
console.log('the row is now:', feeNow())

const again = await runner.apply(proposal.id)
console.log(again.status)
// #endregion

// #region conflict
const late = await session.propose('billing.propose_late_fee_change', {
  invoice_id: 'INV-3001',
  fee_cents: 100,
  reason: 'A smaller fee was agreed on.',
})
await dana.approve(late.id, { hash: late.hash })
billing.exec(`update invoices set late_fee_cents = 7000, version = version + 1 where id = 'INV-3001'`)

const conflict = await runner.apply(late.id)
console.log(conflict.status, conflict.safe_error_code)
console.log('the newer fee stays:', feeNow())
// #endregion

// #region replay
const story = await runner.replay(proposal.id)
console.log(story.timeline.map((step) => step.type))
console.log(await runner.ledger.verify())
// #endregion

await runner.close()
billing.close()
rmSync(folder, { recursive: true })

function feeNow(): unknown {
  return billing.prepare(`select late_fee_cents from invoices where id = 'INV-3001'`).get()?.late_fee_cents
}
