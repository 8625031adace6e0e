import { isRunnerError, RunnerError } from '../errors.js'
import type { ForgetRequest, Forgotten } from '../ledger/ledger.js'
import { assertMade } from './assert-made.js'
import { advance, loadProposal } from './load-proposal.js'
import type { Ports } from './ports.js'

/** What a ledger may forget: what is old, or what the contract keeps no longer. */
export type PruneOptions = PruneScope & {
  /** Only count. @defaultValue `false` */
  readonly dry_run?: boolean
  /** Told after each batch how many records of how many were looked at. */
  readonly on_progress?: (done: number, total: number) => void
}

type PruneScope =
  | {
      /** Forget what ended, was captured or was counted before this moment. */
      readonly older_than: Date
      readonly by_retention?: false
    }
  | {
      /**
       * Forget what `retention` of its workflow in the contract no longer keeps: runs with their proposals `runs_days`
       * after they ended, their evidence `evidence_days` after. Nothing that belongs to no such workflow.
       */
      readonly by_retention: true
      readonly older_than?: never
    }

/** How much was erased; on a dry run, how much would be. */
export interface Pruned extends Forgotten {
  readonly dry_run: boolean
}

/** Erases what is old enough. What waits past its expiry is put on record as expired first, since it has ended too. */
export async function prune(ports: Ports, options: PruneOptions): Promise<Pruned> {
  const { dry_run = false, on_progress } = options
  let sum: Forgotten = { proposals: 0, runs: 0, entries: 0, evidence: 0, refusals: 0 }
  const passes = passesOf(ports, options)
  await assertMade(ports.ledger)
  for (const pass of passes) {
    if (!dry_run && pass.records_before !== null) await expireLapsed(ports, pass.records_before)
    const forgotten = await ports.ledger.forget({
      ...pass,
      dry_run,
      ...(on_progress === undefined ? {} : { on_progress }),
    })
    sum = added(sum, forgotten)
  }
  return { ...sum, dry_run }
}

type Pass = Omit<ForgetRequest, 'dry_run' | 'on_progress'>

function passesOf(ports: Ports, { older_than, by_retention = false }: PruneOptions): readonly Pass[] {
  if ((older_than === undefined) === !by_retention) throw invalid('Give either older_than or by_retention.')
  if (by_retention) return retentionPasses(ports)
  if (!(older_than instanceof Date) || Number.isNaN(older_than.getTime())) throw invalid('older_than is not a date.')
  // Nothing that may still happen is old, whatever the clock of whoever asks says.
  if (older_than.getTime() > ports.clock.now().getTime()) throw invalid('older_than lies in the future.')
  const before = older_than.toISOString()
  return [{ records_before: before, evidence_before: before, refusals_before: before }]
}

function retentionPasses({ contract, clock }: Ports): readonly Pass[] {
  const ago = (days: number | undefined): string | null =>
    days === undefined ? null : new Date(clock.now().getTime() - days * DAY_MS).toISOString()
  return contract.config.workflows.flatMap(({ name, retention }) => {
    if (retention === undefined) return []
    const { runs_days, evidence_days } = retention
    return [
      { workflow: name, records_before: ago(runs_days), evidence_before: ago(evidence_days), refusals_before: null },
    ]
  })
}

const DAY_MS = 24 * 60 * 60 * 1000

/** As the next proposal on the same row would. Nothing can follow: apply holds the expiry itself. */
async function expireLapsed(ports: Ports, as_of: string): Promise<void> {
  for (let after: string | null = null; ; ) {
    const lapsed: readonly string[] = await ports.ledger.lapsedProposals(as_of, after)
    const last = lapsed.at(-1)
    if (last === undefined) return
    for (const id of lapsed) await expire(ports, id)
    after = last
  }
}

async function expire(ports: Ports, id: string): Promise<void> {
  const loaded = await loadProposal(ports, id).catch(unlessDamaged)
  if (loaded === undefined) return
  const { status, frozen } = loaded.state
  if (status !== 'pending_review' && status !== 'approved') return
  const at = ports.clock.now().toISOString()
  // Where somebody is faster, it waits for the next time.
  await advance(ports, loaded, {
    durability: 'durable',
    entry: { type: 'proposal.expired', subject: id, at, body: { expired_at: frozen.expires_at } },
  })
}

/** What is not what was recorded is left as it is, for `verify` to tell of. */
function unlessDamaged(error: unknown): undefined {
  if (isRunnerError(error) && (error.code === 'INTEGRITY' || error.code === 'ERASED')) return undefined
  throw error
}

function added(sum: Forgotten, more: Forgotten): Forgotten {
  return {
    proposals: sum.proposals + more.proposals,
    runs: sum.runs + more.runs,
    entries: sum.entries + more.entries,
    evidence: sum.evidence + more.evidence,
    refusals: sum.refusals + more.refusals,
  }
}

function invalid(message: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', message, { next: 'Name a moment in the past, or set by_retention.' })
}
