import type { ReceiptClaim, StoredReceipt, UpdateOutcome } from '../drivers/driver.js'
import { isRunnerError, RunnerError } from '../errors.js'
import { applyBySql, tableRef } from '../executors/sql.js'
import { isExpired } from '../policy/expiry.js'
import type { Receipt } from '../protocol/receipt.js'
import type { ProposalState } from '../protocol/state.js'
import type { TableInfo } from '../sql/dialect.js'
import { schemaDrift } from './apply-checks.js'
import { beginAttempt, isVerdict, laterReceipt, orLater, recordFailure, unrecorded } from './attempt.js'
import { expired, wrongStatus } from './decide.js'
import type { LoadedProposal } from './load-proposal.js'
import type { Ports, Source } from './ports.js'
import { receiptOfOutcome } from './receipt.js'
import { claimOf, explained, placeOf, recordOutcome, settleInSource } from './settle.js'

/** Goes through everything in the source, then rolls back. Nothing is recorded. */
export async function rehearseInSource(
  ports: Ports,
  source: Source,
  loaded: LoadedProposal,
  table: TableInfo,
): Promise<Receipt> {
  const { frozen } = loaded.state
  const outcome = await applyBySql({ driver: source.driver, frozen, table, receipt: null, dry_run: true })
  if (outcome.outcome === 'drift') throw schemaDrift(frozen.proposal_id, frozen.target.table)
  return receiptOfOutcome(ports, loaded.state, outcome, true)
}

/**
 * One attempt to write the row itself: on record before it begins, and its end on record before it is told.
 * `undefined` when somebody else moved the proposal: then the record tells.
 */
export async function applyToSource(
  ports: Ports,
  source: Source,
  loaded: LoadedProposal,
  table: TableInfo,
): Promise<Receipt | undefined> {
  const started = await start(ports, source, loaded)
  if (started === undefined) return undefined
  const { frozen } = started.state
  const claim = claimOf(source, started.state)
  let outcome: UpdateOutcome
  try {
    const deadline = { not_after: lastMoment(source, started.state), now: () => ports.clock.now() }
    outcome = await applyBySql({ driver: source.driver, frozen, table, receipt: claim, dry_run: false, deadline })
  } catch (error) {
    await recordFailure(ports, started, error).catch(() => undefined)
    throw withProposal(error, frozen.proposal_id)
  }
  try {
    return await conclude(ports, source, started, outcome, claim)
  } catch (error) {
    throw outcome.outcome === 'applied' && !isVerdict(error) ? unrecorded(frozen.proposal_id, error) : error
  }
}

/** Before its expiry; and where no receipt can bar an attempt that was held up, the end of the time that reconcile waits for it. */
function lastMoment(source: Source, { frozen, last_attempt_at }: ProposalState): Date {
  const last = Date.parse(frozen.expires_at) - 1
  if (source.receipts !== null || last_attempt_at === undefined) return new Date(last)
  return new Date(Math.min(last, Date.parse(last_attempt_at) + source.attempt_ms))
}

/** Under `runner_ledger` the record of the attempt is all there is: one at a time, and on disk first. */
async function start(ports: Ports, source: Source, loaded: LoadedProposal): Promise<LoadedProposal | undefined> {
  const { state } = loaded
  const { proposal_id } = state.frozen
  const place = placeOf(source)
  const alone = place === null
  if (alone && state.status !== 'approved') {
    throw wrongStatus(proposal_id, state.status, 'Another attempt has begun. Call reconcile to settle it.')
  }
  return beginAttempt(ports, loaded, { durability: alone ? 'durable' : 'relaxed', place })
}

async function conclude(
  ports: Ports,
  source: Source,
  started: LoadedProposal,
  outcome: UpdateOutcome,
  claim: ReceiptClaim | null,
): Promise<Receipt | undefined> {
  const { frozen } = started.state
  if (outcome.outcome === 'drift') {
    await source.driver.describe(tableRef(frozen), { fresh: true })
    await recordFailure(ports, started, schemaDrift(frozen.proposal_id, frozen.target.table))
    throw schemaDrift(frozen.proposal_id, frozen.target.table)
  }
  if (outcome.outcome === 'expired') return concludeTooLate(ports, started)
  if (outcome.outcome === 'duplicate') return concludeDuplicate(ports, started, outcome.receipt)
  const receipt = receiptOfOutcome(ports, started.state, outcome, false)
  if (claim === null) return orLater(receipt, await recordOutcome(ports, started, receipt, 'durable'))
  const bar = async () => (await settleInSource(ports, source, started, claim)).receipt
  return orLater(receipt, await recordOutcome(ports, started, receipt, 'relaxed', bar))
}

/** Nothing was changed. Past its expiry the proposal is settled for ever; else the attempt was held up, and is over. */
async function concludeTooLate(ports: Ports, started: LoadedProposal): Promise<undefined> {
  const { frozen } = started.state
  const { proposal_id, expires_at } = frozen
  if (isExpired(expires_at, ports.clock.now())) {
    await recordFailure(ports, started, expired(frozen))
    return undefined
  }
  const late = new RunnerError('BUSY', `The attempt to apply ${proposal_id} was held up for too long.`, {
    details: { proposal_id },
  })
  await recordFailure(ports, started, late)
  throw late
}

/** The source already holds a receipt under this key. */
async function concludeDuplicate(ports: Ports, started: LoadedProposal, stored: StoredReceipt): Promise<Receipt> {
  const receipt = await explained(ports, started, stored)
  return laterReceipt(await recordOutcome(ports, started, receipt, 'relaxed'))
}

function withProposal(error: unknown, proposal_id: string): unknown {
  if (!isRunnerError(error)) {
    return new RunnerError('OUTCOME_UNKNOWN', `It is not known whether ${proposal_id} was applied.`, {
      details: { proposal_id },
      cause: error,
    })
  }
  const { code, message, details, next, retry_after_ms } = error
  return new RunnerError(code, message, {
    details: { ...details, proposal_id },
    next,
    cause: error,
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
  })
}
