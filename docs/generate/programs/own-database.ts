import { layOut } from '../json.js'
import { takeProposed } from './asked.js'
import { CALLER, withShop } from './shop.js'

const ANSWERS =
  '--path shop.db --table invoices --yes --patch late_fee_cents=fixed:0,waiver_reason=arg:reason --namespace billing --approver dana --object-id INV-3001'

/** The one question whose answer is nothing, unless somebody chooses. */
const PROPOSED = 'Which columns may be proposed to change? None means read only.'

/** As the page has it, in one line: nothing is asked, of nobody. */
export const FLAGS =
  'init --engine postgres --from-env DATABASE_URL --schema public --table invoices --primary-key id --tenant-key tenant_id --conflict-column updated_at --visible-columns id,status,late_fee_cents,waiver_reason --patch late_fee_cents=fixed:0,waiver_reason=arg:reason --numeric-bound late_fee_cents=0:10000 --namespace billing --approver-role billing_lead --approver dana'

/** What `docs/own-database.md` shows. */
export function printedOfOwnDatabase(): Promise<ReadonlyMap<string, string>> {
  return withShop(async ({ type, read }) => {
    const start = await type(`start ${ANSWERS}`, CALLER)
    const migrated = await type('migrations apply billing')
    const smoke = await type('smoke', CALLER)
    const loop = [
      await type('propose billing.propose_invoice_update invoice_id=INV-3001 reason="The page was down."', CALLER),
      await type('proposals approve latest --as dana'),
      await type('apply latest'),
    ].join('\n')
    const questions = takeProposed({ [PROPOSED]: ['status', 'late_fee_cents', 'waiver_reason'] })
    await type('init --path shop.db --force', {}, questions.asker)
    await type(`${FLAGS} --save-selection answers.json --force`)
    return new Map([
      ['start', start],
      ['questions', questions.table()],
      ['migrated', migrated],
      ['smoke', smoke],
      ['loop', loop],
      ['env', read('.env.example')],
      ['roles', read('synapsor.roles.sql')],
      ['selection', layOut(JSON.parse(read('answers.json')))],
    ])
  })
}
