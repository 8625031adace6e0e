import { withShop } from './shop.js'

/** What `recipes/README.md` shows of the command line. */
export function printedOfRecipes(): Promise<ReadonlyMap<string, string>> {
  return withShop(
    async ({ type }) =>
      new Map([
        ['list', await type('recipes list')],
        [
          'show',
          (await type('recipes show billing.late_fee_waiver')).replace(/\n\nIts table[\s\S]*/, '\n\nIts table\n…'),
        ],
        ['init', await type('recipes init billing.late_fee_waiver')],
      ]),
  )
}
