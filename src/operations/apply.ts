import { assertBounds } from '../capability/bounds.js'
import type { Capability, ChangeRules } from '../capability/capability.js'
import { assertWritable } from '../capability/preconditions.js'
import { assertTransitions } from '../capability/transitions.js'
import type { ReceiptClaim, StoredReceipt, UpdateOutcome } from '../drivers/driver.js'
import { isRunnerError, RunnerError } from '../errors.js'
import { applyBySql, tableRef } from '../executors/sql.js'
import { isExpired } from '../policy/expiry.js'
import { assertStillApproved } from '../policy/still-approved.js'
import type { Receipt } from '../protocol/receipt.js'
import type { ProposalState } from '../protocol/state.js'
import { isTerminal } from '../protocol/status.js'
import type { TableInfo } from '../sql/dialect.js'
import { expired, wrongStatus } from './decide.js'
import { advance, type LoadedProposal, loadProposal } from './load-proposal.js'
import type { Ports, Source } from './ports.js'
import { alreadyApplied, receiptOfOutcome } from './receipt.js'
import { claimOf, explained, placeOf, recordOutcome, settleExpired, settleInSource } from './settle.js'

export interface ApplyOptions {
  /** Go through everything in the source, then roll back. Nothing is recorded. Default false. */
  readonly dry_run?: boolean
}

/**
 * Writes an approved proposal once. A later call returns the first call's receipt as `already_applied`, also after
 * expiry.
 */
export async function apply(ports: Ports, id: string, options: ApplyOptions = {}): Promise<Receipt> {
  const dry_run = options.dry_run ?? false
  const loaded = await loadProposal(ports, id)
  const { state } = loaded
  if (state.receipt !== undefined) return laterReceipt(state.receipt)

  assertApplicable(state)
  const source = await ports.sources.open(state.frozen.source.name)
  if (isExpired(state.frozen.expires_at, ports.clock.now())) {
    if (dry_run) throw expired(state.frozen)
    return settleExpired(ports, source, loaded)
  }
  const capability = assertSameCapability(ports, state)
  const table = await checkTable(source, state, capability)
  await checkApprovals(ports, state)

  if (dry_run) return dryRun(ports, source, loaded, table)
  return attempt(ports, source, loaded, table)
}

/** What the first call left is what every later call gets. */
function laterReceipt(receipt: Receipt): Receipt {
  return receipt.status === 'applied' ? alreadyApplied(receipt) : receipt
}

function assertApplicable({ status, frozen }: ProposalState): void {
  const { proposal_id } = frozen
  if (status === 'approved' || status === 'applying' || status === 'outcome_unknown') return
  if (status === 'pending_review') {
    throw new RunnerError('NOT_APPROVED', `${proposal_id} is not approved.`, { details: { proposal_id, status } })
  }
  if (status === 'expired') throw expired(frozen)
  throw wrongStatus(proposal_id, status)
}

/** The capability must be the one that was reviewed, and its limits must still hold for this very change. */
function assertSameCapability(ports: Ports, { frozen }: ProposalState): Capability & { readonly change: ChangeRules } {
  const { proposal_id } = frozen
  const capability = ports.contract.capabilities.get(frozen.capability)
  const change = capability?.change
  if (capability === undefined || change === undefined || ports.contract.config.mode !== 'review') {
    throw contractChanged(proposal_id, frozen.capability)
  }
  assertBounds(change.bounds, frozen.after)
  assertTransitions(change.transitions, frozen.before, frozen.after)
  if (capability.digest !== frozen.capability_digest) throw contractChanged(proposal_id, frozen.capability)
  if (change.executor.type !== 'sql_update') {
    throw new RunnerError('EXECUTOR_UNAVAILABLE', `This version has no ${change.executor.type} executor.`, {
      details: { proposal_id, executor: change.executor.type },
    })
  }
  return { ...capability, change }
}

function contractChanged(proposal_id: string, capability: string): RunnerError {
  return new RunnerError(
    'CONTRACT_CHANGED',
    `Capability ${capability} is not what it was when ${proposal_id} was proposed.`,
    {
      details: { proposal_id, capability },
    },
  )
}

/** The table must be the one that was reviewed, and safe to write. Asked again when the known description is old. */
async function checkTable(source: Source, { frozen }: ProposalState, capability: Capability & { change: ChangeRules }) {
  const known = await source.driver.describe(tableRef(frozen))
  const fits = known.fingerprint === frozen.schema_fingerprint
  const table = fits ? known : await source.driver.describe(tableRef(frozen), { fresh: true })
  if (table.fingerprint !== frozen.schema_fingerprint) throw schemaDrift(frozen.proposal_id, frozen.target.table)
  if (source.read_only) {
    throw new RunnerError('PRECONDITION_FAILED', `Source ${source.name} is read_only in the contract.`)
  }
  assertWritable(capability, capability.change, table)
  return table
}

