import { RunnerError } from '../errors.js'
import { type Delivered, deliver, longestDelivery } from '../executors/deliver.js'
import type { AppExecutor, Delivery, HandlerReport } from '../executors/executor.js'
import { buildHandlerRequest, type RequestPurpose } from '../executors/handler-request.js'
import { unreachable } from '../executors/unavailable.js'
import { isExpired } from '../policy/expiry.js'
import { KEY_REUSED } from '../protocol/handler.js'
import type { Receipt } from '../protocol/receipt.js'
import type { ProposalState } from '../protocol/state.js'
import { beginAttempt, endAttempt, isVerdict, laterReceipt, orLater, unrecorded } from './attempt.js'
import { expired } from './decide.js'
import { type Doubt, doubtOf, doubtSince, whenBelieved } from './doubt.js'
import type { LoadedProposal } from './load-proposal.js'
import type { Ports } from './ports.js'
import { receiptOfRefusal, receiptOfReport } from './receipt.js'
import { recordExpiry, recordOutcome } from './settle.js'

const APP_EXECUTORS: ReadonlySet<string> = new Set(['http_handler', 'command_handler', 'function'])

/** Name of the executor of the app that performs a change; `undefined` where the runner writes itself. */
export function appExecutorOf({ frozen: { executor } }: ProposalState): string | undefined {
  return executor.name !== null && APP_EXECUTORS.has(executor.type) ? executor.name : undefined
}

/**
 * Has the app perform an approved change: on record before it begins, and its end on record before it is told.
 * `undefined` when the proposal has moved meanwhile: then the record tells.
 */
export async function applyByApp(ports: Ports, loaded: LoadedProposal): Promise<Receipt | undefined> {
  return ask(ports, loaded, 'perform')
}

/** Has the app bar the key of a change that it must not perform any more, or say that it was performed. */
export async function settleByApp(ports: Ports, loaded: LoadedProposal): Promise<Receipt | undefined> {
  return ask(ports, loaded, 'settle')
}

