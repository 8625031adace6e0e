import { type ErrorShape, isRunnerError } from '../errors.js'
import type { Receipt, Runner } from '../index.js'
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

/** Applies every approved proposal, the oldest first. One that fails does not keep the others from it. */
export async function applyAll(runner: Runner, options: { dry_run: boolean }, io: Io): Promise<Output> {
  const ids = await approvedIds(runner)
  const progress = createProgress('Applying', io)
  const items: Item[] = []
  for (const id of ids) {
    items.push(await applyOne(runner, id, options))
    progress.step(items.length, ids.length)
  }
  progress.end()
  const isAllDone = items.every(({ receipt }) => receipt !== undefined && isDone(receipt))
  return { document: { items }, render: (view) => render(items, view), exit_code: isAllDone ? 0 : 1 }
}

/** All of them before the first is applied: applying moves them out of the list that is being walked. */
async function approvedIds({ proposals }: Runner): Promise<readonly string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof proposals.list>> = await proposals.list({
      status: 'approved',
      limit: 200,
      ...(cursor === null ? {} : { cursor }),
    })
    ids.push(...page.items.map(({ proposal_id }) => proposal_id))
    cursor = page.next_cursor
  } while (cursor !== null)
  return ids.reverse()
}

async function applyOne(runner: Runner, proposal_id: string, options: { dry_run: boolean }): Promise<Item> {
  try {
    return { proposal_id, receipt: await runner.apply(proposal_id, options) }
  } catch (error) {
    if (isRunnerError(error)) return { proposal_id, error: error.toJSON() }
    throw error
  }
}

function render(items: readonly Item[], { columns }: View): string {
  if (items.length === 0) return 'Nothing is approved and waiting to be applied.'
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
  return `${table}\n\n${done} of ${count(items.length, 'proposal')} ${done === 1 ? 'is' : 'are'} in the source.`
}
