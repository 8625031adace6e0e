import { RunnerError } from '../errors.js'
import type { ResolvedContext } from '../operations/context.js'
import { untilRecorded } from '../operations/load-proposal.js'
import type { Ports } from '../operations/ports.js'
import { canonicalJson } from '../protocol/canonical.js'
import { isOpen, type RunStatus } from '../protocol/run.js'
import { openJournal } from './journal.js'
import { type LoadedRun, loadOwnRun, loadRun, noSuchRun } from './load-run.js'
import { moveRun, type WorkflowFunctions, workflowOf } from './move.js'
import type { Caller, Delivery } from './pass.js'
import { type Run, toRun } from './run.js'

/** What a caller goes on with. */
export interface Continue {
  readonly workflow: string
  readonly run_id: unknown
  readonly own: ResolvedContext
  /** What the run asked for; `undefined` where the caller only looks whether it can go on. */
  readonly information: unknown
  /** The step that asked. Left out, whichever waits. */
  readonly step?: unknown
}

/** Moves a run of one's own to its next wait. Nothing is written to a source. */
export async function continueRun(ports: Ports, functions: WorkflowFunctions, request: Continue): Promise<Run> {
  const { workflow, run_id, own, information } = request
  const step = parseStep(request.step)
  return untilRecorded(async () => {
    const loaded = await loadOwnRun(ports, run_id, own)
    if (loaded.state.frozen.workflow !== workflow) throw noSuchRun()
    if (information === undefined) {
      assertOpen(loaded)
      return continueLoaded(ports, functions, loaded, { by: 'session', applies: false })
    }
    const brought = { step, value: information }
    if (isTaken(loaded, 'information', brought)) return toRun(ports, loaded.state)
    assertOpen(loaded)
    await assertAsked(ports, loaded, brought)
    return continueLoaded(ports, functions, loaded, { by: 'session', applies: false, information: brought })
  })
}

/** Moves a loaded run, if there is anything to move. `undefined` where somebody else was faster. */
export async function continueLoaded(
  ports: Ports,
  functions: WorkflowFunctions,
  loaded: LoadedRun,
  caller: Caller,
): Promise<Run | undefined> {
  const journal = openJournal(ports, loaded)
  const before = await toRun(ports, loaded.state, journal.proposals)
  // Nobody is sent to decide on what could not be applied any more.
  if (before.status !== 'expired') workflowOf(ports, loaded.state)
  if (!canMove(before.status, caller)) return before
  if (before.status !== 'expired') journal.note('run.resumed', { by: caller.by })
  const moved = await moveRun(ports, functions, journal, caller)
  if (moved) return toRun(ports, journal.state, journal.proposals)
  // The other one has moved it as far as this one would have, but has not got what this one brought.
  if (caller.information !== undefined || caller.event !== undefined) return undefined
  return toRun(ports, (await loadRun(ports, loaded.row.run_id)).state)
}

/** What waits for somebody else stays as it is. */
function canMove(status: RunStatus, { applies, information, event }: Caller): boolean {
  switch (status) {
    case 'running':
      return true
    case 'expired':
      return true
    case 'waiting_information':
      return information !== undefined
    case 'waiting_external':
      return event !== undefined
    case 'waiting_apply':
      return applies
    default:
      return false
  }
}

/** @throws RunnerError `WRONG_STATUS`. */
export function assertOpen({ state: { frozen, status } }: LoadedRun): void {
  if (isOpen(status)) return
  throw new RunnerError('WRONG_STATUS', `${frozen.run_id} is ${status}.`, {
    details: { run_id: frozen.run_id, status },
    next: 'Start another run if it is still needed.',
  })
}

/** An answer that nobody asked for would be lost without a word. */
async function assertAsked(ports: Ports, { state }: LoadedRun, { step }: Delivery): Promise<void> {
  const { status, run_id, waiting_for } = await toRun(ports, state)
  if (status === 'waiting_information' && (step === undefined || step === waiting_for)) return
  throw new RunnerError('WRONG_STATUS', `${run_id} does not wait for information: it is ${status}.`, {
    details: { run_id, status },
    next: 'Continue the run without information.',
  })
}

/** @throws RunnerError `INVALID_ARGUMENT`. */
export function parseStep(step: unknown): string | undefined {
  if (step === undefined || (typeof step === 'string' && step.length > 0 && step.length <= 128)) return step
  throw new RunnerError('INVALID_ARGUMENT', 'A step is named by its key.', { details: { argument: 'step' } })
}

/**
 * Whether what is brought was brought before: deliveries repeat, and a second one must not move the next wait.
 *
 * @throws RunnerError `STEP_CONFLICT` where the step has taken something else.
 */
export function isTaken({ state }: LoadedRun, kind: 'information' | 'external', { step, value }: Delivery): boolean {
  const taken = state.steps.find((each) => each.key === step && each.kind === kind && each.status === 'finished')
  if (taken === undefined) return false
  if (isEqual(taken.output, value)) return true
  const { run_id } = state.frozen
  throw new RunnerError('STEP_CONFLICT', `The step of ${run_id} has taken something else.`, {
    details: { run_id, step: taken.key },
  })
}

function isEqual(taken: unknown, value: unknown): boolean {
  try {
    return canonicalJson(taken) === canonicalJson(value)
  } catch {
    return false
  }
}
