import { setTimeout as sleep } from 'node:timers/promises'
import type { ArgumentRule, Arguments } from '../capability/arguments.js'
import { invalid, parseArguments } from '../capability/arguments.js'
import type { Capability } from '../capability/capability.js'
import { type ErrorCode, isRunnerError, RunnerError } from '../errors.js'
import { apply } from '../operations/apply.js'
import type { ResolvedContext } from '../operations/context.js'
import { type ApprovalDemand, type Inspection, inspect, toInspection } from '../operations/inspect.js'
import type { Ports } from '../operations/ports.js'
import { type Proposal, toProposal } from '../operations/proposal.js'
import { loadProposed } from '../operations/propose.js'
import { provideInformation } from '../operations/provide-information.js'
import { refuseSecret } from '../policy/secrets.js'
import { canonicalJson, digest } from '../protocol/canonical.js'
import type { EntryBody } from '../protocol/entry.js'
import { evidenceDigest } from '../protocol/evidence.js'
import type { RunEnd, RunStatus, StepKind } from '../protocol/run.js'
import type { StepState } from '../protocol/run-state.js'
import { newProposal } from '../protocol/state.js'
import { type Journal, RunMoved } from './journal.js'
import { endOf, latestProposal } from './proposal-of-run.js'
import { allowedCapability, type Workflow } from './workflow.js'

/** Who moves a run, and what they bring. */
export interface Mover {
  readonly by: 'session' | 'runner'
  /** Only the operator's side applies. */
  readonly applies: boolean
  /** What the caller answers with. */
  readonly information?: Brought | undefined
  /** What the app tells. */
  readonly event?: Brought | undefined
}

/** What a mover brings for a step that waits. */
export interface Brought {
  /** The step that it is for; `undefined` for whichever waits. */
  readonly step: string | undefined
  readonly value: unknown
}

/**
 * Why a run stops: it waits, it has ended, what its mover brought is refused, another process runs the step, or
 * something stood in the way that may pass.
 */
export type Stop =
  | { readonly why: 'waits' }
  | { readonly why: 'refused'; readonly error: unknown }
  | { readonly why: 'ended'; readonly status: RunEnd }
  | { readonly why: 'leased' }
  | { readonly why: 'broken'; readonly error: unknown }

/** What a step needs to know of the run that it belongs to. */
export interface FlowDeps {
  readonly ports: Ports
  readonly journal: Journal
  readonly workflow: Workflow
  readonly mover: Mover
  /** Ends this pass. The step that stopped never answers. */
  readonly stop: (stop: Stop) => void
}

/** A proposal of the run, as `propose` gave it or by its id. */
export type ProposalRef = string | { readonly id: string }

/** How a decision, or an apply, came out. */
export interface Outcome {
  readonly proposal_id: string
  readonly status: string
}

/** A step that waits for what becomes of a proposal. */
export interface AwaitingStep {
  readonly key: string
  readonly kind: 'approval' | 'apply'
}

/** What is known of a proposal that the contract lists. */
export interface ListedProposal {
  /** The step that certainly comes next, and waits for the proposal: it is recorded along. */
  readonly awaited: AwaitingStep | undefined
  /** Arguments that are not the caller's to give, nor to change when a reviewer asks back. */
  readonly pinned: readonly string[]
}

/** How a step of this pass proposed. */
interface Proposed {
  readonly args: Arguments
  readonly pinned: readonly string[]
}

type Args = Readonly<Record<string, unknown>>

