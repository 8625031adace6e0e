import type { ResolvedContext } from '../operations/context.js'
import { untilRecorded } from '../operations/load-proposal.js'
import type { Ports } from '../operations/ports.js'
import { assertOpen } from './continue-run.js'
import { openJournal, RunMoved } from './journal.js'
import { loadOwnRun, loadRun, noSuchRun } from './load-run.js'
import { type Run, toRun } from './run.js'
import { withdrawPending } from './withdraw-pending.js'

/** Which run is canceled, and for whom: a caller cancels its own, the operator any. */
export interface Cancel {
  readonly run_id: unknown
  readonly workflow?: string
  readonly own?: ResolvedContext
}

/**
 * Ends a run. What it proposed and nobody has decided on is withdrawn; what is approved already stays approved, and is
 * the operator's to revoke.
 */
export async function cancelRun(ports: Ports, { run_id, workflow, own }: Cancel): Promise<Run> {
  return untilRecorded(async () => {
    const loaded = own === undefined ? await loadRun(ports, run_id) : await loadOwnRun(ports, run_id, own)
    const { frozen } = loaded.state
    if (workflow !== undefined && frozen.workflow !== workflow) throw noSuchRun()
    assertOpen(loaded)
    await withdrawPending(ports, loaded.state)
    const journal = openJournal(ports, loaded)
    journal.note('run.finished', { status: 'canceled', error: null, output: null })
    try {
      await journal.flush()
    } catch (error) {
      if (error instanceof RunMoved) return undefined
      throw error
    }
    return toRun(ports, journal.state)
  })
}
