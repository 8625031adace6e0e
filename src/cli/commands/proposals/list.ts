import type { Page, Proposal, ProposalSummary, Runner } from '../../../index.js'
import { PROPOSAL_STATUSES } from '../../../protocol/status.js'
import { type Call, defineCommand, type View } from '../../command.js'
import { deciderOf } from '../../decider.js'
import { given } from '../../given.js'
import { PAGING } from '../../list-options.js'
import { choice, flag, text } from '../../options.js'
import { renderPage } from '../../text/page.js'
import type { Column } from '../../text/table.js'
import { age, isSoon, until } from '../../text/time.js'
import { shown } from '../../text/value.js'
import { usageError } from '../../usage-error.js'

/** A line of the list: what the ledger lists, and the proposal itself where it can be read. */
interface Line {
  readonly summary: ProposalSummary
  readonly proposal: Proposal | undefined
}

const OPTIONS = {
  status: choice('--status <status>', 'Only these.', PROPOSAL_STATUSES),
  mine: flag('--mine', 'Only what the person of --as may decide on now.'),
  tenant: text('--tenant <id>', 'Only of this tenant.'),
  capability: text('--capability <name>', 'Only of this capability. Needs --tenant or --run.'),
  run: text('--run <id>', 'Only of this run.'),
  ...PAGING,
}

/** `proposals list`. */
export const proposalsList = defineCommand({
  name: 'proposals list',
  is_default: true,
  summary: 'List proposals, the newest first.',
  details: 'What expires within the hour is marked with !. --mine leaves only what you may decide on now.',
  needs: 'runner',
  decides: true,
  options: OPTIONS,
  examples: ['proposals list --status pending_review', 'proposals list --mine --as carol'],
  async run(call) {
    const runner = await call.runner()
    const page = call.options.mine === true ? await mine(runner, call) : await all(runner, call)
    const lines = call.json ? [] : await loadLines(runner, page.items)
    const none = call.options.mine === true ? 'Nothing waits for your decision.' : 'There are no such proposals.'
    return {
      document: page,
      render: (view) => renderPage({ ...page, items: lines }, columnsOf(view), { none, view }),
    }
  },
})

function all({ proposals }: Runner, { options }: Call<typeof OPTIONS>): Promise<Page<ProposalSummary>> {
  return proposals.list(given({ ...narrowing(options), tenant_id: options.tenant, status: options.status }))
}

function mine(runner: Runner, call: Call<typeof OPTIONS>): Promise<Page<ProposalSummary>> {
  const { status, tenant } = call.options
  if (status !== undefined && status !== 'pending_review') {
    throw usageError('--mine lists what waits for a decision.', 'Leave --status out.')
  }
  const reviewer = runner.reviewer({ ...deciderOf(call), ...given({ tenant_id: tenant }) })
  return reviewer.queue({ ...given(narrowing(call.options)), mine: true })
}

/** No index holds capabilities alone. */
function narrowing({ capability, run, tenant, limit, cursor }: Call<typeof OPTIONS>['options']) {
  if (capability !== undefined && tenant === undefined && run === undefined) {
    throw usageError(
      '--capability only narrows what is listed of one tenant or run.',
      'Give --tenant or --run as well.',
    )
  }
  return { capability, run_id: run, limit, cursor }
}

/** One that is not as recorded is listed all the same: the others must stay in sight. */
async function loadLines(runner: Runner, items: readonly ProposalSummary[]): Promise<readonly Line[]> {
  return Promise.all(
    items.map(async (summary) => ({
      summary,
      proposal: await runner.proposals.get(summary.proposal_id).catch(() => undefined),
    })),
  )
}

function columnsOf({ now, paint }: View): readonly Column<Line>[] {
  const marked = ({ summary }: Line) => summary.status === 'pending_review' && isSoon(summary.expires_at, now)
  return [
    { title: '', value: (line) => (marked(line) ? '!' : ''), paint: (cell) => paint.yellow(cell) },
    { title: 'PROPOSAL', value: ({ summary }) => summary.proposal_id },
    { title: 'STATUS', value: ({ summary }) => summary.status },
    { title: 'AGE', value: ({ summary }) => age(summary.created_at, now), align: 'right' },
    {
      title: 'EXPIRES',
      value: ({ summary }) => until(summary.expires_at, now),
      narrow: 'drop',
      paint: (cell, line) => (marked(line) ? paint.yellow(cell) : cell),
    },
    { title: 'OBJECT', value: ({ proposal }) => objectOf(proposal), narrow: 'cut' },
    { title: 'CHANGE', value: ({ proposal }) => changeOf(proposal), narrow: 'cut' },
    { title: 'PROPOSED BY', value: ({ summary }) => summary.principal, narrow: 'drop' },
    { title: 'TENANT', value: ({ summary }) => summary.tenant_id, narrow: 'drop' },
    { title: 'CAPABILITY', value: ({ summary }) => summary.capability, narrow: 'drop' },
  ]
}

function objectOf(proposal: Proposal | undefined): string {
  return proposal === undefined ? 'not as recorded' : `${proposal.target.type} ${proposal.target.id}`
}

function changeOf(proposal: Proposal | undefined): string {
  return Object.entries(proposal?.diff ?? {})
    .map(([column, { after }]) => `${column}: ${shown(after)}`)
    .join(', ')
}