/** The steps of one pass through a run. Each is found again by its key; what is on record is not done again. */
export interface Steps {
  /** @param holds - Nobody is answered before the next record is made: it takes the evidence along. */
  inspect(key: string, capability: string, args: Args, holds?: boolean): Promise<Inspection>
  /** @param listed - What the contract says of a step that it lists. */
  propose(key: string, capability: string, args: Args, listed?: ListedProposal): Promise<Proposal>
  awaitDecision(key: string, proposal: ProposalRef): Promise<Outcome>
  awaitApplied(key: string, proposal: ProposalRef): Promise<Outcome & { readonly receipt_id: string }>
  awaitInformation(key: string, question: string, rules: ReadonlyMap<string, ArgumentRule>): Promise<Arguments>
  awaitExternal(key: string, rules: ReadonlyMap<string, ArgumentRule>): Promise<Arguments>
  condition(key: string, holds: () => boolean): Promise<boolean>
  step(key: string, run: () => unknown, lease_ms: number): Promise<unknown>
  /** The proposals that were made by calls from outside, in their order. */
  linkedProposals(): readonly string[]
  /** Waits for calls from outside. */
  awaitCalls(): Promise<never>
  /** @throws RunnerError `STEP_CONFLICT` where a step on record was not reached. */
  assertAllReached(): void
}

/** The longest answer of a function of the app, as JSON. */
const MAX_OUTPUT = 65_536
const KEY = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/

