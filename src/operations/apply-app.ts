import { RunnerError } from '../errors.js'
import { deliver, longestDelivery } from '../executors/deliver.js'
import type { AppExecutor, Delivery, HandlerReport } from '../executors/executor.js'
import { buildHandlerRequest, type RequestPurpose } from '../executors/handler-request.js'
import { unreachable } from '../executors/unavailable.js'
import type { Receipt } from '../protocol/receipt.js'
import type { ProposalState } from '../protocol/state.js'
import { beginAttempt, endAttempt, isVerdict, laterReceipt, orLater, unrecorded } from './attempt.js'
import { expired } from './decide.js'
import { type Doubt, doubtOf, stillDoubtful } from './doubt.js'
import type { LoadedProposal } from './load-proposal.js'
import type { Ports } from './ports.js'
import { receiptOfFinding, receiptOfRefusal, receiptOfReport } from './receipt.js'
import { recordExpiry, recordOutcome } from './settle.js'

const APP_EXECUTORS: ReadonlySet<string> = new Set(['http_handler', 'command_handler', 'function'])

/** Name of the executor of the app that performs a change; `undefined` where the runner writes itself. */
export function appExecutorOf({ frozen: { executor } }: ProposalState): string | undefined {
  return executor.name !== null && APP_EXECUTORS.has(executor.type) ? executor.name : undefined
}

/** A proposal on its way to the app. */
interface Way {
  readonly name: string
  readonly executor: AppExecutor
}

function openWay(ports: Ports, { state }: LoadedProposal): Way {
  const name = appExecutorOf(state)
  if (name === undefined) throw new RunnerError('INTERNAL', `${state.frozen.proposal_id} is not for the app.`)
  return { name, executor: ports.executors.open(name) }
}

/**
 * Has the app perform an approved change: on record before it begins, and its end on record before it is told.
 * `undefined` when somebody else moved the proposal: then the record tells.
 */
export async function applyByApp(ports: Ports, loaded: LoadedProposal): Promise<Receipt | undefined> {
  return ask(ports, loaded, openWay(ports, loaded), 'perform')
}

/** Has the app bar the key of a change that it must not perform any more, or say that it was performed. */
export async function settleByApp(ports: Ports, loaded: LoadedProposal): Promise<Receipt | undefined> {
  return ask(ports, loaded, openWay(ports, loaded), 'settle')
}

/**
 * Ends a proposal that is past its expiry: the app may have performed it before.
 *
 * @throws RunnerError `EXPIRED` when it was not performed.
 */
export async function settleExpiredByApp(ports: Ports, loaded: LoadedProposal): Promise<Receipt | undefined> {
  const { state } = loaded
  if (state.status === 'approved') {
    await recordExpiry(ports, loaded)
    throw expired(state.frozen)
  }
  const receipt = await settleByApp(ports, loaded)
  if (receipt !== undefined && !receipt.source_database_mutated) throw expired(state.frozen)
  return receipt
}

/** Asks the app to do everything and keep nothing. Recorded only where it does not say that it kept nothing. */
export async function rehearseByApp(ports: Ports, loaded: LoadedProposal): Promise<Receipt | undefined> {
  const { state } = loaded
  const { name, executor } = openWay(ports, loaded)
  const delivery = await deliver(executor, buildHandlerRequest(state, { executor: name, purpose: 'rehearse' }))
  if (delivery.kind === 'unsent') throw unreachable(name, delivery.reason)
  if (delivery.kind === 'refused') return receiptOfRefusal(ports, state, delivery, true)
  if (delivery.kind === 'answered' && isWithoutEffect(delivery.report)) {
    return receiptOfReport(ports, state, delivery.report, true)
  }
  const started = await begin(ports, loaded, executor)
  return started && conclude(ports, started, { name, delivery, doubt: doubtOf(loaded) })
}

function isWithoutEffect({ dry_run, status }: HandlerReport): boolean {
  return dry_run || status === 'conflict' || status === 'failed'
}

async function ask(
  ports: Ports,
  loaded: LoadedProposal,
  { name, executor }: Way,
  purpose: RequestPurpose['purpose'],
): Promise<Receipt | undefined> {
  const request = buildHandlerRequest(loaded.state, { executor: name, purpose })
  const started = await begin(ports, loaded, executor)
  if (started === undefined) return undefined
  const delivery = await deliver(executor, request)
  try {
    return await conclude(ports, started, { name, delivery, doubt: doubtOf(loaded) })
  } catch (error) {
    const reported = delivery.kind === 'answered' && isApplied(delivery.report)
    throw reported && !isVerdict(error) ? unrecorded(started.row.proposal_id, error) : error
  }
}

