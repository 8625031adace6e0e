import type { Receipt } from '../../index.js'
import { type Call, defineCommand, type Output } from '../command.js'
import { readJson } from '../files.js'
import type { Io } from '../io.js'
import { resolveId } from '../latest.js'
import { flag, hidden, text } from '../options.js'
import { isDone, renderReceipt } from '../text/receipt.js'
import { usageError } from '../usage-error.js'

const OPTIONS = {
  all_approved: flag('--all-approved', 'Every approved proposal, the oldest first.'),
  job: text('--job <file>', 'A job of proposals job.'),
  dry_run: flag('--dry-run', 'Check everything, in a transaction that is rolled back.'),
  proposal: hidden(text('--proposal <id>', 'As the argument.')),
  yes: hidden(flag('-y, --yes', 'Nothing is asked.')),
  actor: hidden(text('--actor <person>', 'Who applies is not on record.')),
}

/** `apply`. */
export const applyCommand = defineCommand({
  name: 'apply',
  summary: 'Write an approved change to its source, once.',
  details:
    'Exits 0 where the change is in the source, now or already; 1 where it is not. Where the outcome is not known, run it again or reconcile: neither writes twice.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'An approved proposal, or latest.', optional: true }],
  options: OPTIONS,
  examples: ['apply latest', 'apply --all-approved', 'apply wrp_… --dry-run'],
  async run(call, io) {
    const target = targetOf(call)
    if (target.kind === 'all') {
      const { applyAll } = await import('../apply-all.js')
      return applyAll(await call.runner(), { dry_run: call.options.dry_run === true }, io)
    }
    return single(await receiptOf(target, call, io))
  },
})

type Target =
  | { readonly kind: 'all' }
  | { readonly kind: 'job'; readonly file: string }
  | { readonly kind: 'proposal'; readonly id: string }

function targetOf({ args, options }: Call<typeof OPTIONS>): Target {
  const targets: readonly (Target | undefined)[] = [
    options.all_approved === true ? { kind: 'all' } : undefined,
    options.job === undefined ? undefined : { kind: 'job', file: options.job },
    options.proposal === undefined ? undefined : { kind: 'proposal', id: options.proposal },
    args.id === undefined ? undefined : { kind: 'proposal', id: args.id },
  ]
  const [target, another] = targets.filter((each) => each !== undefined)
  if (target === undefined)
    throw usageError('It is not said what to apply.', 'Give an id, latest, --all-approved or --job <file>.')
  if (another !== undefined) throw usageError('More than one thing to apply is given.', 'Give one of them.')
  if (target.kind === 'job' && options.dry_run === true) {
    throw usageError('A job has no dry run.', 'Run apply <id> --dry-run where the ledger is.')
  }
  return target
}

async function receiptOf(
  target: Exclude<Target, { kind: 'all' }>,
  call: Call<typeof OPTIONS>,
  io: Io,
): Promise<Receipt> {
  const runner = await call.runner()
  if (target.kind === 'job') return runner.applyJob(readJson(target.file, io))
  const id = await resolveId(target.id, 'proposal', runner, io)
  return runner.apply(id, { dry_run: call.options.dry_run === true })
}

function single(receipt: Receipt): Output {
  return { document: receipt, render: (view) => renderReceipt(receipt, view), exit_code: isDone(receipt) ? 0 : 1 }
}
