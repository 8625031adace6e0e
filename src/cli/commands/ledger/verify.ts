import type { Verification } from '../../../index.js'
import { defineCommand, type View } from '../../command.js'
import { count } from '../../text/lines.js'
import { createProgress } from '../../text/progress.js'
import { renderTable } from '../../text/table.js'

/** `ledger verify`. */
export const ledgerVerify = defineCommand({
  name: 'ledger verify',
  summary: 'Walk the whole ledger and report every record that is not as it was written.',
  details: 'Exits 1 where there is one. Takes as long as the ledger is large.',
  needs: 'runner',
  examples: ['ledger verify'],
  async run({ runner: open }, io) {
    const runner = await open()
    const progress = createProgress('Verifying', io)
    try {
      const found = await runner.ledger.verify({ on_progress: progress.step })
      return { document: found, render: (view) => render(found, view), exit_code: found.ok ? 0 : 1 }
    } finally {
      progress.end()
    }
  },
})

function render({ ok, entries, problems }: Verification, { columns, paint }: View): string {
  if (ok) return `${paint.green('The ledger is whole.')} ${count(entries, 'entry', 'entries')} were walked.`
  const table = renderTable(
    problems,
    [
      { title: 'SEQ', value: ({ seq }) => String(seq), align: 'right' },
      { title: 'PROBLEM', value: ({ code }) => code, paint: (cell) => paint.red(cell) },
      { title: 'WHAT', value: ({ message }) => message, narrow: 'cut' },
    ],
    columns,
  )
  const found = paint.red(`The ledger is not whole: ${count(problems.length, 'problem')} in ${entries} entries.`)
  return `${table}\n\n${found}\nApply nothing that rests on these, and find out who changed the file.`
}
