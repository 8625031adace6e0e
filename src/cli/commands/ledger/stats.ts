import type { LedgerStats } from '../../../index.js'
import { defineCommand, type View } from '../../command.js'
import { renderFields } from '../../text/fields.js'
import { size } from '../../text/size.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `ledger stats`. */
export const ledgerStats = defineCommand({
  name: 'ledger stats',
  aliases: ['store stats'],
  summary: 'Tell where the ledger is, how much is in it, and how large it is.',
  needs: 'runner',
  examples: ['ledger stats'],
  async run({ runner: open }) {
    const runner = await open()
    const stats = await runner.ledger.stats()
    return { document: stats, render: (view) => render(stats, view) }
  },
})

function render({ location, schema_version, bytes, ...counts }: LedgerStats, { columns }: View): string {
  return renderFields(
    [
      ['Ledger', escapeUntrusted(location)],
      ['Schema', String(schema_version)],
      ['Size', size(bytes)],
      ['Entries', String(counts.entries)],
      ['Proposals', String(counts.proposals)],
      ['Runs', String(counts.runs)],
      ['Evidence', String(counts.evidence)],
    ],
    columns,
  )
}
