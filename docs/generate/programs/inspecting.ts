import { withShop } from './shop.js'

/** What `docs/schema-inspection.md` shows. */
export function printedOfInspecting(): Promise<ReadonlyMap<string, string>> {
  return withShop(
    async ({ type }) =>
      new Map([
        ['tables', await type('inspect --path shop.db')],
        ['table', await type('inspect --path shop.db --table invoices')],
      ]),
  )
}
