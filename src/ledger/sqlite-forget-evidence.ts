import type { ForgetRequest } from './retention.js'
import { parseJson, readInteger, readText } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { proposalEndings, runEnding } from './sqlite-endings.js'
import { eraseBundle } from './sqlite-erase.js'
import type { Work } from './sqlite-forget.js'
import { placeOf } from './sqlite-forget-records.js'

/** Puts into `kept` the bundles of before that a proposal cites which has not ended before. */
export function findKept(before: string, { dry_run }: ForgetRequest, kept: Set<string>): Work {
  return (file, after) => {
    const found = proposalEndings(file, after)
    for (const { ended_at, lapsed, cited } of found) {
      const ended = ended_at !== undefined && ended_at < before && (dry_run || !lapsed)
      if (!ended && cited !== undefined && cited.at < before) kept.add(cited.bundle_id)
    }
    return placeOf(found)
  }
}

/** So many bundles are looked at in one transaction. */
const PIECE = 50

/** By places and not by what is left, so that a piece stays small where much was erased before. */
const BUNDLES = 'select seq, bundle_id, at, digest, body from reads where seq > ? and seq <= ? and body is not null'
const LAST = 'select coalesce(max(seq), 0) as last from reads'

/** A proposal that comes meanwhile cites what was captured meanwhile. */
export function eraseEvidence(before: string, request: ForgetRequest, kept: ReadonlySet<string>): Work {
  return (file, after) => {
    const last = readInteger(file.get(LAST) ?? {}, 'last')
    const upto = Math.min(after + PIECE, last)
    const bundles = file.all(BUNDLES, after, upto).map((row) => ({
      seq: readInteger(row, 'seq'),
      bundle_id: readText(row, 'bundle_id'),
      at: readText(row, 'at'),
      digest: readText(row, 'digest'),
      text: readText(row, 'body'),
    }))
    const due = bundles.filter(
      ({ at, bundle_id, text }) =>
        at < before && !kept.has(bundle_id) && isOfDueRun(file, runOf(text), before, request),
    )
    const erased = due.filter((bundle) => eraseBundle(file, bundle, request.dry_run))
    return {
      next: upto < last ? upto : undefined,
      looked_at: Math.max(0, upto - after),
      forgotten: { evidence: erased.length },
    }
  }
}

/** A host may name runs of its own, which this ledger knows nothing of. */
function isOfDueRun(
  file: Connection,
  run_id: string | undefined,
  before: string,
  { workflow }: ForgetRequest,
): boolean {
  const run = run_id === undefined ? undefined : runEnding(file, run_id)
  if (run === undefined) return workflow === undefined
  if (run.ended_at === undefined || run.ended_at >= before) return false
  return workflow === undefined || workflow === run.workflow
}

function runOf(text: string): string | undefined {
  const parsed = parseJson(text)
  const run_id = typeof parsed === 'object' && parsed !== null && 'run_id' in parsed ? parsed.run_id : undefined
  return typeof run_id === 'string' ? run_id : undefined
}
