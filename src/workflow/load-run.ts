import { isRunnerError, RunnerError } from '../errors.js'
import type { RunRow, StoredRun } from '../ledger/ledger.js'
import type { ResolvedContext } from '../operations/context.js'
import { erased, unlessErased } from '../operations/load-proposal.js'
import type { Ports } from '../operations/ports.js'
import { areErased, entryProblem, GENESIS } from '../protocol/entry.js'
import type { Context } from '../protocol/proposal.js'
import { foldRun, type RunState } from '../protocol/run-state.js'
import { workflowsOf } from './workflow.js'

/** A run as its entries tell it, every one of them verified, and the revision to compare and set on. */
export interface LoadedRun {
  readonly state: RunState
  readonly row: RunRow
  readonly revision: number
}

/** @throws RunnerError `RUN_NOT_FOUND`, `ERASED`, or `INTEGRITY` when the record is not what was recorded. */
export async function loadRun(ports: Ports, run_id: unknown): Promise<LoadedRun> {
  const stored = isRunId(run_id) ? await ports.ledger.findRun(run_id) : undefined
  if (stored === undefined) throw noSuchRun()
  assertLinks(stored)
  if (areErased(stored.entries)) throw erased(stored.row.run_id)
  const state = foldRun(stored.entries)
  if (stored.row.status !== state.status || stored.row.tenant_id !== state.frozen.context.tenant_id) {
    throw integrity(stored.row.run_id)
  }
  return { state, row: stored.row, revision: stored.revision }
}

/** Loads a run of this tenant and principal, for the same person. Anybody else's is answered as an absent one. */
export async function loadOwnRun(ports: Ports, run_id: unknown, own: ResolvedContext): Promise<LoadedRun> {
  // Of one that was erased nothing tells whose it was.
  const loaded = await unlessErased(loadRun(ports, run_id), noSuchRun)
  const { workflow, context: starter } = loaded.state.frozen
  const context = contextOf(ports, workflow, own)
  const same = starter.tenant_id === context?.tenant_id && starter.principal === context.principal
  if (!same || starter.on_behalf_of !== context.on_behalf_of) throw noSuchRun()
  return loaded
}

/** The session as the workflow sees it; for one that the contract no longer has, as the session sees itself. */
function contextOf(ports: Ports, name: string, own: ResolvedContext): Context | undefined {
  const workflow = workflowsOf(ports.contract).get(name)
  if (workflow === undefined) return own.context
  try {
    return own.contextOf(workflow.context)
  } catch (error) {
    if (isRunnerError(error)) return undefined
    throw error
  }
}

/** What whoever started the run is, for its operations. */
export function ownContext(context: Context): ResolvedContext {
  return { context, contextOf: () => context, roles: [] }
}

/** True for what has the form of our ids. A host's own names for its runs have not. */
export function isRunId(value: unknown): value is `run_${string}` {
  return typeof value === 'string' && value.length <= 200 && value.startsWith('run_')
}

export function noSuchRun(): RunnerError {
  return new RunnerError('RUN_NOT_FOUND', 'There is no such run here.')
}

function assertLinks({ entries, previous_hashes, revision, row }: StoredRun): void {
  entries.forEach((entry, place) => {
    const expected = entry.seq === 1 ? GENESIS : previous_hashes[place]
    if (entryProblem(entry) !== undefined || entry.prev !== expected) throw integrity(row.run_id, entry.seq)
  })
  if (entries.length !== revision) throw integrity(row.run_id, entries.at(-1)?.seq)
}

export function integrity(run_id: string, seq?: number): RunnerError {
  return new RunnerError('INTEGRITY', `The record of ${run_id} was changed after it was written.`, {
    details: { run_id, ...(seq === undefined ? {} : { seq }) },
  })
}
