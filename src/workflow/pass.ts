/** One pass through a run, as its steps share it: what is on record, what the caller brought, and where it stops. */
import type { Arguments } from '../capability/arguments.js'
import { RunnerError } from '../errors.js'
import type { Ports } from '../operations/ports.js'
import type { Digest } from '../protocol/canonical.js'
import type { EntryBody } from '../protocol/entry.js'
import type { RunEnd, RunStatus, StepKind } from '../protocol/run.js'
import type { StepState } from '../protocol/run-state.js'
import { type Journal, RunMoved } from './journal.js'
import { isFinished, stepRequest } from './step-entries.js'
import { fromRecord, isLasting, shown, toRecord } from './step-outcome.js'
import type { Workflow } from './workflow.js'

/** Who moves a run, and what they bring. */
export interface Caller {
  readonly by: 'session' | 'runner'
  /** Only the operator's side applies. */
  readonly applies: boolean
  /** What the caller answers with. */
  readonly information?: Delivery | undefined
  /** What the app tells. */
  readonly event?: Delivery | undefined
}

/** What a caller brings for a step that waits. */
export interface Delivery {
  /** The step that it is for; `undefined` for whichever waits. */
  readonly step: string | undefined
  readonly value: unknown
}

/**
 * Why a run stops: it waits, it has ended, what its caller brought is refused, another process runs the step, or
 * something stood in the way that may pass.
 */
export type Stop =
  | { readonly why: 'waits' }
  | { readonly why: 'refused'; readonly error: unknown }
  | { readonly why: 'ended'; readonly status: RunEnd }
  | { readonly why: 'leased' }
  | { readonly why: 'broken'; readonly error: unknown }

/** What a pass needs to know of the run that it moves. */
export interface PassDeps {
  readonly ports: Ports
  readonly journal: Journal
  readonly workflow: Workflow
  readonly caller: Caller
  /** Ends this pass. The step that stopped never answers. */
  readonly stop: (stop: Stop) => void
}

/** How a step of this pass proposed. */
export interface Proposed {
  readonly args: Arguments
  readonly pinned: readonly string[]
}

/** A step as it is called. */
export interface CalledStep {
  readonly key: string
  readonly kind: StepKind
  /** What it is asked: another question under the same key is another step. */
  readonly asked: unknown
}

/** What every kind of step is made of. */
export interface Pass extends Omit<PassDeps, 'stop'> {
  /** How each step of this pass proposed, by its key. */
  readonly proposed: Map<string, Proposed>
  /** Runs a step, or gives what is on record of it. */
  take<Result>(
    step: CalledStep,
    again: (step: StepState) => Result | Promise<Result>,
    perform: (request: Digest) => Promise<Result>,
  ): Promise<Result>
  /**
   * A known step that is called with what does not even fit is called with something else.
   *
   * @throws RunnerError `STEP_CONFLICT`.
   */
  assertUnknown(key: string, kind: StepKind): void
  /** Ends the pass here. */
  halt(stop: Stop): Promise<never>
  /** Waits, and says so on record unless that is on record already. */
  wait(body: Omit<EntryBody<'step.waiting'>, 'status'>, status: RunStatus): Promise<never>
  /** Puts a finished step on record; what is left out is null. */
  finish(body: Partial<EntryBody<'step.finished'>> & Pick<EntryBody<'step.finished'>, 'key' | 'kind' | 'request'>): void
  /** What was brought for this step, once. */
  takeDelivery(key: string, what: 'information' | 'event'): Delivery | undefined
  /** Does what the caller asks for. Its failure is the caller's, not the run's. */
  forCaller<Result>(work: () => Result | Promise<Result>): Promise<Result>
  /** @throws RunnerError `STEP_CONFLICT` where a step on record was not reached. */
  assertAllReached(): void
}

const KEY = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/