/** Asks the app to do everything and keep nothing. On record like any attempt, since it may do it all the same. */
export async function rehearseByApp(ports: Ports, loaded: LoadedProposal): Promise<Receipt | undefined> {
  return ask(ports, loaded, 'rehearse')
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

type Purpose = RequestPurpose['purpose']

/** What the app was asked, what came of it, and whether another request may yet have an effect. */
interface Asked extends Delivered {
  readonly purpose: Purpose
  readonly name: string
  readonly executor: AppExecutor
  readonly doubt: Doubt | undefined
}

async function ask(ports: Ports, loaded: LoadedProposal, purpose: Purpose): Promise<Receipt | undefined> {
  const name = appExecutorOf(loaded.state)
  if (name === undefined) throw new RunnerError('INTERNAL', `${loaded.row.proposal_id} is not for the app.`)
  const executor = ports.executors.open(name)
  const request = buildHandlerRequest(loaded.state, { executor: name, purpose })
  const started = await begin(ports, loaded, executor)
  if (started === undefined) return undefined
  const delivered = await deliver(executor, request, () => isInTime(ports, started, { executor, purpose }))
  const asked: Asked = { ...delivered, purpose, name, executor, doubt: doubtOf(loaded) }
  try {
    return await conclude(ports, started, asked)
  } catch (error) {
    const { last } = delivered
    const reported = last.kind === 'answered' && isApplied(last.report)
    throw reported && !isVerdict(error) ? unrecorded(started.row.proposal_id, error) : error
  }
}

/** One at a time, and on disk first: no receipt of ours in the source could tell two attempts apart. */
async function begin(ports: Ports, loaded: LoadedProposal, executor: AppExecutor): Promise<LoadedProposal | undefined> {
  const { proposal_id } = loaded.row
  const { open_attempts, last_attempt_at } = loaded.state
  const longest = longestDelivery(executor)
  const retry_after_ms =
    open_attempts.length === 0 || last_attempt_at === undefined
      ? 0
      : Date.parse(last_attempt_at) + longest - ports.clock.now().getTime()
  // What begins in the future was begun by another clock, which tells nothing.
  if (retry_after_ms > 0 && retry_after_ms <= longest) {
    throw new RunnerError('BUSY', `Another attempt to apply ${proposal_id} may still be on its way.`, {
      details: { proposal_id },
      retry_after_ms,
    })
  }
  return beginAttempt(ports, loaded, { durability: 'durable', place: null })
}

/**
 * Whoever was held up since the attempt went on record must not send any more: others may have taken the attempt for
 * over, and settled it.
 */
function isInTime(
  ports: Ports,
  { state: { frozen, last_attempt_at } }: LoadedProposal,
  { executor, purpose }: Pick<Asked, 'executor' | 'purpose'>,
): boolean {
  const now = ports.clock.now()
  if (purpose !== 'settle' && isExpired(frozen.expires_at, now)) return false
  return last_attempt_at === undefined || now.getTime() - Date.parse(last_attempt_at) <= executor.timeout_ms
}

async function conclude(ports: Ports, started: LoadedProposal, asked: Asked): Promise<Receipt | undefined> {
  const { last, purpose } = asked
  switch (last.kind) {
    case 'answered':
      return concludeAnswered(ports, started, asked, last.report)
    case 'refused': {
      const receipt = receiptOfRefusal(ports, started.state, last, purpose === 'rehearse')
      return concludeUnchanged(ports, started, asked, { receipt, isOfKey: false })
    }
    case 'unsent':
      return concludeUnsent(ports, started, asked, last.reason)
    case 'doubtful':
      await endAttempt(ports, started, null)
      throw doubtful(started, asked, last.reason)
  }
}

async function concludeAnswered(
  ports: Ports,
  started: LoadedProposal,
  asked: Asked,
  report: HandlerReport,
): Promise<Receipt | undefined> {
  if (isApplied(report)) {
    const receipt = receiptOfReport(ports, started.state, report, false)
    const recorded = await recordOutcome(ports, started, receipt, 'relaxed')
    return report.status === 'already_applied' ? laterReceipt(recorded) : orLater(receipt, recorded)
  }
  const rehearsed = asked.purpose === 'rehearse'
  const receipt = receiptOfReport(ports, started.state, report, rehearsed)
  if (report.key_settled) return orLater(receipt, await recordOutcome(ports, started, receipt, 'durable'))
  // An app that knows nothing of `settle` answers with a rehearsal, and need not have looked at its keys for that.
  const isOfKey = !report.dry_run && report.safe_error_code !== KEY_REUSED
  return concludeUnchanged(ports, started, asked, { receipt, isOfKey })
}

/** A refusal, and whether the app has looked at its keys before it gave it. */
interface Unchanged {
  readonly receipt: Receipt
  readonly isOfKey: boolean
}

/** This request changed nothing. That is the end only if no other one may have had, or may yet have, an effect. */
async function concludeUnchanged(
  ports: Ports,
  started: LoadedProposal,
  asked: Asked,
  { receipt, isOfKey }: Unchanged,
): Promise<Receipt> {
  const { purpose, executor, is_followed, name } = asked
  const doubt = is_followed ? doubtSince(ports.clock.now()) : asked.doubt
  if (purpose === 'rehearse' && !is_followed) {
    await endAttempt(ports, started, 'DRY_RUN')
    return receipt
  }
  if (doubt === undefined) return orLater(receipt, await recordOutcome(ports, started, receipt, 'durable'))
  const believed = isOfKey && purpose === 'perform' ? whenBelieved(doubt, executor) : undefined
  const retry_after_ms = believed === undefined ? undefined : believed - ports.clock.now().getTime()
  if (retry_after_ms !== undefined && retry_after_ms <= 0) {
    return orLater(receipt, await recordOutcome(ports, started, receipt, 'durable'))
  }
  await endAttempt(ports, started, is_followed ? null : (receipt.safe_error_code ?? 'HANDLER_FAILED'))
  const { proposal_id } = started.row
  throw new RunnerError('OUTCOME_UNKNOWN', `An earlier request to apply ${proposal_id} may have been performed.`, {
    details: { proposal_id, executor: name, answer: receipt.status, safe_error_code: receipt.safe_error_code },
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
    next: retry_after_ms === undefined ? ASK_A_PERSON : ASK_LATER,
  })
}

const ASK_LATER =
  'The app refuses the change now, and does not say that the earlier request is over. Reconcile again after retry_after_ms.'
const ASK_A_PERSON =
  'The app refuses the request, which says nothing of the earlier one. Mend what it refuses for and reconcile again; or look in the app whether it was performed, and reconcile with that finding.'

/** Nothing has left with this try; with one before it, something may have. */
async function concludeUnsent(
  ports: Ports,
  started: LoadedProposal,
  { is_followed, name, purpose }: Asked,
  reason: Extract<Delivery, { kind: 'unsent' }>['reason'],
): Promise<undefined> {
  if (is_followed) {
    await endAttempt(ports, started, null)
    throw doubtful(started, { name }, 'status')
  }
  await endAttempt(ports, started, 'HANDLER_UNAVAILABLE')
  // Past its expiry it is settled like any other.
  const isPast = isExpired(started.state.frozen.expires_at, ports.clock.now())
  if (reason === 'too_late' && purpose === 'perform' && isPast) return undefined
  throw unreachable(name, reason)
}

function isApplied({ status, dry_run }: HandlerReport): boolean {
  return status === 'already_applied' || (status === 'applied' && !dry_run)
}

function doubtful({ row }: LoadedProposal, { name }: Pick<Asked, 'name'>, reason: string): RunnerError {
  const { proposal_id } = row
  return new RunnerError('OUTCOME_UNKNOWN', `It is not known whether the app has applied ${proposal_id}.`, {
    details: { proposal_id, executor: name, reason },
  })
}
