/** The path of one request through the app's database: key, row, the app's function, receipt, commit. */
import { randomUUID } from 'node:crypto'
import { isRunnerError } from '../errors.js'
import { digest } from '../protocol/canonical.js'
import type { HandlerAnswer, HandlerRequest } from '../protocol/handler.js'
import { type JsonScalar, toJson } from '../protocol/values.js'
import { appliedAnswer, keyReusedAnswer, refusedAnswer, rehearsedAnswer, storedAnswer, tornReceipt } from './answers.js'
import { type ApprovedChange, buildApprovedChange } from './approved-change.js'
import type { FoundRow, HandlerDatabase, HandlerTransaction, ReceiptClaim, StoredReceipt } from './database.js'
import { type HandlerEffects, readEffects } from './effects.js'
import { endedFromOutside, keyLost } from './failure.js'
import { exactRow, expectedOf, movedColumns, rowQueryOf } from './guard.js'
import { conflict, isRefusal, type Refusal, refusal } from './refusal.js'
import type { CheckedRequest } from './request.js'

/**
 * What an app does for one capability: writes through `tx`, in the transaction that is open there, and tells what came
 * of it. It must not end that transaction: no commit, no rollback, on MySQL no statement that implies one, such as DDL.
 * What was made is then unknown, and the key is never used again. What it throws rolls everything back; {@link refuse}
 * and {@link conflict} are how it says no.
 *
 * Nothing ends a function that takes too long, since nobody could tell what it still does: until it is through it holds
 * its row, its key and a connection of the pool, on SQLite the only one. Give what it waits for a time limit there.
 */
export type CapabilityFunction<Tx> = (
  job: ApprovedChange,
  tx: Tx,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that gives nothing back is as good as one that says so.
) => Promise<HandlerEffects | void> | HandlerEffects | void

export interface Work<Tx> {
  readonly database: HandlerDatabase<Tx>
  readonly run: CapabilityFunction<Tx>
}

/** Performs a request, at most once for its key whoever else has it, and answers what came of it. */
export async function perform<Tx>(work: Work<Tx>, checked: CheckedRequest): Promise<HandlerAnswer> {
  const { request } = checked
  const claim = claimOf(checked)
  return work.database.transaction(async (transaction) => {
    const stored = await transaction.claim(claim)
    if (stored) return answerStored(request, claim, stored)
    const prove = (step: () => Promise<void>) => orAbandon(transaction, claim, step)
    const isSettled = request.settle === true
    const answer = isSettled ? barredAnswer(request) : await attempt(work, checked, { transaction, prove })
    if (request.dry_run && !isSettled) {
      // Only a transaction that still stands keeps nothing.
      await prove(() => transaction.undo())
      return rehearsedAnswer(answer)
    }
    await prove(() => transaction.record(claim.key, JSON.stringify(answer)))
    await transaction.commit()
    return answer
  })
}

/** Has the key stay taken when a step finds that the transaction is not the one begun here. */
async function orAbandon<Tx>(
  transaction: HandlerTransaction<Tx>,
  claim: ReceiptClaim,
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step()
  } catch (error) {
    if (!isIntegrity(error)) throw error
    await transaction.abandon(claim).catch((cause: unknown) => {
      throw keyLost(cause)
    })
    throw error
  }
}

function isIntegrity(error: unknown): boolean {
  return isRunnerError(error) && error.code === 'INTEGRITY'
}

/** Everything that says what is to be done, and nothing that may differ between two tries. */
function claimOf({ request, target }: CheckedRequest): ReceiptClaim {
  const { idempotency_key: key, proposal_id, proposal_hash = null, change_set } = request
  const request_digest = digest('synapsor.handler-request.v1', { proposal_id, proposal_hash, change_set, target })
  return { key, receipt_id: `hrc_${randomUUID()}`, proposal_id, proposal_hash, request_digest }
}

function answerStored(request: HandlerRequest, claim: ReceiptClaim, stored: StoredReceipt): HandlerAnswer {
  if (!isSame(stored, claim)) return keyReusedAnswer(request)
  if (stored.answer === null) throw tornReceipt()
  return storedAnswer(request, stored)
}

/** Hashes name the proposal whoever wrote the receipt; without one only a digest of our own tells requests apart. */
function isSame(stored: StoredReceipt, claim: ReceiptClaim): boolean {
  if (stored.proposal_hash === null || claim.proposal_hash === null) {
    return stored.request_digest === claim.request_digest
  }
  return stored.proposal_id === claim.proposal_id && stored.proposal_hash === claim.proposal_hash
}

function barredAnswer(request: HandlerRequest): HandlerAnswer {
  return refusedAnswer(request, refusal('failed', 'NOT_APPLIED', {}))
}

interface Proven<Tx> {
  readonly transaction: HandlerTransaction<Tx>
  readonly prove: (step: () => Promise<void>) => Promise<void>
}

/** Does the work. A no, whether ours or the app's, leaves nothing but the key. */
async function attempt<Tx>(
  work: Work<Tx>,
  checked: CheckedRequest,
  { transaction, prove }: Proven<Tx>,
): Promise<HandlerAnswer> {
  try {
    return await change(work, checked, transaction)
  } catch (error) {
    await prove(() => undoAfter(error, transaction))
    if (!isRefusal(error)) throw error
    return refusedAnswer(checked.request, error)
  }
}

/** Whatever was thrown: that nothing is kept of it holds only where the transaction still stands. */
async function undoAfter<Tx>(error: unknown, transaction: HandlerTransaction<Tx>): Promise<void> {
  try {
    await transaction.undo()
  } catch (failure) {
    if (isRefusal(error)) throw failure
    // Where the connection is lost, what was thrown says more; the key is taken if anything was committed with it.
    if (isIntegrity(failure) && !transaction.isEndedBy(error)) throw endedFromOutside(error)
  }
}

async function change<Tx>(
  { run }: Work<Tx>,
  { request, target }: CheckedRequest,
  transaction: HandlerTransaction<Tx>,
): Promise<HandlerAnswer> {
  assertNotExpired(request)
  const expected = expectedOf(request)
  const query = rowQueryOf(target, expected)
  const row = exactRow(await transaction.lockRows(query), query)
  if (!row) conflict('ROW_NOT_FOUND')
  const columns = movedColumns(row, expected)
  if (columns.length > 0) conflict('ROW_CHANGED', { columns })
  // Waiting for the lock took time.
  assertNotExpired(request)

  const effects = readEffects(await run(buildApprovedChange(request, row), transaction.tx))
  const version = request.change_set.guards.expected_version?.column
  const previous_version = versionIn(row, version)
  const isTold = effects.new_version !== undefined || version === undefined
  const new_version = isTold
    ? effects.new_version
    : versionIn(exactRow(await transaction.readRows(query), query), version)
  return appliedAnswer(request, { effects, previous_version, new_version })
}

function assertNotExpired({ expires_at }: HandlerRequest): void {
  if (expires_at !== undefined && Date.parse(expires_at) <= Date.now()) throw expired()
}

function expired(): Refusal {
  return refusal('failed', 'EXPIRED', {})
}

function versionIn(row: FoundRow | undefined, column: string | undefined): JsonScalar | undefined {
  const value = column === undefined ? undefined : row?.get(column)
  return value === undefined ? undefined : toJson(value)
}
