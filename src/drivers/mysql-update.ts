/** Applies guarded changes to one MySQL database: keeps descriptions fresh, repeats what may be repeated, finds receipts. */
import type { TableRef } from '../sql/dialect.js'
import type { Driver, GuardedUpdate } from './driver.js'
import { type Attempt, type AttemptOutcome, updateInOneStatement } from './mysql-apply.js'
import type { MysqlTable } from './mysql-describe.js'
import { fromMysqlError, isRetryable } from './mysql-errors.js'
import { canMatch, nextVersion, planUpdate } from './mysql-plan.js'
import { findReceipt, settleReceipt } from './mysql-receipts.js'
import type { MysqlSession } from './mysql-session.js'
import { updateInSteps } from './mysql-steps.js'
import { receiptVanished } from './receipts.js'
import { repeated } from './repeated.js'
import type { SchemaCache } from './schema-cache.js'
import { isDrift } from './source-errors.js'

const MAY_BE_TAKEN: ReadonlySet<AttemptOutcome['outcome']> = new Set(['conflict', 'drift', 'expired', 'key_taken'])
const MAY_BE_DRIFT: ReadonlySet<AttemptOutcome['outcome']> = new Set(['conflict', 'drift', 'failed'])
/** How old the description may be on which a change rests: the server cannot tell that a table has changed. */
const FRESH_MS = 1000

export type MysqlUpdater = Pick<Driver, 'update' | 'settle' | 'findReceipt'>

/** Tables as writer and reader see them, and receipts tables that were found to be fit. */
export interface MysqlUpdaterPorts extends Pick<Attempt, 'writer' | 'source' | 'fault'> {
  readonly tables: SchemaCache<MysqlTable>
  readonly readerTables: SchemaCache<MysqlTable>
  readonly receiptTables: SchemaCache<void>
}

export function createMysqlUpdater(ports: MysqlUpdaterPorts): MysqlUpdater {
  const { writer, source, fault, tables, readerTables, receiptTables } = ports

  return {
    async update(change) {
      if (change.receipt) await receiptTables.describe(change.receipt.table)
      const outcome = await attemptAsDescribed(change)
      // The key may have been taken before this attempt reached the row, which then is no longer as it was proposed.
      const claim = MAY_BE_TAKEN.has(outcome.outcome) ? change.receipt : null
      const receipt = claim ? await lookUp(claim.table, claim.key) : undefined
      if (receipt) return { outcome: 'duplicate', receipt }
      if (outcome.outcome !== 'key_taken') return outcome
      throw receiptVanished(source, change.receipt?.key)
    },

    settle: (claim) =>
      inReceipts(claim.table, () =>
        repeated(isRetryable, () => inTransaction((session) => settleReceipt(session, claim, source))),
      ),

    findReceipt: (table, key) => inReceipts(table, () => lookUp(table, key)),
  }

  function lookUp(table: TableRef, key: string) {
    return inTransaction(async (session) => {
      const receipt = await findReceipt(session, table, key)
      await session.send('rollback')
      return receipt
    })
  }

  function inTransaction<Result>(work: (session: MysqlSession) => Promise<Result>): Promise<Result> {
    return writer.session(async (session) => {
      if (!writer.owned) await session.send('start transaction')
      return work(session)
    })
  }

  async function inReceipts<Result>(table: TableRef, work: () => Promise<Result>): Promise<Result> {
    await receiptTables.describe(table)
    try {
      return await work()
    } catch (cause) {
      const error = fromMysqlError(cause, source)
      if (isDrift(error)) await receiptTables.describe(table, { fresh: true })
      throw error
    }
  }

  /** What looks like a row that is not as proposed may be a table that is not: it is then described anew, once. */
  async function attemptAsDescribed(change: GuardedUpdate): Promise<AttemptOutcome> {
    const { ref } = change.table
    const first = await attempt(change, await freshTable(tables, ref))
    if (!MAY_BE_DRIFT.has(first.outcome)) return first
    const [table, read] = await Promise.all([
      knownTable(tables, ref, { fresh: true }),
      knownTable(readerTables, ref, { fresh: true }),
    ])
    if (!table || !isAsProposed(read, change)) return { outcome: 'drift' }
    return first.outcome === 'drift' ? attempt(change, table) : first
  }

  async function attempt(change: GuardedUpdate, table: MysqlTable | undefined): Promise<AttemptOutcome> {
    if (!table || !isAsProposed(await freshTable(readerTables, change.table.ref), change)) return { outcome: 'drift' }
    const plan = planUpdate(table, change)
    if (!plan) return { outcome: 'drift' }
    if (!canMatch(plan, change)) return { outcome: 'conflict', current_version: null }
    const next = nextVersion(table, plan.version, change.version)
    try {
      return await attemptPlanned({ writer, source, fault, plan, change, next })
    } catch (error) {
      if (isDrift(fromMysqlError(error, source))) return { outcome: 'drift' }
      throw error
    }
  }

  async function freshTable(known: SchemaCache<MysqlTable>, ref: TableRef): Promise<MysqlTable | undefined> {
    const table = await knownTable(known, ref)
    const isFresh = table && performance.now() - table.described_at < FRESH_MS
    return isFresh ? table : knownTable(known, ref, { fresh: true })
  }

  async function knownTable(
    known: SchemaCache<MysqlTable>,
    ref: TableRef,
    options?: { readonly fresh: boolean },
  ): Promise<MysqlTable | undefined> {
    try {
      return await known.describe(ref, options)
    } catch (error) {
      if (isDrift(error)) return undefined
      throw error
    }
  }
}

/** In one statement where that is possible; what it cannot tell apart, the steps of a rehearsal or of the update can. */
async function attemptPlanned(attempt: Attempt): Promise<AttemptOutcome> {
  const { plan, change } = attempt
  const { block } = plan
  const inSteps = (dry_run: boolean): Promise<AttemptOutcome> => {
    const rehearsed = dry_run ? { ...attempt, fault: undefined, change: { ...change, dry_run } } : attempt
    return repeated(isRetryable, () => updateInSteps(rehearsed))
  }
  if (block === null || change.dry_run) return inSteps(change.dry_run)

  const outcome = await repeated(isRetryable, () => updateInOneStatement(attempt, block))
  if (outcome.outcome === 'applied' || outcome.outcome === 'failed' || outcome.outcome === 'expired') return outcome
  if (outcome.outcome === 'unable') return inSteps(false)
  const rehearsal = await inSteps(true)
  if (rehearsal.outcome !== 'applied') return rehearsal
  // It was not so a moment ago; either way nothing was changed, and asking again is open to everyone.
  return outcome.outcome === 'mismatched'
    ? { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH' }
    : { outcome: 'conflict', current_version: change.version?.expected.text ?? null }
}

/** A proposal is made on what the reader sees of a table. */
function isAsProposed(read: MysqlTable | undefined, { table }: GuardedUpdate): boolean {
  return read?.info.fingerprint === table.fingerprint
}
