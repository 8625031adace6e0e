// Approved changes that the app performs itself: four actions, a refusal, a conflict, a lost answer, a killed app.
// Runs by itself: npm run example:app-handler
import { approvedBy, refusalOf, told } from '../reference/outcome.js'
import { play } from '../reference/play.js'
import { showReplay } from '../reference/replay.js'
import { short } from '../reference/short.js'
import { madeIn, waitsForLock } from './looks.js'
import { openApp } from './world.js'

await play(openApp, async ({ runner, database, killApp, startApp }) => {
  const session = runner.session()
  const mona = runner.reviewer({ id: 'mona', tenant_id: 'acme' })
  const approved = approvedBy(mona)
  const credits = async () => (await madeIn(database)).account_credits

  // #region actions
  const review = { order_id: 'ORD-7001', amount_cents: 2500, reason: 'One of two lamps arrived broken.' }
  const refund = await approved(session.propose('refunds.propose_review', review))
  console.log('a refund review:', told(await runner.apply(refund)))
  const foreign = session.propose('refunds.propose_review', { ...review, order_id: 'ORD-9001' })
  console.log('the order of globex is not there:', await refusalOf(foreign))

  const subject = { account_id: 'ACC-550', subject: 'The lamp arrived broken', priority: 'normal' } as const
  const ticket = await approved(session.propose('tickets.propose_ticket', subject))
  console.log('a ticket:', told(await runner.apply(ticket)))

  const longer = { subscription_id: 'SUB-31', days: 14, reason: 'The import took two weeks.' }
  const trial = await approved(session.propose('trials.propose_extension', longer))
  console.log('a longer trial, over three tables:', told(await runner.apply(trial)))

  const small = { account_id: 'ACC-550', amount_cents: 1500, note: 'Two days without service.' }
  const credit = await approved(session.propose('credits.propose_credit', small))
  console.log('a credit:', told(await runner.apply(credit)))
  console.log('and once more:', (await runner.apply(credit)).status)
  // #endregion

  // #region refusal
  const large = { ...small, amount_cents: 4000 }
  const tooLarge = await approved(session.propose('credits.propose_credit', large))
  await database.run(`update credit_policies set max_cents = 2000 where tenant_id = 'acme'`)
  console.log('the app gives less credit now:', told(await runner.apply(tooLarge)))
  // #endregion

  // #region conflict
  const second = { ...small, note: 'A third day without service.' }
  const late = await approved(session.propose('credits.propose_credit', second))
  await database.run(`update accounts set plan = 'solo', updated_at = clock_timestamp() where id = 'ACC-550'`)
  console.log('the account changed meanwhile:', told(await runner.apply(late)))
  // #endregion

  // #region lost-answer
  const again = await approved(session.propose('credits.propose_credit', second))
  await database.run('begin; lock table account_credits')
  console.log('the app has to wait, and answers too late:', await refusalOf(runner.apply(again)))
  await database.run('commit')
  const settled = await runner.reconcile(again)
  console.log('asked again with the same key:', settled.status, short(settled.receipt?.details))
  console.log('credits:', await credits())
  // #endregion

  // #region killed
  const third = { ...small, note: 'A fourth day without service.' }
  const last = await approved(session.propose('credits.propose_credit', third))
  await database.run('begin; lock table account_credits')
  const apply = refusalOf(runner.apply(last))
  await waitsForLock(database)
  await killApp()
  console.log('the app is killed in the middle of it:', await apply)
  await database.run('commit')
  console.log('credits:', await credits())

  await startApp()
  console.log('started again, and asked again:', (await runner.reconcile(last)).status)
  console.log('credits:', await credits())
  // #endregion

  console.log('what the app has made:', await madeIn(database))
  await showReplay(runner, trial, ['Change', 'Timeline', 'Receipt'])
})
