/** Steps that run a function of the app, one process at a time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunnerError, RunnerError } from '../errors.js'
import type { Digest } from '../protocol/canonical.js'
import type { Pass } from './pass.js'
import { isLasting, shown, toOutput } from './step-outcome.js'

/** A function of the app, and how long it has its step for itself, in milliseconds. */
export interface LeasedFunction {
  readonly run: () => unknown
  readonly lease_ms: number
}

/** Runs a function of the app and records what it gives, as JSON. */
export function functionStep(pass: Pass, key: string, work: LeasedFunction): Promise<unknown> {
  return pass.take(
    { key, kind: 'function', asked: null },
    (step) => step.output,
    (request) => runLeased(pass, { key, request }, work),
  )
}

async function runLeased(
  pass: Pass,
  { key, request }: { readonly key: string; readonly request: Digest },
  { run, lease_ms }: LeasedFunction,
): Promise<unknown> {
  const { ports, journal } = pass
  const now = ports.clock.now()
  const { lease_until = null, attempt: before = 0 } = journal.state.steps.find((step) => step.key === key) ?? {}
  if (lease_until !== null && lease_until > now.toISOString()) return pass.halt({ why: 'leased' })
  const attempt = before + 1
  const started = (lease: number) =>
    journal.note('step.started', {
      ...{ key, kind: 'function', request, attempt },
      lease_until: new Date(ports.clock.now().getTime() + lease).toISOString(),
    })
  started(lease_ms)
  await journal.claim()
  let output: ReturnType<typeof toOutput>
  try {
    const given = await withinLease(run, lease_ms)
    if (given === LOST) return pass.halt({ why: 'leased' })
    output = toOutput(key, given)
  } catch (error) {
    if (isLasting(error)) throw error
    // It is over, so that the lease need not be waited for; but who fails time and again is not asked all the time.
    started(pauseAfter(attempt))
    throw isRunnerError(error) ? error : stepFailed(journal.state.frozen.run_id, key, error)
  }
  pass.finish({ key, kind: 'function', request, output })
  await journal.flush()
  return output
}

const LOST = Symbol('lost')

/** Gives up on a function that takes longer than it has the step for itself: another process may run it by now. */
async function withinLease(run: () => unknown, lease_ms: number): Promise<unknown> {
  const timer = new AbortController()
  try {
    return await Promise.race([run(), sleep(lease_ms, LOST, { signal: timer.signal, ref: false })])
  } finally {
    timer.abort()
  }
}

const FREE_ATTEMPTS = 3
const LONGEST_PAUSE_MS = 600_000

/** How long a step that has failed so often is left alone: not at all at first, then twice as long each time. */
function pauseAfter(attempt: number): number {
  return attempt <= FREE_ATTEMPTS ? 0 : Math.min(1000 * 2 ** (attempt - FREE_ATTEMPTS), LONGEST_PAUSE_MS)
}

/** What a function of the app threw, as an error of ours: it is the cause. */
export function stepFailed(run_id: string, step: string | undefined, cause: unknown): RunnerError {
  const what = step === undefined ? 'The function of the workflow' : `The function of step ${shown(step)}`
  return new RunnerError('STEP_FAILED', `${what} failed in ${run_id}.`, {
    details: { run_id, ...(step === undefined ? {} : { step: shown(step) }) },
    cause,
  })
}
