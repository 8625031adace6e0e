import { isRunnerError, RunnerError } from '../errors.js'
import { withoutCallLimit } from '../operations/limits.js'
import { untilRecorded } from '../operations/load-proposal.js'
import type { Ports } from '../operations/ports.js'
import { canonicalJson } from '../protocol/canonical.js'
import { isOpen } from '../protocol/run.js'
import { assertOpen, continueLoaded, isTaken, parseStep } from './continue-run.js'
import { loadRun } from './load-run.js'
import type { WorkflowFunctions } from './move.js'
import type { Delivery } from './pass.js'
import { type Run, toRun } from './run.js'

export interface ResumeOptions {
  /** The step that waits for {@link event}: a delivery that is repeated must not move the next one. */
  readonly step?: string
  /** What the app tells. Needs {@link step}. The same again is no second event, something else `STEP_CONFLICT`. */
  readonly event?: Readonly<Record<string, unknown>>
}

/** Moves a run for the operator: what is approved is applied, and the run goes on to its next wait. */
export async function resumeRun(
  ports: Ports,
  functions: WorkflowFunctions,
  run_id: unknown,
  options: ResumeOptions = {},
): Promise<Run> {
  const event = parseEvent(options)
  return untilRecorded(async () => {
    const loaded = await loadRun(ports, run_id)
    if (event !== undefined && isTaken(loaded, 'external', event)) return toRun(ports, loaded.state)
    assertOpen(loaded)
    if (event !== undefined) {
      const { status, waiting_for } = await toRun(ports, loaded.state)
      if (status !== 'waiting_external' || waiting_for !== event.step) throw notAwaited(loaded.row.run_id, status)
    }
    return continueLoaded(withoutCallLimit(ports), functions, loaded, { by: 'runner', applies: true, event })
  })
}

/** Moves every open run that can move. One that cannot, for whatever reason, is told to the log and left as it is. */
export async function resumeAllRuns(ports: Ports, functions: WorkflowFunctions): Promise<readonly Run[]> {
  const resumed: Run[] = []
  for (let after: string | null = null; ; ) {
    const ids: readonly string[] = await ports.ledger.openRuns(after)
    for (const run_id of ids) {
      const run = await resumeOne(ports, functions, run_id)
      if (run !== undefined) resumed.push(run)
    }
    const last = ids.at(-1)
    if (last === undefined) return resumed
    after = last
  }
}

async function resumeOne(ports: Ports, functions: WorkflowFunctions, run_id: string): Promise<Run | undefined> {
  try {
    const { state } = await loadRun(ports, run_id)
    const before = await toRun(ports, state)
    const movable = before.status === 'running' || before.status === 'waiting_apply' || before.status === 'expired'
    if (!isOpen(state.status) || !movable) return undefined
    const after = await resumeRun(ports, functions, run_id)
    // One whose time is over was that already before it was put on record.
    return before.status === 'expired' || hasMoved(before, after) ? after : undefined
  } catch (error) {
    const code = isRunnerError(error) ? error.code : 'INTERNAL'
    ports.logger.warn('A run could not be resumed.', { run_id, code })
    return undefined
  }
}

/** A run that another process has at this moment, or that has nothing to do yet, stays as it is. */
function hasMoved(before: Run, after: Run): boolean {
  return (
    !isOpen(after.status) || canonicalJson([before.status, before.steps]) !== canonicalJson([after.status, after.steps])
  )
}

const OPTIONS: ReadonlySet<string> = new Set(['step', 'event'])

/** @throws RunnerError `INVALID_ARGUMENT`. */
function parseEvent(options: ResumeOptions): Delivery | undefined {
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name))
  const step = parseStep(options.step)
  if (unknown === undefined && (step === undefined) === (options.event === undefined)) {
    return step === undefined ? undefined : { step, value: options.event }
  }
  throw new RunnerError('INVALID_ARGUMENT', 'An event is told with the step that waits for it, and nothing else.', {
    details: { argument: unknown?.slice(0, 64) ?? 'step' },
  })
}

function notAwaited(run_id: string, status: string): RunnerError {
  return new RunnerError('WRONG_STATUS', `${run_id} does not wait for an event: it is ${status}.`, {
    details: { run_id, status },
  })
}
