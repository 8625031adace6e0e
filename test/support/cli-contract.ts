const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' }
const invoice_id = { type: 'string', max_length: 64, description: 'Id of the invoice.' }
const reason = { type: 'string', max_length: 500, description: 'Why the fee is waived.' }
const lookup = { id_from_arg: 'invoice_id' }
const visible_columns = ['id', 'customer', 'late_fee_cents', 'waiver_reason']

/** What the command line is tried with. Sam works with the agent; Carol and Dana may decide, Eve may not. */
export const DESK_CONTRACT = {
  version: 1,
  mode: 'review',
  sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
  trusted_context: { provider: 'static_dev', values: { tenant_id: 'acme', principal: 'sam' } },
  operators: {
    carol: { roles: ['billing_lead'] },
    dana: { roles: ['billing_lead'] },
    sam: { roles: ['billing_lead'] },
    eve: { roles: [] },
  },
  capabilities: [
    {
      name: 'billing.inspect_invoice',
      kind: 'read',
      description: 'Reads one invoice with its late fee.',
      source: 'shop',
      target,
      args: { invoice_id },
      lookup,
      visible_columns,
      examples: [{ invoice_id: 'INV-3001' }],
    },
    {
      name: 'billing.propose_late_fee_waiver',
      kind: 'proposal',
      description: 'Proposes to waive the late fee of one invoice, with the reason.',
      source: 'shop',
      target,
      args: { invoice_id, reason },
      lookup,
      visible_columns,
      patch: { late_fee_cents: { fixed: 0 }, waiver_reason: { from_arg: 'reason' } },
      allowed_columns: ['late_fee_cents', 'waiver_reason'],
      conflict_guard: { column: 'version' },
      approval: { mode: 'human', required_role: 'billing_lead' },
      examples: [{ invoice_id: 'INV-3001', reason: 'The invoice was sent to an old address.' }],
    },
  ],
  workflows: [
    {
      name: 'billing.waive_late_fee',
      version: '1',
      description: 'Waives the late fee of one invoice, once a billing lead has agreed.',
      input: { invoice_id, reason },
      allowed_capabilities: ['billing.inspect_invoice', 'billing.propose_late_fee_waiver'],
      evidence: 'required',
      steps: [
        { key: 'invoice', capability: 'billing.inspect_invoice', args: { invoice_id: { from_input: 'invoice_id' } } },
        {
          key: 'waiver',
          capability: 'billing.propose_late_fee_waiver',
          args: { invoice_id: { from_input: 'invoice_id' }, reason: { from_input: 'reason' } },
        },
        { key: 'decision', await: 'approval', of: 'waiver' },
        { key: 'write', apply: 'waiver' },
        { key: 'check', capability: 'billing.inspect_invoice', args: { invoice_id: { from_input: 'invoice_id' } } },
      ],
    },
  ],
} as const
