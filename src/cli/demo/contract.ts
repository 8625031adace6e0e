const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' }
const invoice_id = { type: 'string', max_length: 64, description: 'Id of the invoice.' }
const visible_columns = ['id', 'customer', 'status', 'late_fee_cents', 'waiver_reason']

/** The contract of the demo, as it is written to its folder. Sam works with the agent; Dana is another billing lead. */
export const DEMO_CONTRACT = {
  version: 1,
  mode: 'review',
  sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
  trusted_context: { provider: 'static_dev', values: { tenant_id: 'acme', principal: 'sam' } },
  operators: { dana: { roles: ['billing_lead'] }, sam: { roles: ['billing_lead'] } },
  capabilities: [
    {
      name: 'billing.inspect_invoice',
      kind: 'read',
      description: 'Reads one invoice with its late fee. Changes nothing.',
      source: 'shop',
      target,
      args: { invoice_id },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns,
      examples: [{ invoice_id: 'INV-3004' }],
    },
    {
      name: 'billing.propose_late_fee_waiver',
      kind: 'proposal',
      description: 'Proposes to waive the late fee of one invoice, with the reason. A billing lead decides.',
      source: 'shop',
      target,
      args: { invoice_id, reason: { type: 'string', max_length: 500, description: 'Why the fee is waived.' } },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns,
      patch: { late_fee_cents: { fixed: 0 }, waiver_reason: { from_arg: 'reason' } },
      allowed_columns: ['late_fee_cents', 'waiver_reason'],
      numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10000 } },
      conflict_guard: { column: 'version' },
      approval: { mode: 'human', required_role: 'billing_lead' },
      examples: [{ invoice_id: 'INV-3004', reason: 'The invoice was sent to an old address.' }],
    },
  ],
}
