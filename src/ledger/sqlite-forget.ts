import { setTimeout as sleep } from 'node:timers/promises'
import type { ForgetRequest, Forgotten } from './retention.js'
import { readInteger } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { countRefusals, deleteRefusals } from './sqlite-erase.js'
import { eraseEvidence, findKept } from './sqlite-forget-evidence.js'
import { eraseProposals, eraseRuns } from './sqlite-forget-records.js'
import type { Run } from './sqlite-store.js'

/** What one transaction of a walk came to. */
export interface Piece {
  /** The place that it came up to, `undefined` at the end. */
  readonly next: number | undefined
  readonly looked_at: number
  readonly forgotten?: Partial<Forgotten>
}

/** One transaction of a walk, behind the place `after`. */
export type Work = (file: Connection, after: number) => Piece

/** Forgets what a request names, a few records in each transaction. */
export async function forgetSqlite(run: Run, request: ForgetRequest): Promise<Forgotten> {
  const { dry_run, on_progress } = request
  const total = await run((file) => countRecords(file, request))
  let done = 0
  let forgotten: Forgotten = { proposals: 0, runs: 0, entries: 0, evidence: 0, refusals: 0 }

  const transact = (work: Work, after: number): Promise<Piece> =>
    run((file) => (dry_run ? file.read(() => work(file, after)) : file.write('relaxed', () => work(file, after))))

  for (const work of worksOf(request)) {
    for (let next: number | undefined = 0; next !== undefined; ) {
      const began = performance.now()
      const piece: Piece = await transact(work, next)
      next = piece.next
      done += piece.looked_at
      forgotten = added(forgotten, piece.forgotten ?? {})
      on_progress?.(done, Math.max(done, total))
      // For as long as it held the lock, it leaves the lock to others.
      await sleep(performance.now() - began)
    }
  }
  return forgotten
}

function worksOf(request: ForgetRequest): readonly Work[] {
  const { records_before, evidence_before, refusals_before } = request
  const kept = new Set<string>()
  return [
    ...(records_before === null ? [] : [eraseProposals(records_before, request), eraseRuns(records_before, request)]),
    ...(evidence_before === null
      ? []
      : [findKept(evidence_before, request, kept), eraseEvidence(evidence_before, request, kept)]),
    ...(refusals_before === null ? [] : [forgetRefusals(refusals_before, request)]),
  ]
}

function forgetRefusals(before: string, { dry_run }: ForgetRequest): Work {
  const minute = minuteOf(before)
  return (file) => {
    const refusals = dry_run ? countRefusals(file, minute) : deleteRefusals(file, minute)
    return { next: dry_run || refusals === 0 ? undefined : 0, looked_at: refusals, forgotten: { refusals } }
  }
}

/** Everything that will be looked at. */
function countRecords(file: Connection, { records_before, evidence_before, refusals_before }: ForgetRequest): number {
  const count = (sql: string): number => readInteger(file.get(`select (${sql}) as count`) ?? {}, 'count')
  const proposals = count('select count(*) from proposals')
  return (
    (records_before === null ? 0 : proposals + count('select count(*) from runs')) +
    (evidence_before === null ? 0 : proposals + count('select coalesce(max(seq), 0) from reads')) +
    (refusals_before === null ? 0 : countRefusals(file, minuteOf(refusals_before)))
  )
}

function minuteOf(moment: string): string {
  return `${moment.slice(0, 16)}Z`
}

function added(sum: Forgotten, more: Partial<Forgotten>): Forgotten {
  return {
    proposals: sum.proposals + (more.proposals ?? 0),
    runs: sum.runs + (more.runs ?? 0),
    entries: sum.entries + (more.entries ?? 0),
    evidence: sum.evidence + (more.evidence ?? 0),
    refusals: sum.refusals + (more.refusals ?? 0),
  }
}
