import type { PartialSelection } from '../../onboarding/selection.js'

/** Answers to begin with where there is no database yet: the table of the recipe `billing.late_fee_waiver`. */
export const STARTER: PartialSelection = {
  engine: 'postgres',
  schema: 'public',
  table: 'invoices',
  primary_key: 'id',
  tenant_key: 'tenant_id',
  conflict_column: 'updated_at',
  namespace: 'billing',
  visible_columns: ['id', 'customer', 'status', 'balance_cents', 'late_fee_cents', 'waiver_reason'],
  untrusted_columns: ['customer', 'waiver_reason'],
  patch: { late_fee_cents: { fixed: 0 }, waiver_reason: { from_arg: 'reason' } },
  numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10_000 } },
  approval: { required_role: 'billing_lead' },
}
