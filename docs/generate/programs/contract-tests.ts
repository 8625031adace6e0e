import { layOut } from '../json.js'
import { CALLER, type Shop, withShop } from './shop.js'

const INIT =
  'init --path shop.db --table invoices --yes --patch late_fee_cents=fixed:0,waiver_reason=arg:reason --namespace billing --approver dana --object-id INV-3001'

const CASES = {
  schema_version: 'synapsor.contract-cases.v1',
  cases: [
    {
      name: 'an invoice of another tenant is not there',
      capability: 'billing.inspect_invoice',
      args: { invoice_id: 'INV-9001' },
      expect: { refused: 'NOT_FOUND' },
    },
    {
      name: 'nobody names a tenant',
      capability: 'billing.inspect_invoice',
      args: { invoice_id: 'INV-3001', tenant_id: 'globex' },
      expect: { refused: { code: 'INVALID_ARGUMENT', argument: 'tenant_id' } },
    },
    {
      name: 'an invoice is shown with its fee',
      capability: 'billing.inspect_invoice',
      args: { invoice_id: 'INV-3001' },
      expect: { read: { row_count: 1, columns: { late_fee_cents: 5500 } } },
    },
    {
      name: 'a waiver sets the fee to nothing, and says why',
      capability: 'billing.propose_invoice_update',
      args: { invoice_id: 'INV-3001', reason: 'outage' },
      expect: { proposed: { late_fee_cents: { before: 5500, after: 0 }, waiver_reason: 'outage' } },
    },
  ],
}

/** What `docs/contract-tests.md` shows. */
export function printedOfContractTests(): Promise<ReadonlyMap<string, string>> {
  return withShop(async (shop) => {
    const { type, write } = shop
    await type(INIT)
    write('cases.json', CASES)
    const passed = await type('contract test cases.json', CALLER)
    const reviewed = shop.read('synapsor.runner.json')
    write('reviewed.json', reviewed)
    const { diff, lint, failed } = await widened(shop, reviewed)
    return new Map([
      ['cases', layOut(CASES)],
      ['passed', passed],
      ['failed', failed],
      ['diff', diff],
      ['lint', lint],
    ])
  })
}

/** The same contract after somebody was in a hurry. */
async function widened({ type, write }: Shop, reviewed: string) {
  const contract = reviewed
    .replace('"fixed": 0', '"from_arg": "fee"')
    .replace(/"numeric_bounds": \{[\s\S]*?\}\s+\},\s+/, '')
    .replace('"reason": {', '"fee": { "type": "integer" },\n        "reason": {')
    .replace('"reason": "A sample', '"fee": 100,\n          "reason": "A sample')
    .replace('"waiver_reason",\n        "version"', '"waiver_reason",\n        "api_token",\n        "version"')
  write('synapsor.runner.json', contract)
  return {
    diff: await type('contract diff reviewed.json'),
    lint: await type('contract lint'),
    failed: await type('contract test cases.json', CALLER),
  }
}
