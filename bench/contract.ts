import type { Config } from '../src/index.js'

export type SourceOfContract = NonNullable<Config['sources']>[string]

export const INSPECT = 'billing.inspect_invoice'
export const PROPOSE = 'billing.propose_late_fee_waiver'

/** The two as MCP clients call them. */
export const READ_TOOL = 'billing__inspect_invoice'
export const PROPOSE_TOOL = 'billing__propose_late_fee_waiver'

/** What an inspection answers with, and so what a reference has to select. */
export const VISIBLE_COLUMNS = ['id', 'customer', 'status', 'late_fee_cents', 'waiver_reason', 'amount'] as const

export const TENANT = 'acme'
export const agent = { tenant_id: TENANT, principal: 'support_agent_17' } as const
export const lead = { id: 'dana', roles: ['billing_lead'] } as const

/** A contract as a first user writes it: one read, and one change that a person approves. */
export function contractOf(source: SourceOfContract): Config {
  const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' }
  const lookup = { id_from_arg: 'invoice_id' }
  return {
    version: 1,
    mode: 'review',
    sources: { shop: source },
    capabilities: [
      {
        name: INSPECT,
        kind: 'read',
        source: 'shop',
        target,
        args: { invoice_id: { type: 'string', max_length: 64 } },
        lookup,
        visible_columns: [...VISIBLE_COLUMNS],
        max_rows: 1,
      },
      {
        name: PROPOSE,
        kind: 'proposal',
        source: 'shop',
        target,
        args: {
          invoice_id: { type: 'string', max_length: 64 },
          reason: { type: 'string', max_length: 200 },
          fee: { type: 'integer' },
        },
        lookup,
        visible_columns: ['id', 'customer', 'status', 'late_fee_cents', 'waiver_reason'],
        max_rows: 1,
        patch: { late_fee_cents: { from_arg: 'fee' }, waiver_reason: { from_arg: 'reason' } },
        allowed_columns: ['late_fee_cents', 'waiver_reason'],
        numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 100_000 } },
        conflict_guard: { column: 'updated_at' },
        approval: { mode: 'human', required_role: 'billing_lead' },
      },
    ],
  }
}

export function invoiceId(number: number): string {
  return `INV-${String(number).padStart(6, '0')}`
}
