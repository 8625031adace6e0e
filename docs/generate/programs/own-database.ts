import { CALLER, withShop } from './shop.js'

/** What `docs/own-database.md` shows. */
export function printedOfOwnDatabase(): Promise<ReadonlyMap<string, string>> {
  return withShop(async ({ type, read }) => {
    const start = await type(
      'start --path shop.db --table invoices --yes --patch late_fee_cents=fixed:0,waiver_reason=arg:reason --namespace billing --approver dana --object-id INV-3001',
      CALLER,
    )
    const migrated = await type('migrations apply billing')
    const smoke = await type('smoke', CALLER)
    const loop = [
      await type('propose billing.propose_invoice_update invoice_id=INV-3001 reason="The page was down."', CALLER),
      await type('proposals approve latest --as dana'),
      await type('apply latest'),
    ].join('\n')
    await type('init --path shop.db --table invoices --yes --save-selection answers.json --force')
    return new Map([
      ['start', start],
      ['migrated', migrated],
      ['smoke', smoke],
      ['loop', loop],
      ['env', read('.env.example')],
      ['selection', read('answers.json')],
    ])
  })
}
