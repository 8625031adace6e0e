import { losePowerWhileApplying } from '../../../test/support/lose-power.js'
import type { Transcript } from './transcript.js'

/** What `docs/reviewing.md` shows: a reviewer's day, in its order. */
export const reviewing: Transcript = async (desk) => {
  const { clock, type, propose } = desk
  const waiver = await propose('late_fee_waiver', 'INV-3001', { note: 'The payment page was down.' })
  clock.advance(25 * 60_000)
  const credit = await propose('credit', 'INV-3002', { credit_cents: 4000, note: 'Delivered a week late.' })
  clock.advance(10 * 60_000)

  const mine = await type('proposals list --mine --as carol')
  const card = await type(`proposals show ${waiver}`)
  const approve = await type(`proposals approve ${waiver} --as carol --reason "We were down that day."`)
  const dry_run = await type(`apply ${waiver} --dry-run`)
  const apply = await type(`apply ${waiver}`)
  const again = await type(`apply ${waiver}`)
  clock.advance(5 * 60_000)
  const replay = await type(`replay ${waiver}`)

  const quorum = [
    await type(`proposals approve ${credit} --as carol`),
    await type(`proposals approve ${credit} --as sam`),
    await type(`proposals approve ${credit} --as dana`),
    await type(`proposals approve ${credit} --as dana`),
    await type(`proposals approve ${credit} --as erin`),
  ]
  desk.sql("update invoices set credit_cents = 500, version = version + 1 where id = 'INV-3002'")
  const changed = (await type(`proposals show ${credit}`)).split('\n').filter((line) => line.includes('Source now'))
  const conflict = await type(`apply ${credit}`)

  const second = await propose('late_fee_waiver', 'INV-3003', { note: 'He asked.' })
  const request = await type(`proposals request-info ${second} --as carol --question "Asked for what reason?"`)
  const reject = await type(`proposals reject ${second} --as carol --reason "No reason was given."`)

  const third = await propose('late_fee_waiver', 'INV-3003', { note: 'Moved house, the letter came back.' })
  await type(`proposals approve ${third} --as carol`)
  const revoke = await type(`proposals revoke ${third} --as carol --reason "Approved by mistake." --yes`)

  const fourth = await propose('late_fee_waiver', 'INV-3003', { note: 'The letter came back.' })
  await type(`proposals approve ${fourth} --as dana`)
  await losePowerWhileApplying(desk, fourth)
  clock.advance(2 * 60_000)
  const unknown = await type('proposals list --status outcome_unknown')
  const reconcile = await type(`reconcile ${fourth}`)

  return {
    ...{ mine, card, approve, dry_run, apply, again, replay, conflict, request, reject, revoke, unknown, reconcile },
    quorum: quorum.join('\n'),
    changed: changed.join('\n'),
  }
}
