import type { Run, Runner, RunSummary } from '../../../index.js'
import { RUN_ENDS, RUN_STATUSES } from '../../../protocol/run-status.js'
import { type Call, defineCommand, type View } from '../../command.js'
import { given } from '../../given.js'
import { PAGING } from '../../list-options.js'
import { choice, text } from '../../options.js'
import { renderPage } from '../../text/page.js'
import { moverOf } from '../../text/run-words.js'
import type { Column } from '../../text/table.js'
import { age } from '../../text/time.js'
import { usageError } from '../../usage-error.js'

/** A line of the list: what the ledger lists, and the run as it stands now where it can be read. */
interface Line {
  readonly summary: RunSummary
  readonly run: Run | undefined
}

const OPTIONS = {
  status: choice('--status <status>', 'Only these, as they are on record.', RUN_STATUSES),
  tenant: text('--tenant <id>', 'Only of this tenant.'),
  workflow: text('--workflow <name>', 'Only of this workflow. Needs --tenant or --status.'),
  ...PAGING,
}

/** `runs list`, and `runs` alone. */
export const runsList = defineCommand({
  name: 'runs list',
  is_default: true,
  summary: 'List runs of workflows, the newest first, and who moves next in each.',
  details: 'A status in which a run has ended needs --tenant.',
  needs: 'runner',
  options: OPTIONS,
  examples: ['runs list --status waiting_approval', 'runs list --tenant acme --workflow billing.waive_late_fee'],
  async run(call) {
    const filter = filterOf(call)
    const runner = await call.runner()
    const page = await runner.runs.list(filter)
    const lines = call.json ? [] : await loadLines(runner, page.items)
    return {
      document: page,
      render: (view) =>
        renderPage({ ...page, items: lines }, columnsOf(view), { none: 'There are no such runs.', view }),
    }
  },
})

function filterOf({ options: { status, tenant, workflow, limit, cursor } }: Call<typeof OPTIONS>) {
  const hasEnded = RUN_ENDS.some((end) => end === status)
  if (tenant === undefined && hasEnded) {
    throw usageError(`Runs that are ${status} are listed of one tenant at a time.`, 'Give --tenant <id> as well.')
  }
  if (tenant === undefined && status === undefined && workflow !== undefined) {
    throw usageError('--workflow only narrows what another option finds.', 'Give --tenant <id> or --status as well.')
  }
  return given({ status, tenant_id: tenant, workflow, limit, cursor })
}

/** One that is not as recorded is listed all the same: the others must stay in sight. */
async function loadLines({ runs }: Runner, items: readonly RunSummary[]): Promise<readonly Line[]> {
  return Promise.all(
    items.map(async (summary) => ({ summary, run: await runs.get(summary.run_id).catch(() => undefined) })),
  )
}

function columnsOf({ now }: View): readonly Column<Line>[] {
  return [
    { title: 'RUN', value: ({ summary }) => summary.run_id },
    { title: 'STATUS', value: ({ run }) => run?.status ?? 'not as recorded' },
    { title: 'AGE', value: ({ summary }) => age(summary.created_at, now), align: 'right' },
    { title: 'NEXT', value: ({ run }) => (run === undefined ? '' : moverOf(run)), narrow: 'drop' },
    { title: 'WORKFLOW', value: ({ summary }) => summary.workflow, narrow: 'cut' },
    { title: 'PROPOSAL', value: ({ run }) => run?.proposal_id ?? '', narrow: 'drop' },
    { title: 'STARTED BY', value: ({ summary }) => summary.principal, narrow: 'drop' },
    { title: 'TENANT', value: ({ summary }) => summary.tenant_id, narrow: 'drop' },
  ]
}
