import { DEMO_CONTRACT } from '../../src/cli/demo/contract.js'

const invoice_id = { type: 'string', max_length: 64, description: 'Id of the invoice.' }

/** The contract of the demo with a workflow: a waiver from the first look to the row as it is afterwards. */
export const WORKFLOW_CONTRACT = {
  ...DEMO_CONTRACT,
  workflows: [
    {
      name: 'billing.waive_late_fee',
      version: '1',
      description: 'Waives the late fee of one invoice, once a billing lead has agreed.',
      input: { invoice_id, reason: { type: 'string', max_length: 500, description: 'Why the fee is waived.' } },
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
}