/** Makes the steps of one pass. */
export function createSteps(deps: FlowDeps): Steps {
  const { ports, journal, workflow, mover, stop } = deps
  const { frozen } = journal.state
  const own = ownContext(frozen.context)
  let reached = 0
  let current: string | undefined
  let given = { information: mover.information, event: mover.event }
  let conflict: RunnerError | undefined
  let stopped = false
  const proposedBy = new Map<string, Proposed>()

  const conflictAt = (key: string, why: string): RunnerError => {
    conflict ??= new RunnerError('STEP_CONFLICT', `Step ${shown(key)} ${why}.`, {
      details: { run_id: frozen.run_id, step: shown(key) },
    })
    return conflict
  }

  /** The step on record that this one is, if it is on record. */
  const recorded = (key: string, kind: StepKind, request: string | undefined): StepState | undefined => {
    if (conflict !== undefined) throw conflict
    if (typeof key !== 'string' || !KEY.test(key))
      throw conflictAt(key, 'has a key that is no name of at most 128 characters')
    if (current !== undefined) throw conflictAt(key, `was called while ${shown(current)} had not finished`)
    const earlier = journal.state.steps.filter(({ linked }) => !linked)[reached]
    const elsewhere = journal.state.steps.find((step) => step.key === key)
    if (earlier === undefined && elsewhere !== undefined) throw conflictAt(key, 'was called twice')
    if (earlier === undefined) return undefined
    if (earlier.key !== key) throw conflictAt(key, `was called where ${shown(earlier.key)} is on record`)
    if (earlier.kind !== kind || earlier.request !== request) {
      throw conflictAt(key, 'is on record with another request')
    }
    return earlier
  }

  /** Runs a step, or gives what is on record of it. */
  const take = async <Result>(
    about: { readonly key: string; readonly kind: StepKind; readonly asked: unknown },
    again: (step: StepState) => Result | Promise<Result>,
    perform: (request: EntryBody<'step.finished'>['request']) => Promise<Result>,
  ): Promise<Result> => {
    const { key, kind } = about
    // A function that goes on after its pass has ended does nothing any more.
    if (stopped) return new Promise(() => undefined)
    const request = digest('synapsor.step.v1', about.asked)
    const earlier = recorded(key, kind, request)
    reached += 1
    if (earlier?.error != null) throw fromRecord(earlier.error)
    current = key
    try {
      return earlier?.status === 'finished' ? await again(earlier) : await perform(request)
    } catch (error) {
      // What may pass by itself is not on record, so that the function must not go on from it: next time it may be gone.
      if (!isLasting(error)) return halt({ why: 'broken', error })
      if (!isFinished(journal, key)) {
        journal.note('step.failed', { key, kind, request, error: toRecord(error), linked: false })
      }
      throw error
    } finally {
      current = undefined
    }
  }

  const halt = (why: Stop): Promise<never> => {
    stopped = true
    stop(why)
    return new Promise(() => undefined)
  }

  /** What was brought for this step, once. */
  const takeBrought = (key: string, what: 'information' | 'event'): Brought | undefined => {
    const brought = given[what]
    if (brought === undefined || (brought.step !== undefined && brought.step !== key)) return undefined
    given = { ...given, [what]: undefined }
    return brought
  }

  /** A known step that is called with what does not even fit is called with something else. */
  const argsOf = (key: string, kind: StepKind, capability: () => Capability, args: unknown) => {
    try {
      const { name, args: rules } = capability()
      return { capability: name, args: parseArguments(rules, args) }
    } catch (error) {
      if (!stopped) recorded(key, kind, undefined)
      throw error
    }
  }

  /** Waits, and says so on record unless that is on record already. */
  const wait = (body: Omit<EntryBody<'step.waiting'>, 'status'>, status: RunStatus): Promise<never> => {
    const earlier = journal.state.steps.find(({ key }) => key === body.key)
    const same =
      earlier?.status === 'waiting' &&
      journal.state.status === status &&
      earlier.proposal_id === body.proposal_id &&
      earlier.question === body.question
    if (!same) journal.note('step.waiting', { ...body, status })
    return halt({ why: 'waits' })
  }

  const finish = (
    body: Partial<EntryBody<'step.finished'>> & Pick<EntryBody<'step.finished'>, 'key' | 'kind' | 'request'>,
  ) =>
    journal.note('step.finished', {
      evidence_bundle_id: null,
      proposal_id: null,
      linked: false,
      ...body,
      // A copy: the function that gets it may change it before it is on record.
      output: structuredClone(body.output ?? null),
    })

  /** Does what the mover asks for. Its failure is the mover's, not the run's. */
  const brought = async <Result>(work: () => Result | Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof RunMoved) throw error
      return halt({ why: 'refused', error })
    }
  }

  /** Until somebody has decided. A question is answered by whoever moves the run, with another proposal. */
  const decided = async (key: string, kind: StepKind, request: `sha256:${string}`, id: string) => {
    for (;;) {
      const latest = await latestProposal(ports, frozen.run_id, id, journal.desk)
      if (latest.status !== 'pending_review') return latest
      const { proposal_id, question = null } = latest
      const about = { key, kind, request, proposal_id, question }
      if (question === null) return wait(about, 'waiting_approval')
      // By the proposal: the same step may be asked about the next one.
      const information = takeBrought(proposal_id, 'information')
      if (information === undefined) return wait(about, 'waiting_information')
      const { capability: name, step_key, target } = latest.loaded.state.frozen
      const link = { run_id: frozen.run_id, step_key: step_key ?? key }
      const capability = allowedCapability(workflow, name)
      const approval = demandOf(workflow, capability)
      await brought(() => {
        const args = answered(capability, proposedBy.get(link.step_key), information.value)
        assertSameObject(capability, args, target.primary_key.value.text)
        return provideInformation(journal.joined({ holds: true }), { id: proposal_id, args, own, link, approval })
      })
      journal.desk.forget()
    }
  }

  return {
    inspect: async (key, name, args, holds = false) => {
      const asked = argsOf(key, 'inspect', () => allowedCapability(workflow, name), args)
      const link = { run_id: frozen.run_id, step_key: key }
      return take(
        { key, kind: 'inspect', asked },
        (step) => recall(ports, allowedCapability(workflow, name), step),
        (request) => {
          const about = { key, kind: 'inspect' as const, request, proposal_id: null, output: null, linked: false }
          const joined = journal.joined({
            holds,
            read: ({ evidence }) =>
              journal.entry('step.finished', { ...about, evidence_bundle_id: evidence.bundle_id }),
          })
          return inspect(joined, { name, args: asked.args, contextOf: own.contextOf, link })
        },
      )
    },

    propose: async (key, name, args, listed) => {
      const asked = argsOf(key, 'propose', () => allowedCapability(workflow, name), args)
      proposedBy.set(key, { args: asked.args, pinned: listed?.pinned ?? [] })
      const link = { run_id: frozen.run_id, step_key: key }
      return take(
        { key, kind: 'propose', asked },
        async ({ proposal_id }) => {
          // As it was when it was made, each time: what has come of it is for the steps that wait for it.
          const { state } = await journal.desk.load(proposal_id ?? '')
          return toProposal(newProposal(state.frozen, state.hash), new Date(state.frozen.created_at))
        },
        async (request) => {
          assertEvidence(workflow, journal)
          const about = { key, kind: 'propose' as const, request, output: null, linked: false }
          const { awaited } = listed ?? {}
          const joined = journal.joined({
            // A function of the app is told of a refusal at once.
            holds: listed !== undefined,
            append: ({ entries }) => {
              const created = entries.find(({ type }) => type === 'proposal.created')
              if (created?.type !== 'proposal.created') return []
              const { proposal_id, evidence } = created.body.proposal
              const evidence_bundle_id = evidence.bundle_id
              return [
                journal.entry('step.finished', { ...about, proposal_id, evidence_bundle_id }),
                ...(awaited === undefined ? [] : [journal.entry('step.waiting', waitingFor(awaited, proposal_id))]),
              ]
            },
          })
          const approval = demandOf(workflow, allowedCapability(workflow, name))
          const call = { name, args: asked.args, contextOf: own.contextOf, link, approval }
          const proposed = await loadProposed(joined, call, null)
          journal.desk.keep(proposed)
          // The same was proposed before this step could be put on record.
          if (!isFinished(journal, key)) {
            const { proposal_id, evidence } = proposed.state.frozen
            finish({ ...about, proposal_id, evidence_bundle_id: evidence.bundle_id })
          }
          return toProposal(proposed.state, ports.clock.now())
        },
      )
    },

    awaitDecision: async (key, proposal) => {
      const id = idOf(proposal)
      return take(
        { key, kind: 'approval', asked: { proposal_id: id } },
        (step) => step.output as Outcome,
        async (request) => {
          const { status, proposal_id } = await decided(key, 'approval', request, id)
          const end = endOf(status)
          if (end !== undefined && end !== 'failed') return halt({ why: 'ended', status: end })
          const output = { proposal_id, status: 'approved' }
          finish({ key, kind: 'approval', request, proposal_id, output })
          return output
        },
      )
    },

    awaitApplied: async (key, proposal) => {
      const id = idOf(proposal)
      return take(
        { key, kind: 'apply', asked: { proposal_id: id } },
        (step) => step.output as Outcome & { receipt_id: string },
        async (request) => {
          for (;;) {
            const latest = await decided(key, 'apply', request, id)
            const { status, proposal_id, loaded } = latest
            const { receipt } = loaded.state
            if (status === 'applied' && receipt !== undefined) {
              const output = { proposal_id, status: 'applied', receipt_id: receipt.receipt_id }
              finish({ key, kind: 'apply', request, proposal_id, output })
              return output
            }
            const end = endOf(status)
            if (end !== undefined) return halt({ why: 'ended', status: end })
            if (!mover.applies)
              return wait({ key, kind: 'apply', request, proposal_id, question: null }, 'waiting_apply')
            await journal.flush()
            await brought(() => apply(ports, proposal_id))
            journal.desk.forget()
          }
        },
      )
    },

    awaitInformation: (key, question, rules) =>
      take(
        { key, kind: 'information', asked: { question, answers: spelled(rules) } },
        (step) => step.output as Arguments,
        async (request) => {
          const information = takeBrought(key, 'information')
          if (information === undefined) {
            return wait({ key, kind: 'information', request, proposal_id: null, question }, 'waiting_information')
          }
          const output = await brought(() => accepted(rules, information.value))
          finish({ key, kind: 'information', request, output: { ...output } })
          return output
        },
      ),

    awaitExternal: (key, rules) =>
      take(
        { key, kind: 'external', asked: { tells: spelled(rules) } },
        (step) => step.output as Arguments,
        async (request) => {
          const event = takeBrought(key, 'event')
          if (event === undefined) {
            return wait({ key, kind: 'external', request, proposal_id: null, question: null }, 'waiting_external')
          }
          const output = await brought(() => accepted(rules, event.value))
          finish({ key, kind: 'external', request, output: { ...output } })
          return output
        },
      ),

    condition: (key, holds) =>
      take(
        { key, kind: 'condition', asked: null },
        (step) => step.output === true,
        async (request) => {
          const output = holds()
          finish({ key, kind: 'condition', request, output })
          return output
        },
      ),

    step: (key, run, lease_ms) =>
      take(
        { key, kind: 'function', asked: null },
        (step) => step.output,
        async (request) => {
          const now = ports.clock.now()
          const { lease_until = null, attempt: before = 0 } = journal.state.steps.find((step) => step.key === key) ?? {}
          if (lease_until !== null && lease_until > now.toISOString()) return halt({ why: 'leased' })
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
            if (given === LOST) return halt({ why: 'leased' })
            output = toOutput(key, given)
          } catch (error) {
            if (isLasting(error)) throw error
            // It is over, so that the lease need not be waited for; but who fails time and again is not asked all the time.
            started(pauseAfter(attempt))
            throw isRunnerError(error) ? error : stepFailed(frozen.run_id, key, error)
          }
          finish({ key, kind: 'function', request, output })
          await journal.flush()
          return output
        },
      ),

    linkedProposals: () =>
      journal.state.steps.flatMap(({ linked, proposal_id }) => (linked && proposal_id !== null ? [proposal_id] : [])),

    awaitCalls: () => halt({ why: 'waits' }),

    assertAllReached: () => {
      if (conflict !== undefined) throw conflict
      if (current !== undefined) throw conflictAt(current, 'was not awaited')
      const missed = journal.state.steps.filter(({ linked }) => !linked)[reached]
      if (missed !== undefined) throw conflictAt(missed.key, 'is on record and was not reached')
    },
  }
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

