import { type ErrorShape, isRunnerError, RunnerError } from '../errors.js'
import type { Page, ProposalSummary, Receipt, Runner } from '../index.js'
import type { ProposalStatus } from '../protocol/status.js'
import type { Output, View } from './command.js'
import type { Io } from './io.js'
import { count } from './text/lines.js'
import { createProgress } from './text/progress.js'
import { isDone } from './text/receipt.js'
import { renderTable } from './text/table.js'

/** What became of one of them: a receipt, or why there is none. */
interface Item {
  readonly proposal_id: string
  readonly receipt?: Receipt
  readonly error?: ErrorShape
}

/**
 * Applies every approved proposal, the oldest first, and settles what was cut off before. One that fails does not keep
 * the others from it; a signal ends it behind the one that is worked on.
 */
export async function applyAll(runner: Runner, options: { readonly dry_run: boolean }, io: Io): Promise<Output> {
  const ids = await idsOf(runner, options.dry_run ? ['approved'] : ['outcome_unknown', 'applying', 'approved'])
  const progress = createProgress('Applying', io)
  const stop = await io.untilStopped()
  const items: Item[] = []
  for (const id of ids) {
    if (stop.signal.aborted) break
    items.push(await applyOne(runner, id, options))
    progress.step(items.length, ids.length)
  }
  stop.dispose()
  progress.end()
  const not_begun = ids.length - items.length
  const isAllDone = not_begun === 0 && items.every(({ receipt }) => receipt !== undefined && isDone(receipt))
  return {
    document: { items, not_begun },
    render: (view) => render(items, not_begun, view),
    exit_code: isAllDone ? 0 : 1,
  }
}

/** All of them before the first is applied: applying moves them out of the lists that are being walked. */
async function idsOf(runner: Runner, statuses: readonly ProposalStatus[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (const status of statuses) ids.push(...(await idsWith(runner, status)).reverse())
  return ids
}

async function idsWith({ proposals }: Runner, status: ProposalStatus): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page: Page<ProposalSummary> = await proposals.list({
      status,
      limit: 200,
      ...(cursor === null ? {} : { cursor }),
    })
    ids.push(...page.items.map(({ proposal_id }) => proposal_id))
    cursor = page.next_cursor
  } while (cursor !== null)
  return ids
}

/** What is on record of the others must be told, whatever happens to one. */
async function applyOne(runner: Runner, proposal_id: string, options: { readonly dry_run: boolean }): Promise<Item> {
  try {
    return { proposal_id, receipt: await runner.apply(proposal_id, options) }
  } catch (cause) {
    const error = isRunnerError(cause)
      ? cause
      : new RunnerError('INTERNAL', 'Something unexpected went wrong.', { cause })
    return { proposal_id, error: error.toJSON() }
  }
}

function render(items: readonly Item[], not_begun: number, { columns }: View): string {
  if (items.length + not_begun === 0) return 'Nothing is approved and waiting to be applied.'
  const done = items.filter(({ receipt }) => receipt !== undefined && isDone(receipt)).length
  const table = renderTable(
    items,
    [
      { title: 'PROPOSAL', value: ({ proposal_id }) => proposal_id },
      { title: 'OUTCOME', value: ({ receipt, error }) => receipt?.status ?? error?.code ?? '' },
      {
        title: 'WHAT NOW',
        value: ({ receipt, error }) => receipt?.safe_error_code ?? error?.next ?? '',
        narrow: 'cut',
      },
    ],
    columns,
  )
  const left = not_begun === 0 ? '' : ` Stopped before the other ${not_begun}: run it again.`
  return `${table}\n\n${done} of ${count(items.length, 'proposal')} ${done === 1 ? 'is' : 'are'} in the source.${left}`
}
