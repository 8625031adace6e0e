/** Applies guarded changes to one PostgreSQL database: chooses the form, repeats what may be repeated, finds receipts. */
import { isRunnerError } from '../errors.js'
import type { TableRef } from '../sql/dialect.js'
import { isCanonical } from '../sql/postgres.js'
import type { Driver, GuardedUpdate } from './driver.js'
import { type Attempt, type AttemptOutcome, updateInOneStatement } from './postgres-apply.js'
import type { PgTable } from './postgres-describe.js'
import { fromPgError, isRetryable, refusal } from './postgres-errors.js'
import { planUpdate } from './postgres-plan.js'
import { findReceipt, settleReceipt } from './postgres-receipts.js'
import { updateInSteps } from './postgres-steps.js'
import { receiptVanished } from './receipts.js'
import { ATTEMPTS, repeated } from './repeated.js'
import type { SchemaCache } from './schema-cache.js'
import { isDrift } from './source-errors.js'

/** The key may have been taken after such an attempt took its snapshot, or before it came too late. */
const MAY_BE_TAKEN: ReadonlySet<AttemptOutcome['outcome']> = new Set(['conflict', 'expired', 'key_taken'])

export type PgUpdater = Pick<Driver, 'update' | 'settle' | 'findReceipt'>

/** Tables as the writer sees them, and receipts tables that were found to be fit. */
export interface PgUpdaterPorts extends Pick<Attempt, 'writer' | 'source' | 'fault'> {
  readonly tables: SchemaCache<PgTable>
  readonly receiptTables: SchemaCache<void>
}

export function createPgUpdater({ writer, source, fault, tables, receiptTables }: PgUpdaterPorts): PgUpdater {
  return {
    async update(change) {
      if (change.receipt) await receiptTables.describe(change.receipt.table)
      const outcome = await attemptAsDescribed(change)
      const claim = MAY_BE_TAKEN.has(outcome.outcome) ? change.receipt : null
      const receipt = claim ? await findReceipt(writer, claim.table, claim.key) : undefined
      if (receipt) return { outcome: 'duplicate', receipt }
      if (outcome.outcome !== 'key_taken') return outcome
      throw receiptVanished(source, change.receipt?.key)
    },

    settle: (claim) => inReceipts(claim.table, () => repeated(hasLost, () => settleReceipt(writer, claim, source))),

    findReceipt: (table, key) => inReceipts(table, () => findReceipt(writer, table, key)),
  }

  async function inReceipts<Result>(table: TableRef, work: () => Promise<Result>): Promise<Result> {
    await receiptTables.describe(table)
    try {
      return await work()
    } catch (cause) {
      const error = fromPgError(cause, source)
      if (isDrift(error)) await receiptTables.describe(table, { fresh: true })
      throw error
    }
  }

  /** A table that was made again alike, or a description that is out of date, is no drift: it is described anew, once. */
  async function attemptAsDescribed(change: GuardedUpdate): Promise<AttemptOutcome> {
    const first = await attempt(change, await knownTable(change.table.ref))
    if (first.outcome !== 'drift') return first
    if (change.receipt) await receiptTables.describe(change.receipt.table, { fresh: true })
    return attempt(change, await knownTable(change.table.ref, { fresh: true }))
  }

  async function knownTable(ref: TableRef, options?: { readonly fresh: boolean }): Promise<PgTable | undefined> {
    try {
      const known = await tables.describe(ref, options)
      // What made the table unfit may have been mended since.
      const isUnfit = known.info.problems.some(({ severity }) => severity === 'refuse')
      return isUnfit ? await tables.describe(ref, { fresh: true }) : known
    } catch (error) {
      if (isDrift(error)) return undefined
      throw error
    }
  }

  async function attempt(change: GuardedUpdate, table: PgTable | undefined): Promise<AttemptOutcome> {
    if (!table || table.info.fingerprint !== change.table.fingerprint) return { outcome: 'drift' }
    const plan = planUpdate(table, change)
    if (!plan) return { outcome: 'drift' }
    if (!canMatch(change, table)) return { outcome: 'conflict', current_version: null }

    const given: Attempt = { writer, source, fault, table, plan, change }
    // Without a receipt only a transaction that holds the row's lock keeps others waiting for an attempt that was held up.
    const inSteps = change.dry_run || change.receipt === null || table.info.has_triggers
    if (inSteps) return repeated(hasLost, () => updateInSteps(given))
    const outcome = await repeated(hasLost, () => untilNotOvertaken(given))
    return outcome.outcome === 'failed' ? explained(outcome, given) : outcome
  }
}

async function untilNotOvertaken(attempt: Attempt): Promise<AttemptOutcome> {
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await updateInOneStatement(attempt)
    if (outcome.outcome !== 'overtaken') return outcome
    if (attempts === ATTEMPTS) throw refusal('BUSY', attempt.source, undefined)
  }
}

/** The one statement cannot say which columns came out otherwise; a rehearsal in steps can, and leaves nothing. */
async function explained(outcome: AttemptOutcome, attempt: Attempt): Promise<AttemptOutcome> {
  if (outcome.outcome !== 'failed' || outcome.code !== 'AFTER_IMAGE_MISMATCH') return outcome
  const rehearsal = await updateInSteps({ ...attempt, fault: undefined, change: { ...attempt.change, dry_run: true } })
  return rehearsal.outcome === 'failed' ? rehearsal : outcome
}

/** Key and tenant that are not canonical texts of their columns belong to no row. */
function canMatch({ key, tenant }: GuardedUpdate, { info }: PgTable): boolean {
  return [key, ...(tenant ? [tenant] : [])].every(({ column, value }) => {
    const described = info.columns.get(column)
    return described !== undefined && value.text !== null && isCanonical(described, value.text)
  })
}

function hasLost(error: unknown): boolean {
  return isRunnerError(error) && isRetryable(error.cause ?? error)
}
