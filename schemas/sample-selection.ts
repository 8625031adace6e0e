import type { Selection } from '../src/onboarding/selection.js'

/** The answers from which a contract for the late fee of the samples is made. */
export const sampleSelection: Selection = {
  version: 1,
  engine: 'postgres',
  schema: 'public',
  table: 'invoices',
  primary_key: 'id',
  tenant_key: 'tenant_id',
  namespace: 'billing',
  visible_columns: ['id', 'status', 'late_fee_cents', 'waiver_reason'],
  untrusted_columns: ['waiver_reason'],
  conflict_column: 'updated_at',
  patch: { late_fee_cents: { fixed: 0 }, waiver_reason: { from_arg: 'reason' } },
  numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10000 } },
  approval: { required_role: 'billing_lead' },
  operators: ['dana'],
}