/** Begins a pass. */
export function createPass({ stop, ...deps }: PassDeps): Pass {
  const { journal, caller } = deps
  const { run_id } = journal.state.frozen
  let reached = 0
  let current: string | undefined
  let given = { information: caller.information, event: caller.event }
  let conflict: RunnerError | undefined
  let stopped = false

  const conflictAt = (key: string, why: string): RunnerError => {
    conflict ??= new RunnerError('STEP_CONFLICT', `Step ${shown(key)} ${why}.`, {
      details: { run_id, step: shown(key) },
    })
    return conflict
  }

  /** The step on record whose turn it is. */
  const nextOnRecord = () => journal.state.steps.filter(({ linked }) => !linked)[reached]

  /** The step on record that this one is, if it is on record. */
  const recorded = (key: string, kind: StepKind, request: string | undefined): StepState | undefined => {
    if (conflict !== undefined) throw conflict
    if (typeof key !== 'string' || !KEY.test(key))
      throw conflictAt(key, 'has a key that is no name of at most 128 characters')
    if (current !== undefined) throw conflictAt(key, `was called while ${shown(current)} had not finished`)
    const earlier = nextOnRecord()
    const elsewhere = journal.state.steps.find((step) => step.key === key)
    if (earlier === undefined && elsewhere !== undefined) throw conflictAt(key, 'was called twice')
    if (earlier === undefined) return undefined
    if (earlier.key !== key) throw conflictAt(key, `was called where ${shown(earlier.key)} is on record`)
    if (earlier.kind !== kind || earlier.request !== request) {
      throw conflictAt(key, 'is on record with another request')
    }
    return earlier
  }

  const halt = (why: Stop): Promise<never> => {
    stopped = true
    stop(why)
    return new Promise(() => undefined)
  }

  return {
    ...deps,
    proposed: new Map(),
    halt,

    take: async ({ key, kind, asked }, again, perform) => {
      // A function that goes on after its pass has ended does nothing any more.
      if (stopped) return new Promise(() => undefined)
      const request = stepRequest(asked)
      const earlier = recorded(key, kind, request)
      reached += 1
      if (earlier?.error != null) throw fromRecord(earlier.error)
      current = key
      try {
        return earlier?.status === 'finished' ? await again(earlier) : await perform(request)
      } catch (error) {
        // What may pass by itself is not on record, so that the function must not go on from it: next time it may be gone.
        if (!isLasting(error)) return halt({ why: 'broken', error })
        if (!isFinished(journal.state, key)) {
          journal.note('step.failed', { key, kind, request, error: toRecord(error), linked: false })
        }
        throw error
      } finally {
        current = undefined
      }
    },

    assertUnknown: (key, kind) => {
      if (!stopped) recorded(key, kind, undefined)
    },

    wait: (body, status) => {
      const earlier = journal.state.steps.find(({ key }) => key === body.key)
      const same =
        earlier?.status === 'waiting' &&
        journal.state.status === status &&
        earlier.proposal_id === body.proposal_id &&
        earlier.question === body.question
      if (!same) journal.note('step.waiting', { ...body, status })
      return halt({ why: 'waits' })
    },

    finish: (body) =>
      journal.note('step.finished', {
        evidence_bundle_id: null,
        proposal_id: null,
        linked: false,
        ...body,
        // A copy: the function that gets it may change it before it is on record.
        output: structuredClone(body.output ?? null),
      }),

    takeDelivery: (key, what) => {
      const delivery = given[what]
      if (delivery === undefined || (delivery.step !== undefined && delivery.step !== key)) return undefined
      given = { ...given, [what]: undefined }
      return delivery
    },

    forCaller: async (work) => {
      try {
        return await work()
      } catch (error) {
        if (error instanceof RunMoved) throw error
        return halt({ why: 'refused', error })
      }
    },

    assertAllReached: () => {
      if (conflict !== undefined) throw conflict
      if (current !== undefined) throw conflictAt(current, 'was not awaited')
      const missed = nextOnRecord()
      if (missed !== undefined) throw conflictAt(missed.key, 'is on record and was not reached')
    },
  }
}