/**
 * The arguments of a proposal that answers a reviewer: what the caller gives takes the place of what was given before,
 * but for what the contract says.
 *
 * @throws RunnerError `INVALID_ARGUMENT`.
 */
function answered(capability: Capability, before: Proposed | undefined, value: unknown): Arguments {
  if (before === undefined) return parseArguments(capability.args, value)
  const optional = new Map([...capability.args].map(([name, rule]) => [name, { ...rule, required: false }]))
  const given = parseArguments(optional, value)
  const changed = before.pinned.find((name) => name in given && given[name] !== before.args[name])
  if (changed !== undefined) throw invalid(changed, 'is not yours to change')
  return parseArguments(capability.args, { ...before.args, ...given })
}

/** An answer about another object would be another proposal. */
function assertSameObject({ lookup }: Capability, args: Arguments, key: string | null): void {
  if (lookup === undefined || String(args[lookup]) === key) return
  throw invalid(lookup, 'must name the object that was proposed for')
}

/** What a function of the app threw, as an error of ours: it is the cause. */
export function stepFailed(run_id: string, step: string | undefined, cause: unknown): RunnerError {
  const what = step === undefined ? 'The function of the workflow' : `The function of step ${shown(step)}`
  return new RunnerError('STEP_FAILED', `${what} failed in ${run_id}.`, {
    details: { run_id, ...(step === undefined ? {} : { step: shown(step) }) },
    cause,
  })
}

