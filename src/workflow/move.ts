/** One pass through a run: as far as it comes, until it waits or ends. */
import type { WorkflowName } from '../contract/infer.js'
import type { Config } from '../contract/schema.js'
import { isRunnerError, RunnerError } from '../errors.js'
import type { Ports } from '../operations/ports.js'
import type { RunState } from '../protocol/run-state.js'
import { createFlow, type WorkflowFunction } from './function-flow.js'
import { type Journal, RunMoved } from './journal.js'
import type { Caller, Stop } from './pass.js'
import { runLinkedSteps } from './run-linked.js'
import { runListedSteps } from './run-steps.js'
import { stepFailed } from './step-function.js'
import { isLasting, toOutput, toRecord } from './step-outcome.js'
import { createSteps, type Steps } from './steps.js'
import { isOver } from './time-over.js'
import { withdrawPending } from './withdraw-pending.js'
import { type Workflow, workflowsOf } from './workflow.js'

/** Functions of the app by the name of their workflow. */
export type WorkflowFunctions<C extends Config = Config> = {
  readonly [Name in WorkflowName<C>]?: WorkflowFunction<C, Name>
}

/**
 * Moves a run on. Two processes may: one does, and the other sees that it has been done.
 *
 * @returns false where somebody else was faster: load the run again.
 * @throws RunnerError `CONTRACT_CHANGED`, `STEP_CONFLICT`, or what stood in the way and may pass; then the run is as it
 * was, or further.
 */
export async function moveRun(
  ports: Ports,
  functions: WorkflowFunctions,
  journal: Journal,
  caller: Caller,
): Promise<boolean> {
  try {
    await pass(ports, functions, journal, caller)
    return true
  } catch (error) {
    if (!(error instanceof RunMoved)) throw error
    await journal.release()
    return false
  }
}

async function pass(ports: Ports, functions: WorkflowFunctions, journal: Journal, caller: Caller): Promise<void> {
  if (await isOver(ports, journal.state, journal.proposals)) {
    await withdrawPending(ports, journal.state)
    journal.note('run.finished', { status: 'expired', error: null, output: null })
    return journal.flush()
  }
  const workflow = workflowOf(ports, journal.state)

  let stop: (stop: Stop) => void = () => undefined
  const stopped = new Promise<Stop>((resolve) => {
    stop = resolve
  })
  const steps = createSteps({ ports, journal, workflow, caller, stop })
  const work = run({ workflow, functions, by: caller.by }, journal.state, steps).then((output) => ({
    why: 'done' as const,
    output,
  }))
  let result: PassResult
  try {
    result = await Promise.race([work, stopped])
    if (result.why === 'broken') throw result.error
    if (result.why !== 'refused') return await settle(ports, journal, steps, result)
  } catch (error) {
    if (error instanceof RunMoved) throw error
    return fail(ports, journal, error)
  }
  await journal.flush()
  throw result.error
}

async function run(
  { workflow, functions, by }: { workflow: Workflow; functions: WorkflowFunctions; by: Caller['by'] },
  { frozen }: RunState,
  steps: Steps,
): Promise<unknown> {
  if (frozen.form === 'steps') return runListedSteps(workflow, steps, frozen.input)
  if (frozen.form === 'linked') return runLinkedSteps(steps, by)
  // A copy: what the function does to its input must not change the run.
  return functionOf(workflow, functions)(createFlow(frozen.run_id, steps), { ...frozen.input })
}

/** @throws RunnerError `EXECUTOR_UNAVAILABLE`. */
export function functionOf({ name }: Workflow, functions: WorkflowFunctions): WorkflowFunction {
  const written = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (written !== undefined) return written
  throw new RunnerError('EXECUTOR_UNAVAILABLE', `No function is given for the workflow ${name}.`, {
    details: { workflow: name },
    next: 'Give it in runtime.workflows, in every process that moves such runs.',
  })
}

type PassResult = Stop | { readonly why: 'done'; readonly output: unknown }

async function settle(
  ports: Ports,
  journal: Journal,
  steps: Steps,
  result: Exclude<PassResult, { error: unknown }>,
): Promise<void> {
  switch (result.why) {
    case 'done':
      steps.assertAllReached()
      journal.note('run.finished', { status: 'completed', error: null, output: toOutput('its end', result.output) })
      return journal.flush()
    case 'ended':
      await withdrawPending(ports, journal.state)
      journal.note('run.finished', { status: result.status, error: null, output: null })
      return journal.flush()
    case 'waits':
    case 'leased':
      return journal.flush()
  }
}

/** What will not pass ends the run; anything else leaves it where it is, to be moved again. */
async function fail(ports: Ports, journal: Journal, error: unknown): Promise<void> {
  if (!isLasting(error)) {
    await journal.flush()
    if (isRunnerError(error)) throw error
    throw stepFailed(journal.state.frozen.run_id, undefined, error)
  }
  await withdrawPending(ports, journal.state)
  journal.note('run.finished', { status: 'failed', error: toRecord(error), output: null })
  await journal.flush()
}

/**
 * The workflow of a run, if it is still what it was when the run began.
 *
 * @throws RunnerError `CONTRACT_CHANGED`.
 */
export function workflowOf(ports: Ports, { frozen }: RunState): Workflow {
  const workflow = workflowsOf(ports.contract).get(frozen.workflow)
  if (workflow?.digest === frozen.workflow_digest) return workflow
  throw new RunnerError('CONTRACT_CHANGED', `The workflow of ${frozen.run_id} is not what it was when it began.`, {
    details: { run_id: frozen.run_id, workflow: frozen.workflow },
    next: 'Cancel the run and start another one, or restore the workflow and its capabilities.',
  })
}
