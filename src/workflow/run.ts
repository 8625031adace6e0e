/** A run as its owner, and the operator, see it. */
import type { Ports } from '../operations/ports.js'
import type { Envelope } from '../protocol/envelope.js'
import type { Context } from '../protocol/proposal.js'
import { isOpen, nextMove, type RunAction, type RunAwaiting, type RunStatus, type StepKind } from '../protocol/run.js'
import type { RunState, StepState } from '../protocol/run-state.js'
import type { JsonScalar } from '../protocol/values.js'
import { createProposalCache, type ProposalCache } from './proposal-cache.js'
import { latestProposal } from './proposal-of-run.js'
import { isOver } from './time-over.js'

/** One step of a run, as far as it has come. */
export interface RunStep {
  readonly key: string
  readonly kind: StepKind
  readonly status: StepState['status']
  readonly evidence_bundle_id?: string
  readonly proposal_id?: string
  /** The code of what went wrong. */
  readonly error?: string
}

/** A durable run of a workflow. */
export interface Run {
  readonly run_id: `run_${string}`
  readonly workflow: string
  readonly version: string
  /** As of now: a decision that was made meanwhile counts, though nobody has moved the run since. */
  readonly status: RunStatus
  /** What was read last, `null` before anything was. */
  readonly evidence_bundle_id: string | null
  /** The proposal that matters now, `null` before there is one. */
  readonly proposal_id: string | null
  /** The label under which an app shows what the run has staged. */
  readonly branch: string
  readonly next_allowed_actions: readonly RunAction[]
  readonly awaiting: RunAwaiting
  /** What waits, while something does: the key of a step, or the proposal that a reviewer asks about. */
  readonly waiting_for?: string
  /** What the run waits to be told, by the caller. */
  readonly question?: string
  readonly context: Context
  readonly input: Readonly<Record<string, JsonScalar>>
  readonly steps: readonly RunStep[]
  /** Why it failed. */
  readonly error?: NonNullable<StepState['error']>
  /** What the function of the workflow gave. */
  readonly output?: unknown
  readonly created_at: string
  readonly expires_at: string
}

/** Shows a run as it counts now. */
export async function toRun(
  ports: Ports,
  state: RunState,
  proposals: ProposalCache = createProposalCache(ports),
): Promise<Run> {
  const { frozen, steps, error, output } = state
  const waiting = steps.findLast((step) => step.status === 'waiting')
  const made =
    waiting?.proposal_id != null
      ? waiting
      : steps.findLast(({ kind, proposal_id }) => kind === 'propose' && proposal_id !== null)
  const latest =
    made?.proposal_id == null ? undefined : await latestProposal(ports, frozen.run_id, made.proposal_id, proposals)
  const { status, question } = standing(
    state,
    waiting,
    latest,
    isOpen(state.status) && (await isOver(ports, state, proposals)),
  )
  const move = movesOf(status, waiting, latest)
  const read = steps.findLast(({ evidence_bundle_id }) => evidence_bundle_id !== null)
  return {
    run_id: frozen.run_id as Run['run_id'],
    workflow: frozen.workflow,
    version: frozen.version,
    status,
    evidence_bundle_id: read?.evidence_bundle_id ?? null,
    proposal_id: latest?.proposal_id ?? null,
    branch: frozen.branch,
    ...move,
    ...(isWaiting(status) && waiting !== undefined ? { waiting_for: waitingFor(status, waiting, latest) } : {}),
    ...(question === undefined ? {} : { question }),
    context: frozen.context,
    input: frozen.input,
    steps: steps.map(toStep),
    ...(error === null ? {} : { error }),
    ...(output === null ? {} : { output }),
    created_at: frozen.created_at,
    expires_at: frozen.expires_at,
  }
}

const RECONCILE = { next_allowed_actions: ['reconcile'], awaiting: 'worker' } as const
const ANSWER = { next_allowed_actions: ['provide_information'], awaiting: 'caller' } as const

/** What may happen next: a question of the workflow itself is about no proposal that could be rejected. */
function movesOf(status: RunStatus, waiting: StepState | undefined, latest: Latest) {
  if (status === 'waiting_apply' && latest?.status === 'outcome_unknown') return RECONCILE
  return status === 'waiting_information' && waiting?.kind === 'information' ? ANSWER : nextMove(status)
}

function waitingFor(status: RunStatus, { key, kind }: StepState, latest: Latest): string {
  const isAsked = status === 'waiting_information' && kind !== 'information'
  return isAsked && latest !== undefined ? latest.proposal_id : key
}

function isWaiting(status: RunStatus): boolean {
  return isOpen(status) && status !== 'running'
}

type Latest = Awaited<ReturnType<typeof latestProposal>> | undefined

interface Standing {
  readonly status: RunStatus
  readonly question?: string | undefined
}

/** What a run waits for may have come since it was put on record: then whoever touches it moves it on. */
function standing({ status }: RunState, waiting: StepState | undefined, latest: Latest, over: boolean): Standing {
  if (!isOpen(status)) return { status }
  if (over) return { status: 'expired' }
  if (waiting?.kind === 'information') return { status: 'waiting_information', question: waiting.question ?? '' }
  if (waiting?.kind === 'external') return { status: 'waiting_external' }
  if (waiting === undefined || latest === undefined) return { status: 'running' }
  if (latest.status === 'pending_review') {
    const { question } = latest
    return question === undefined ? { status: 'waiting_approval' } : { status: 'waiting_information', question }
  }
  const isBeingApplied = ['approved', 'applying', 'outcome_unknown'].includes(latest.status)
  return { status: waiting.kind === 'apply' && isBeingApplied ? 'waiting_apply' : 'running' }
}

function toStep({ key, kind, status, evidence_bundle_id, proposal_id, error }: StepState): RunStep {
  return {
    key,
    kind,
    status,
    ...(evidence_bundle_id === null ? {} : { evidence_bundle_id }),
    ...(proposal_id === null ? {} : { proposal_id }),
    ...(error === null ? {} : { error: error.code }),
  }
}

const SUMMARIES: Readonly<Record<RunStatus, string>> = {
  running: 'It can go on: continue it.',
  waiting_approval: 'A person must decide on its proposal: nothing of that is written before.',
  waiting_information: 'It needs an answer: continue it with information.',
  waiting_external: 'It waits for an event that the app tells.',
  waiting_apply: 'Its proposal is approved. The operator applies it; nothing of it is written before.',
  completed: 'It is done.',
  rejected: 'Its proposal was rejected.',
  conflict: 'The object of its proposal has moved on. Start again if it is still needed.',
  failed: 'It could not be done.',
  expired: 'It was not finished in time. Start again if it is still needed.',
  canceled: 'It was canceled.',
}

/** What a model is answered with: the compact form of a run. */
export function runEnvelope(run: Run): Envelope<never> {
  const { run_id, workflow, status, evidence_bundle_id, proposal_id, branch, next_allowed_actions, awaiting } = run
  const { question, error, waiting_for } = run
  return {
    ok: status !== 'failed',
    summary: `Run ${run_id} of ${workflow} is ${status}. ${SUMMARIES[status]}`,
    kind: 'workflow',
    capability: workflow,
    run: {
      ...{ run_id, status, evidence_bundle_id, proposal_id, branch },
      next_allowed_actions: [...next_allowed_actions],
      awaiting,
      ...(waiting_for === undefined ? {} : { waiting_for }),
      ...(question === undefined ? {} : { question }),
    },
    ...(error === undefined ? {} : { error: error as NonNullable<Envelope['error']> }),
    source_database_changed: false,
  }
}