/** Rules as they are compared: a schema that has changed is another question. */
function spelled(rules: ReadonlyMap<string, ArgumentRule>) {
  return Object.fromEntries(
    [...rules].map(([name, { description: _, pattern, ...rule }]) => [
      name,
      Object.fromEntries(
        Object.entries({ ...rule, pattern: pattern?.source }).filter(([, value]) => value !== undefined),
      ),
    ]),
  )
}

/** The wait for a proposal that was made in this moment. */
function waitingFor({ key, kind }: AwaitingStep, proposal_id: string): EntryBody<'step.waiting'> {
  const request = digest('synapsor.step.v1', { proposal_id })
  return { key, kind, request, status: 'waiting_approval', proposal_id, question: null }
}

/** What whoever started the run is, for its operations. */
export function ownContext(context: ResolvedContext['context']): ResolvedContext {
  return { context, contextOf: () => context, roles: [] }
}

/** What the risk of a capability asks of an approval in this workflow. */
export function demandOf({ config }: Workflow, capability: Capability | undefined): ApprovalDemand | undefined {
  const risk = capability?.change?.risk
  return risk === undefined ? undefined : config.approvals?.find(({ on_risk }) => on_risk === risk)
}

/** @throws RunnerError `EVIDENCE_REQUIRED`. */
export function assertEvidence({ config, name }: Workflow, { state }: Pick<Journal, 'state'>): void {
  if (config.evidence !== 'required') return
  if (state.steps.some(({ kind, status }) => kind === 'inspect' && status === 'finished')) return
  throw new RunnerError('EVIDENCE_REQUIRED', `A proposal in ${name} needs a read of the same run before it.`, {
    details: { run_id: state.frozen.run_id },
  })
}

