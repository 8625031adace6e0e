import type { ResolvedContext } from '../operations/context.js'
import type { Ports } from '../operations/ports.js'
import { cancelRun } from './cancel-run.js'
import { continueRun } from './continue-run.js'
import { loadOwnRun, noSuchRun } from './load-run.js'
import type { WorkflowFunctions } from './move.js'
import { type Run, toRun } from './run.js'
import { type StartOptions, startRun } from './start-run.js'
import type { Workflow } from './workflow.js'

/** The runs of one workflow, for one tenant and principal. Anybody else's run is answered as an absent one. */
export interface WorkflowRuns<Input = Readonly<Record<string, unknown>>> {
  /**
   * Starts a run and moves it to its first wait. A request that means a known run gives that one: by the same key, or,
   * without keys, by the same input while the run is open.
   *
   * @throws RunnerError `INVALID_ARGUMENT`, `CONTEXT_MISSING` where the workflow needs what the session is not bound to,
   * `STEP_CONFLICT` for a key that was used with another input, `EXECUTOR_UNAVAILABLE`, `SECRET_REFUSED`, and what stood
   * in the way and may pass (`SOURCE_*`, `BUSY`): then call again.
   */
  start(input: Input, options?: StartOptions): Promise<Run>

  /**
   * Moves a run to its next wait, with what it asked for, if it asked. Where there is nothing to move, gives the run as
   * it is.
   *
   * @param information answers an `awaitInformation`, or, with all arguments of the capability, a reviewer's question.
   * @param options `step` names the step that asked, as `waiting_for` of the run tells it: then an answer that comes twice
   * counts once.
   * @throws RunnerError `RUN_NOT_FOUND`, `WRONG_STATUS` for a run that has ended or does not ask, `CONTRACT_CHANGED`,
   * `STEP_CONFLICT`, and as {@link WorkflowRuns.start}.
   */
  continue(
    run_id: string,
    information?: Readonly<Record<string, unknown>>,
    options?: { readonly step?: string },
  ): Promise<Run>

  /** @throws RunnerError `RUN_NOT_FOUND`. */
  status(run_id: string): Promise<Run>

  /**
   * Ends a run. What it proposed and nobody has decided on is withdrawn.
   *
   * @throws RunnerError `RUN_NOT_FOUND`, `WRONG_STATUS`.
   */
  cancel(run_id: string): Promise<Run>
}

/** Binds the verbs of runs to one workflow and one context. */
export function workflowRuns(
  ports: Ports,
  functions: WorkflowFunctions,
  workflow: Workflow,
  own: ResolvedContext,
): WorkflowRuns {
  const { name } = workflow
  return Object.freeze<WorkflowRuns>({
    start: (input, options = {}) => startRun(ports, functions, { workflow, input, own, options }),
    continue: (run_id, information, { step } = {}) =>
      continueRun(ports, functions, { workflow: name, run_id, own, information, step }),
    status: async (run_id) => {
      const { state } = await loadOwnRun(ports, run_id, own)
      if (state.frozen.workflow !== name) throw noSuchRun()
      return toRun(ports, state)
    },
    cancel: (run_id) => cancelRun(ports, { run_id, workflow: name, own }),
  })
}
