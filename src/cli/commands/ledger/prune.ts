import type { Pruned, PruneOptions, Runner } from '../../../index.js'
import { type Call, defineCommand } from '../../command.js'
import { agreed } from '../../decider.js'
import type { Io } from '../../io.js'
import { duration, flag } from '../../options.js'
import { count } from '../../text/lines.js'
import { createProgress } from '../../text/progress.js'
import { usageError } from '../../usage-error.js'

const OPTIONS = {
  older_than: duration('--older-than <time>', 'What ended longer ago, such as 90d.'),
  by_retention: flag('--by-retention', 'What the retention of its workflow no longer keeps.'),
  dry_run: flag('--dry-run', 'Only count.'),
  yes: flag('-y, --yes', 'Do not ask.'),
}

/** `ledger prune`. */
export const ledgerPrune = defineCommand({
  name: 'ledger prune',
  aliases: ['store prune'],
  summary: 'Erase the content of what ended long ago, for good.',
  details:
    'The chain keeps its links and audit lines stay, so the ledger still verifies. What is open is never erased. Copy the ledger first, with ledger backup; ledger vacuum then gives the space back.',
  needs: 'runner',
  options: OPTIONS,
  examples: ['ledger prune --older-than 90d --dry-run', 'ledger prune --by-retention --yes'],
  async run(call, io) {
    const { yes = false, dry_run = false } = call.options
    const which = whichOf(call, io)
    const canAsk = io.interactive && !call.json
    const runner = await call.runner()
    const counted = dry_run || (!yes && canAsk) ? await prune(runner, { ...which, dry_run: true }, io) : undefined
    if (dry_run || (counted !== undefined && isNothing(counted))) return answer(counted)
    const question = counted === undefined ? '' : `Erase ${contentOf(counted)} for good?`
    if (!(await agreed(question, { yes, json: call.json, io, next: LOOK_FIRST }))) {
      return { document: counted, render: () => 'Nothing was erased.', exit_code: 1 }
    }
    return answer(await prune(runner, which, io))
  },
})

const LOOK_FIRST = 'Look at what it would erase with --dry-run, then give --yes.'

function whichOf({ options: { older_than, by_retention } }: Call<typeof OPTIONS>, { now }: Io): PruneOptions {
  if ((older_than === undefined) === (by_retention !== true)) {
    throw usageError('It takes one of --older-than and --by-retention.', 'Give one of them, such as --older-than 90d.')
  }
  return older_than === undefined ? { by_retention: true } : { older_than: new Date(now().getTime() - older_than) }
}

async function prune({ ledger }: Runner, options: PruneOptions, io: Io): Promise<Pruned> {
  const progress = createProgress(options.dry_run === true ? 'Counting' : 'Erasing', io)
  try {
    return await ledger.prune({ ...options, on_progress: progress.step })
  } finally {
    progress.end()
  }
}

function answer(pruned: Pruned | undefined) {
  return { document: pruned, render: () => (pruned === undefined ? '' : wordsOf(pruned)) }
}

function wordsOf(pruned: Pruned): string {
  if (isNothing(pruned)) return 'There is nothing to erase.'
  if (pruned.dry_run) return `It would erase ${contentOf(pruned)}. Nothing was erased.`
  return `Erased ${contentOf(pruned)}.\nledger vacuum gives the space back.`
}

function isNothing({ proposals, runs, entries, evidence, refusals }: Pruned): boolean {
  return proposals + runs + entries + evidence + refusals === 0
}

function contentOf({ proposals, runs, entries, evidence, refusals }: Pruned): string {
  const parts = [
    count(proposals, 'proposal'),
    count(runs, 'run'),
    `the content of ${count(entries, 'entry', 'entries')}`,
    `the rows of ${count(evidence, 'evidence bundle')}`,
    count(refusals, 'count of refusals', 'counts of refusals'),
  ]
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