/** What a read gave, from the evidence on record. */
export async function recall(ports: Ports, capability: Capability, step: StepState): Promise<Inspection> {
  const record = await ports.ledger.findEvidence(step.evidence_bundle_id ?? '')
  if (record !== undefined && evidenceDigest(record.evidence) === record.digest) return toInspection(capability, record)
  throw new RunnerError('INTEGRITY', `The evidence of step ${shown(step.key)} is not there, or not as it was recorded.`)
}

function isFinished({ state }: Journal, key: string): boolean {
  return state.steps.some((step) => step.key === key && step.status === 'finished')
}

function idOf(proposal: ProposalRef): string {
  return typeof proposal === 'string' ? proposal : proposal.id
}

/** @throws RunnerError `INVALID_ARGUMENT` or `SECRET_REFUSED`. */
function accepted(rules: ReadonlyMap<string, ArgumentRule>, value: unknown): Arguments {
  const parsed = parseArguments(rules, value)
  for (const [name, each] of Object.entries(parsed)) if (typeof each === 'string') refuseSecret(name, each)
  return parsed
}

/**
 * What a function of the app gave, as it is on record.
 *
 * @throws RunnerError `INVALID_ARGUMENT`, `RESULT_TOO_LARGE` or `SECRET_REFUSED`.
 */
export function toOutput(key: string, value: unknown): EntryBody<'step.finished'>['output'] {
  const text = canonicalText(key, value)
  if (text.length > MAX_OUTPUT) {
    throw new RunnerError('RESULT_TOO_LARGE', `Step ${shown(key)} gave more than ${MAX_OUTPUT} characters of JSON.`)
  }
  refuseSecret(`step ${shown(key)}`, text)
  return JSON.parse(text)
}

function canonicalText(key: string, value: unknown): string {
  try {
    return canonicalJson(value ?? null)
  } catch {
    throw new RunnerError('INVALID_ARGUMENT', `Step ${shown(key)} gave what JSON cannot say.`)
  }
}

/** Another try would end the same way, so that it is worth remembering. Everything else may pass by itself. */
const LASTING: ReadonlySet<ErrorCode> = new Set([
  'ACTIVE_PROPOSAL_EXISTS',
  'BOUND_EXCEEDED',
  'EVIDENCE_REQUIRED',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'PRECONDITION_FAILED',
  'PROPOSALS_DISABLED',
  'RESULT_TOO_LARGE',
  'SECRET_REFUSED',
  'TRANSITION_REFUSED',
  'WORKFLOW_NOT_ALLOWED',
])

export function isLasting(error: unknown): error is RunnerError {
  return isRunnerError(error) && LASTING.has(error.code)
}

export function toRecord(error: RunnerError): EntryBody<'step.failed'>['error'] {
  const { code, message, retry, details, next } = error.toJSON()
  return { code, message, retry, details, next }
}

function fromRecord({ code, message, details, next }: NonNullable<StepState['error']>): RunnerError {
  return new RunnerError(code, message, { details, next })
}

/** A key came from a function of the app: short and printable. */
function shown(key: unknown): string {
  return String(key)
    .slice(0, 128)
    .replace(/[^\x21-\x7e]/g, '?')
}
