import type { ContractCases } from '../src/contract-test/cases.js'

/** What a contract for the late fee of the samples is tested with. */
export const sampleCases: ContractCases = {
  schema_version: 'synapsor.contract-cases.v1',
  cases: [
    {
      name: 'an invoice of another tenant is not there',
      capability: 'billing.inspect_invoice',
      context: { tenant_id: 'acme', principal: 'support_agent_17' },
      args: { invoice_id: 'INV-9001' },
      expect: { refused: 'NOT_FOUND' },
    },
    {
      name: 'a waiver needs a reason',
      capability: 'billing.propose_late_fee_waiver',
      context: { tenant_id: 'acme', principal: 'support_agent_17' },
      args: { invoice_id: 'INV-3001' },
      expect: { refused: { code: 'INVALID_ARGUMENT', argument: 'reason' } },
    },
    {
      name: 'a waiver sets the fee to nothing',
      capability: 'billing.propose_late_fee_waiver',
      context: { tenant_id: 'acme', principal: 'support_agent_17' },
      args: { invoice_id: 'INV-3001', reason: 'outage' },
      expect: { proposed: { late_fee_cents: { before: 5500, after: 0 }, waiver_reason: 'outage' } },
    },
    {
      name: 'an invoice is shown with its fee',
      capability: 'billing.inspect_invoice',
      context: { tenant_id: 'acme', principal: 'support_agent_17' },
      args: { invoice_id: 'INV-3001' },
      expect: { read: { row_count: 1, columns: { late_fee_cents: 5500 } } },
    },
  ],
}
