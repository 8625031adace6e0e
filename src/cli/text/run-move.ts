import type { Run, RunStep } from '../../index.js'
import type { View } from '../command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { count } from './lines.js'
import { renderWait, stepColumns } from './run.js'
import { moverOf } from './run-words.js'
import { renderTable } from './table.js'

/** Which steps moved, and what the run waits for now. */
export function renderMove(before: Run, after: Run, view: View): string {
  const moved = after.steps.filter((step) => !before.steps.some((earlier) => isSame(earlier, step)))
  const steps =
    moved.length === 0
      ? before.status === after.status
        ? 'Nothing could move.'
        : 'No step moved.'
      : renderTable(moved, stepColumns(view), view.columns)
  const title = view.paint.bold(escapeUntrusted(`${after.run_id}  ${after.status}`))
  return [title, '', steps, '', renderWait(after, view)].join('\n')
}

function isSame(one: RunStep, other: RunStep): boolean {
  return one.key === other.key && one.status === other.status
}

/** Every run that moved, and where it is now. */
export function renderMoved(runs: readonly Run[], { columns }: View): string {
  if (runs.length === 0) return 'No run could move.'
  const table = renderTable(
    runs,
    [
      { title: 'RUN', value: ({ run_id }) => run_id },
      { title: 'STATUS', value: ({ status }) => status },
      { title: 'NEXT', value: moverOf },
      { title: 'WORKFLOW', value: ({ workflow }) => workflow, narrow: 'cut' },
      { title: 'ERROR', value: ({ error }) => error?.code ?? '', narrow: 'drop' },
    ],
    columns,
  )
  return `${table}\n\n${count(runs.length, 'run')} moved.`
}
