// Approved changes that a program of the app performs, on SQLite: it is started for each, and answers on its stdout.
// Runs by itself: npm run example:app-command
import { approvedBy, told } from '../reference/outcome.js'
import { play } from '../reference/play.js'
import { showReplay } from '../reference/replay.js'
import { openShop } from './world.js'

await play(openShop, async ({ runner, shop }) => {
  const session = runner.session()
  const approved = approvedBy(runner.reviewer({ id: 'mona', tenant_id: 'acme' }))
  const account = () => ({ ...shop.prepare(`select credit_cents, version from accounts where id = 'ACC-550'`).get() })

  // #region happy-path
  const args = { account_id: 'ACC-550', amount_cents: 1500, note: 'Two days without service.' }
  const credit = await approved(session.propose('credits.propose_credit', args))
  console.log('a rehearsal:', told(await runner.apply(credit, { dry_run: true })), account())
  console.log('a credit:', told(await runner.apply(credit)), account())
  console.log('and once more:', (await runner.apply(credit)).status, account())
  // #endregion

  // #region refusal
  const tooLarge = await approved(session.propose('credits.propose_credit', { ...args, amount_cents: 4000 }))
  shop.exec(`update credit_policies set max_cents = 2000 where tenant_id = 'acme'`)
  console.log('the app gives less credit now:', told(await runner.apply(tooLarge)))
  // #endregion

  // #region conflict
  const late = await approved(session.propose('credits.propose_credit', { ...args, amount_cents: 1000 }))
  shop.exec(`update accounts set credit_cents = 1700, version = version + 1 where id = 'ACC-550'`)
  console.log('the account changed meanwhile:', told(await runner.apply(late)))

  const again = await approved(session.propose('credits.propose_credit', { ...args, amount_cents: 1000 }))
  console.log('proposed and approved again:', told(await runner.apply(again)), account())
  // #endregion

  await showReplay(runner, again, ['Timeline', 'Receipt'])
})
