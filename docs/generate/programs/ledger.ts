import type { Transcript } from './transcript.js'

const DAY = 24 * 60 * 60_000

/** What `docs/ledger.md` shows. */
export const ledger: Transcript = async ({ clock, type, propose, forge }) => {
  const old = await propose('late_fee_waiver', 'INV-3001', { note: 'The payment page was down.' })
  await type(`proposals approve ${old} --as carol`)
  await type(`apply ${old}`)
  clock.advance(120 * DAY)
  await propose('late_fee_waiver', 'INV-3002', { note: 'The letter came back.' })

  const stats = await type('ledger stats')
  const verify = await type('ledger verify')
  const backup = await type('ledger backup ledger-monday.db')
  const would = await type('ledger prune --older-than 90d --dry-run')
  const prune = await type('ledger prune --older-than 90d')
  const vacuum = await type('ledger vacuum')
  const erased = [await type('ledger verify'), await type(`replay ${old}`), await type(`receipts list`)].join('\n')
  forge('drop trigger entries_only_erased')
  forge(
    "update entries set body = replace(body, 'letter', 'cheque') where type = 'proposal.created' and body is not null",
  )
  const forged = await type('ledger verify')
  return { stats, verify, backup, would, prune, vacuum, erased, forged }
}