/** One at a time, and on disk first: no receipt of ours in the source could tell two attempts apart. */
async function begin(ports: Ports, loaded: LoadedProposal, executor: AppExecutor): Promise<LoadedProposal | undefined> {
  const { proposal_id } = loaded.row
  const { open_attempts, last_attempt_at } = loaded.state
  const retry_after_ms =
    open_attempts.length === 0 || last_attempt_at === undefined
      ? 0
      : Date.parse(last_attempt_at) + longestDelivery(executor) - ports.clock.now().getTime()
  if (retry_after_ms > 0) {
    throw new RunnerError('BUSY', `Another attempt to apply ${proposal_id} may still be on its way.`, {
      details: { proposal_id },
      retry_after_ms,
    })
  }
  return beginAttempt(ports, loaded, { durability: 'durable', place: null })
}

/** What the app was asked, what came of it, and whether an earlier attempt may yet have an effect. */
interface Asked {
  readonly name: string
  readonly delivery: Delivery
  readonly doubt: Doubt | undefined
}

async function conclude(ports: Ports, started: LoadedProposal, asked: Asked): Promise<Receipt> {
  const { state } = started
  const { delivery, name } = asked
  switch (delivery.kind) {
    case 'answered':
      return concludeAnswered(ports, started, asked, delivery.report)
    case 'refused':
      return concludeUnchanged(ports, started, asked, receiptOfRefusal(ports, state, delivery, false))
    case 'unsent':
      await endAttempt(ports, started, 'HANDLER_UNAVAILABLE')
      throw unreachable(name, delivery.reason)
    case 'doubtful':
      await endAttempt(ports, started, null)
      throw doubtful(started, name, delivery)
  }
}

async function concludeAnswered(
  ports: Ports,
  started: LoadedProposal,
  asked: Asked,
  report: HandlerReport,
): Promise<Receipt> {
  if (isApplied(report)) {
    const receipt = receiptOfReport(ports, started.state, report, false)
    const recorded = await recordOutcome(ports, started, receipt, 'relaxed')
    return report.status === 'already_applied' ? laterReceipt(recorded) : orLater(receipt, recorded)
  }
  // To `settle` an app that knows nothing of it answers with a rehearsal: nothing was done until then.
  const receipt = report.dry_run
    ? receiptOfFinding(ports, started.state, false, 'NOT_APPLIED')
    : receiptOfReport(ports, started.state, report, false)
  if (report.key_settled) return orLater(receipt, await recordOutcome(ports, started, receipt, 'durable'))
  return concludeUnchanged(ports, started, asked, receipt)
}

/** This attempt changed nothing. That is the end only if no earlier one may still be at work. */
async function concludeUnchanged(
  ports: Ports,
  started: LoadedProposal,
  { doubt, name }: Asked,
  receipt: Receipt,
): Promise<Receipt> {
  const waiting = stillDoubtful(doubt, { now: ports.clock.now(), executor: ports.executors.open(name) })
  if (waiting === undefined) return orLater(receipt, await recordOutcome(ports, started, receipt, 'durable'))
  await endAttempt(ports, started, receipt.safe_error_code ?? 'HANDLER_FAILED')
  const { proposal_id } = started.row
  throw new RunnerError('OUTCOME_UNKNOWN', `An earlier attempt to apply ${proposal_id} may still be at work.`, {
    details: { proposal_id, executor: name, answer: receipt.status, safe_error_code: receipt.safe_error_code },
    retry_after_ms: waiting.retry_after_ms,
    next: 'The app refuses the change now, and does not say that the earlier attempt is over. Reconcile again after retry_after_ms.',
  })
}

function isApplied({ status, dry_run }: HandlerReport): boolean {
  return status === 'already_applied' || (status === 'applied' && !dry_run)
}

function doubtful(
  { row }: LoadedProposal,
  executor: string,
  { reason }: Extract<Delivery, { kind: 'doubtful' }>,
): RunnerError {
  const { proposal_id } = row
  return new RunnerError('OUTCOME_UNKNOWN', `It is not known whether the app has applied ${proposal_id}.`, {
    details: { proposal_id, executor, reason },
  })
}
