import { type ErrorShape, RunnerError } from '../errors.js'
import type { EntryBody, NewRunEntry, RunEntryType, StoredEntry } from './entry.js'
import { RUN_ENTRIES } from './entry.js'
import { type FrozenRun, isOpen, type RunStatus, type StepKind } from './run.js'
import { bodyOf, parseBody } from './state.js'

/** One step of a run, as far as it has come. */
export interface StepState {
  readonly key: string
  readonly kind: StepKind
  readonly status: 'started' | 'waiting' | 'finished' | 'failed'
  /** Digest of what it was asked. */
  readonly request: string
  readonly linked: boolean
  readonly evidence_bundle_id: string | null
  readonly proposal_id: string | null
  readonly question: string | null
  readonly output: unknown
  readonly error: Omit<ErrorShape, 'retry_after_ms'> | null
  /** Until when nobody else runs it; only of a function of the app that has not finished. */
  readonly lease_until: string | null
  /** How often it was begun. */
  readonly attempt: number
}

/** What the entries of a run add up to. */
export interface RunState {
  readonly frozen: FrozenRun
  readonly status: RunStatus
  /** In the order in which they began. */
  readonly steps: readonly StepState[]
  readonly error: StepState['error']
  readonly output: unknown
}

type Steps = { [T in Exclude<RunEntryType, 'run.created'>]: (state: RunState, body: EntryBody<T>) => RunState }

const EMPTY = {
  linked: false,
  evidence_bundle_id: null,
  proposal_id: null,
  question: null,
  output: null,
  error: null,
  lease_until: null,
  attempt: 0,
} as const

const STEPS: Steps = {
  'run.resumed': (state) => ({ ...state, status: 'running' }),
  'step.started': (state, body) => put(state, { ...EMPTY, ...body, status: 'started' }),
  'step.waiting': (state, { status, ...body }) => ({
    ...put(state, { ...EMPTY, ...body, status: 'waiting' }),
    status,
  }),
  'step.finished': (state, body) => running(put(state, { ...EMPTY, ...body, status: 'finished' }), body.linked),
  'step.failed': (state, { error, ...body }) =>
    running(put(state, { ...EMPTY, ...body, error: error as StepState['error'], status: 'failed' }), body.linked),
  'run.finished': (state, { status, error, output }) => ({
    ...state,
    status,
    error: error as StepState['error'],
    output,
  }),
}

/** A call from outside does not end what a run waits for. */
function running(state: RunState, linked: boolean): RunState {
  return linked ? state : { ...state, status: 'running' }
}

/** What a step became, in its place. One that is over stays as it is. */
function put(state: RunState, step: StepState): RunState {
  const place = state.steps.findIndex(({ key }) => key === step.key)
  const earlier = state.steps[place]
  if (earlier === undefined) return { ...state, steps: [...state.steps, step] }
  const isOver = earlier.status === 'finished' || earlier.status === 'failed'
  if (isOver || earlier.kind !== step.kind || earlier.request !== step.request) {
    throw tampered(state.frozen.run_id, 'A step was recorded twice')
  }
  return { ...state, steps: state.steps.with(place, step) }
}

/** A run that was just created. */
export function newRun(frozen: FrozenRun): RunState {
  return { frozen, status: 'running', steps: [], error: null, output: null }
}

/**
 * Folds the entries of one run, oldest first, into its state.
 *
 * @throws RunnerError `INTEGRITY` when they are not a story that can have happened.
 */
export function foldRun(entries: readonly StoredEntry[]): RunState {
  const [first, ...rest] = entries
  if (first === undefined || first.type !== 'run.created') {
    throw new RunnerError('INTEGRITY', 'A run does not begin with its creation.')
  }
  const { run } = bodyOf('run.created', first)
  if (run.run_id !== first.subject) throw tampered(first.subject, 'The run is not the one that was recorded')
  return rest.reduce((state, entry) => step(state, typeOf(state, entry), entry), newRun(run))
}

/**
 * The state after an entry of our own, before it is on record.
 *
 * @throws RunnerError `INTEGRITY` when it cannot follow, or could not be read back.
 */
export function runAfter(state: RunState, entry: NewRunEntry): RunState {
  const type = typeOf(state, entry)
  return apply(state, type, parseBody(type, entry.body, { ...entry, seq: 0, hash: '' }))
}

function step<T extends keyof Steps>(state: RunState, type: T, entry: StoredEntry): RunState {
  return apply(state, type, bodyOf(type, entry))
}

function apply<T extends keyof Steps>(state: RunState, type: T, body: EntryBody<T>): RunState {
  return STEPS[type](state, body)
}

function typeOf({ frozen, status }: RunState, { type, subject }: { type: string; subject: string }): keyof Steps {
  const known = Object.hasOwn(RUN_ENTRIES, type) && type !== 'run.created'
  if (known && subject === frozen.run_id && isOpen(status)) return type as keyof Steps
  throw tampered(frozen.run_id, `An entry ${type} cannot follow status ${status}`)
}

function tampered(run_id: string, what: string): RunnerError {
  return new RunnerError('INTEGRITY', `${what} (${run_id}).`, { details: { run_id } })
}
