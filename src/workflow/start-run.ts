import { isWellFormed, parseArguments } from '../capability/arguments.js'
import { RunnerError } from '../errors.js'
import type { ResolvedContext } from '../operations/context.js'
import { untilRecorded } from '../operations/load-proposal.js'
import type { Ports } from '../operations/ports.js'
import { refuseSecret } from '../policy/secrets.js'
import { canonicalJson } from '../protocol/canonical.js'
import type { Context } from '../protocol/proposal.js'
import { branchOf, type FrozenRun, runIdentity } from '../protocol/run.js'
import { continueLoaded } from './continue-run.js'
import { beginJournal } from './journal.js'
import { integrity, loadRun } from './load-run.js'
import { functionOf, moveRun, type WorkflowFunctions } from './move.js'
import { type Run, toRun } from './run.js'
import type { Workflow } from './workflow.js'

export interface StartOptions {
  /**
   * Given by the host, 1 to 200 characters: the same key of the same person is the same run, also after its end. Without
   * one, the same input is the same run while that is open.
   */
  readonly key?: string
}

/** What a run is started with. */
export interface Start {
  readonly workflow: Workflow
  readonly input: unknown
  readonly own: ResolvedContext
  readonly options: StartOptions
}

/** Starts a run and moves it to its first wait. A request that means a known run gives that one, moved on. */
export async function startRun(ports: Ports, functions: WorkflowFunctions, start: Start): Promise<Run> {
  const frozen = freeze(ports, functions, start)
  const identity = runIdentity(frozen)
  let begun = false
  return untilRecorded(async () => {
    // One that somebody else has ended meanwhile is not meant by its input any more, and still the one that was begun.
    const known = (await ports.ledger.findRunId(identity)) ?? (begun ? await recordedId(ports, frozen) : undefined)
    if (known === undefined) {
      begun = true
      const journal = beginJournal(ports, frozen)
      const moved = await moveRun(ports, functions, journal, { by: 'session', applies: false })
      return moved ? toRun(ports, journal.state, journal.proposals) : undefined
    }
    const loaded = await loadRun(ports, known)
    if (runIdentity(loaded.state.frozen) !== identity) throw integrity(known)
    assertSameInput(loaded.state.frozen, frozen)
    const run = await continueLoaded(ports, functions, loaded, { by: 'session', applies: false })
    // It was still listed as open, and is over now: without a name of its own, the request means another one.
    return run?.status === 'expired' && frozen.key === null && loaded.state.status !== 'expired' ? undefined : run
  })
}

async function recordedId(ports: Ports, { run_id }: FrozenRun): Promise<string | undefined> {
  return (await ports.ledger.findRun(run_id))?.row.run_id
}

function freeze(ports: Ports, functions: WorkflowFunctions, { workflow, input, own, options }: Start): FrozenRun {
  const parsed = parseArguments(workflow.input, input)
  for (const [name, value] of Object.entries(parsed)) if (typeof value === 'string') refuseSecret(name, value)
  const context = own.contextOf(workflow.context)
  assertBound(workflow, context)
  const run_id = ports.ids.next('run')
  const created = ports.clock.now()
  const { name, config } = workflow
  return {
    schema_version: 'synapsor.run.v1',
    run_id,
    workflow: name,
    version: config.version,
    workflow_digest: workflow.digest,
    form: formOf(workflow, functions),
    context,
    input: { ...parsed },
    key: parseKey(options),
    branch: branchOf(name, run_id),
    created_at: created.toISOString(),
    expires_at: new Date(created.getTime() + config.expires_in_seconds * 1000).toISOString(),
  }
}

/** @throws RunnerError `EXECUTOR_UNAVAILABLE` for a function that this process has not got. */
function formOf(workflow: Workflow, functions: WorkflowFunctions): FrozenRun['form'] {
  if (workflow.steps !== undefined) return 'steps'
  if (workflow.config.linked === true) return 'linked'
  functionOf(workflow, functions)
  return 'function'
}

/** @throws RunnerError `CONTEXT_MISSING`. */
function assertBound({ config, name }: Workflow, context: Context): void {
  const missing = config.session_require?.find((field) => context[field] === undefined)
  if (missing === undefined) return
  throw new RunnerError('CONTEXT_MISSING', `The workflow ${name} needs a session that is bound to ${missing}.`, {
    details: { workflow: name, field: missing },
  })
}

function parseKey({ key, ...rest }: StartOptions): string | null {
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) {
    throw new RunnerError('INVALID_ARGUMENT', 'A run is started with an input and a key, and nothing else.', {
      details: { argument: unknown.slice(0, 64) },
    })
  }
  if (key === undefined) return null
  if (typeof key === 'string' && key.length > 0 && key.length <= 200 && isWellFormed(key)) {
    refuseSecret('the key', key)
    return key
  }
  throw new RunnerError('INVALID_ARGUMENT', 'The key of a run is text of 1 to 200 characters.', {
    details: { argument: 'key' },
  })
}

/** The host's key means one run: with another input it would be a different one. */
function assertSameInput(known: FrozenRun, asked: FrozenRun): void {
  if (canonicalJson(known.input) === canonicalJson(asked.input)) return
  throw new RunnerError('STEP_CONFLICT', `The key of ${known.run_id} was used with another input.`, {
    details: { run_id: known.run_id },
    next: 'Use a new key for another run.',
  })
}
