import { isRunnerError } from '../errors.js'
import { areErased } from '../protocol/entry.js'
import { isOpen, runRow } from '../protocol/run.js'
import { foldRun, type RunState } from '../protocol/run-state.js'
import type { LedgerProblem, RunRow, StoredRun } from './ledger.js'
import { areErasedInPart, runHadEnded } from './verify-erased.js'

/** A run as it is listed. */
export interface WalkedRun {
  /** Place of its first entry. */
  readonly seq: number
  /** `undefined` when it cannot be read. */
  readonly stored: StoredRun | undefined
  /** Marks a listed run as open: 1, or 0. */
  readonly active_flag: unknown
}

/** What is wrong with a listed run: it must be what its entries add up to. */
export function runProblems({ seq, stored, active_flag }: WalkedRun): readonly LedgerProblem[] {
  const problem = (message: string): LedgerProblem => ({ seq, code: 'PROJECTION', message })
  if (stored === undefined) return [problem(`The run listed at entry ${seq} cannot be read.`)]
  const { row, revision, entries } = stored
  if (entries.length !== revision || entries[0]?.seq !== seq) {
    return [problem(`${row.run_id} is listed with ${revision} entries and has ${entries.length}.`)]
  }
  if (active_flag !== Number(isOpen(row.status)))
    return [problem(`${row.run_id} is listed as open by mistake, or not.`)]
  // The content of an erased run can no longer be compared; its entries were checked all the same.
  if (areErasedInPart(entries)) return [payload(seq, `The content of ${row.run_id} was erased in part.`)]
  if (areErased(entries)) {
    return runHadEnded(stored) ? [] : [payload(seq, `The content of ${row.run_id} was erased, which had not ended.`)]
  }
  const state = fold(stored)
  if (state === undefined) return [problem(`The entries of ${row.run_id} are not a story that can have happened.`)]
  return rowDifferences(row, state).map((column) => problem(`The ${column} listed for ${row.run_id} is not its own.`))
}

function payload(seq: number, message: string): LedgerProblem {
  return { seq, code: 'PAYLOAD', message }
}

function fold({ entries }: StoredRun): RunState | undefined {
  try {
    return foldRun(entries)
  } catch (error) {
    if (isRunnerError(error)) return undefined
    throw error
  }
}

function rowDifferences(row: RunRow, state: RunState): readonly string[] {
  const expected: RunRow = runRow(state)
  const listed = new Map<string, unknown>(Object.entries(row))
  return Object.entries(expected).flatMap(([column, value]) => (listed.get(column) === value ? [] : [column]))
}
