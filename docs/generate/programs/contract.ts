import { defineConfig } from '../../../src/index.js'

const common = {
  source: 'shop',
  target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
  lookup: { id_from_arg: 'invoice_id' },
  visible_columns: ['id', 'customer', 'late_fee_cents', 'credit_cents', 'note'],
  conflict_guard: { column: 'version' },
} as const
const invoice_id = { type: 'string', max_length: 64 } as const
const note = { type: 'string', max_length: 300 } as const

/** What the pages about the command line show. Agents act for Sam; Carol, Dana and Erin decide. */
export const TERMINAL_CONTRACT = defineConfig({
  version: 1,
  mode: 'review',
  sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
  trusted_context: {
    provider: 'http_claims',
    values: { tenant_id_key: 'org', principal_key: 'client', on_behalf_of_key: 'sub' },
  },
  operators: {
    carol: { roles: ['billing_lead'] },
    dana: { roles: ['billing_lead', 'finance'] },
    erin: { roles: ['finance'] },
    sam: { roles: ['billing_lead', 'finance'] },
  },
  rate_limits: { calls_per_minute: 3, capabilities: { 'billing.propose_late_fee_waiver': { calls_per_minute: 60 } } },
  capabilities: [
    {
      ...common,
      name: 'billing.propose_late_fee_waiver',
      kind: 'proposal',
      args: { invoice_id, note },
      patch: { late_fee_cents: { fixed: 0 }, note: { from_arg: 'note' } },
      allowed_columns: ['late_fee_cents', 'note'],
      approval: { required_role: 'billing_lead' },
    },
    {
      ...common,
      name: 'billing.propose_credit',
      kind: 'proposal',
      args: { invoice_id, credit_cents: { type: 'integer', minimum: 1 }, note },
      patch: { credit_cents: { from_arg: 'credit_cents' }, note: { from_arg: 'note' } },
      allowed_columns: ['credit_cents', 'note'],
      numeric_bounds: { credit_cents: { minimum: 0, maximum: 20000 } },
      approval: { required_role: 'finance', required_approvals: 2 },
    },
  ],
})