function schemaDrift(proposal_id: string, table: string): RunnerError {
  return new RunnerError('SCHEMA_DRIFT', `Table ${table} has changed since ${proposal_id} was proposed.`, {
    details: { proposal_id, table },
  })
}

async function checkApprovals(ports: Ports, state: ProposalState): Promise<void> {
  const about = { tenant_id: state.frozen.context.tenant_id }
  const approvals = state.decisions.filter((decision) => decision.decision === 'approved')
  const people = approvals.map(({ approver, roles }) => ports.people.identifyAgain({ id: approver, roles }, about))
  assertStillApproved(state, await Promise.all(people))
}

async function dryRun(ports: Ports, source: Source, loaded: LoadedProposal, table: TableInfo): Promise<Receipt> {
  const { frozen } = loaded.state
  const outcome = await applyBySql({ driver: source.driver, frozen, table, receipt: null, dry_run: true })
  if (outcome.outcome === 'drift') throw schemaDrift(frozen.proposal_id, frozen.target.table)
  return receiptOfOutcome(ports, loaded.state, outcome, true)
}

/** One attempt: on record before it begins, and its end on record before it is told. */
async function attempt(ports: Ports, source: Source, loaded: LoadedProposal, table: TableInfo): Promise<Receipt> {
  const started = await start(ports, source, loaded)
  if (started === undefined) return apply(ports, loaded.row.proposal_id)
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

/** An answer of our own about the record, as against a record that cannot be reached. */
function isVerdict(error: unknown): boolean {
  return isRunnerError(error) && (error.code === 'INTEGRITY' || error.code === 'WRONG_STATUS')
}

/** The source has the change and the ledger could not be told: the next apply or reconcile finds the receipt. */
function unrecorded(proposal_id: string, cause: unknown): RunnerError {
  return new RunnerError(
    'OUTCOME_UNKNOWN',
    `${proposal_id} was sent to the source, but its end could not be recorded.`,
    {
      details: { proposal_id },
      cause,
    },
  )
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
  return advance(ports, loaded, {
    durability: alone ? 'durable' : 'relaxed',
    entry: {
      type: 'apply.started',
      subject: proposal_id,
      at: ports.clock.now().toISOString(),
      body: { attempt: state.attempts + 1, ...(place === null ? {} : { receipts: place }) },
    },
  })
}

async function conclude(
  ports: Ports,
  source: Source,
  started: LoadedProposal,
  outcome: UpdateOutcome,
  claim: ReceiptClaim | null,
): Promise<Receipt> {
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
async function concludeTooLate(ports: Ports, started: LoadedProposal): Promise<Receipt> {
  const { frozen } = started.state
  const { proposal_id, expires_at } = frozen
  if (isExpired(expires_at, ports.clock.now())) {
    await recordFailure(ports, started, expired(frozen))
    return apply(ports, proposal_id)
  }
  const late = new RunnerError('BUSY', `The attempt to apply ${proposal_id} was held up for too long.`, {
    details: { proposal_id },
  })
  await recordFailure(ports, started, late)
  throw late
}

function orLater(receipt: Receipt, recorded: Receipt): Receipt {
  return recorded === receipt ? recorded : laterReceipt(recorded)
}

/** The source already holds a receipt under this key. */
async function concludeDuplicate(ports: Ports, started: LoadedProposal, stored: StoredReceipt): Promise<Receipt> {
  const receipt = await explained(ports, started, stored)
  return laterReceipt(await recordOutcome(ports, started, receipt, 'relaxed'))
}

/** Puts the end of a failed attempt on record: unknown if it may have been committed, else as if it had not begun. */
async function recordFailure(ports: Ports, started: LoadedProposal, error: unknown): Promise<void> {
  const code = isRunnerError(error) ? error.code : 'INTERNAL'
  const unknown = code === 'OUTCOME_UNKNOWN' || code === 'INTERNAL'
  const attempt = started.state.attempts
  const subject = started.row.proposal_id
  for (let current = started; !isTerminal(current.state.status); current = await loadProposal(ports, subject)) {
    const at = ports.clock.now().toISOString()
    const entry = unknown
      ? ({ type: 'apply.interrupted', subject, at, body: { attempt } } as const)
      : ({ type: 'apply.released', subject, at, body: { attempt, code } } as const)
    if ((await advance(ports, current, { durability: 'durable', entry })) !== undefined) return
  }
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
