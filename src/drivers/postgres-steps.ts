/** A guarded update in the steps of a transaction, for tables whose triggers or rules have a say in what happens. */
import type { ColumnInfo, TableInfo } from '../sql/dialect.js'
import { insertReceipt } from '../sql/postgres-receipts.js'
import { lockRow, readRow, updateRow } from '../sql/postgres-steps.js'
import type { ColumnValue, GuardedUpdate } from './driver.js'
import { type Attempt, type AttemptOutcome, outcomeOfError, reach, send } from './postgres-apply.js'
import { DESCRIBE, parseTable } from './postgres-describe.js'
import { valuesOf } from './postgres-plan.js'
import type { PgRow, PgSession } from './postgres-pool.js'
import { unlessTooLate } from './too-late.js'

type Texts = ReadonlyMap<string, string | null>

/**
 * Locks and compares, updates, lets deferred triggers run, and reads the whole row again before it commits: whatever
 * code in the database did to the row on the way is then seen, and rolled back if it was not approved.
 */
export async function updateInSteps(attempt: Attempt): Promise<AttemptOutcome> {
  const progress = { sent: false }
  try {
    return await attempt.writer.session(async (session) => {
      await reach(attempt, 'connected', session)
      await session.run('begin isolation level read committed read write')
      await reach(attempt, 'begun', session)
      const outcome = unlessTooLate(attempt.change, await changeRow(attempt, session))
      if (outcome.outcome !== 'applied' || attempt.change.dry_run) {
        await session.run('rollback')
        return outcome
      }
      const commit = send(session, progress, 'commit')
      await reach(attempt, 'commit_sent', session)
      const { command } = await commit
      await reach(attempt, 'committed', session)
      // A transaction that had failed answers COMMIT with ROLLBACK, and no error.
      return command === 'COMMIT' ? outcome : { outcome: 'failed', code: 'CONSTRAINT_VIOLATION' }
    })
  } catch (error) {
    return outcomeOfError(error, attempt, progress.sent)
  }
}

async function changeRow(attempt: Attempt, session: PgSession): Promise<AttemptOutcome> {
  const { plan, table, change } = attempt
  const columns = [...table.info.columns.values()]
  const values = valuesOf(plan, change)

  const lock = lockRow(plan.shape, columns, values)
  const locked = await session.run(lock.text, lock.values)
  if (locked.rows.length > 1) return { outcome: 'failed', code: 'ROW_COUNT' }
  if (!(await isAsDescribed(session, change.table))) return { outcome: 'drift' }
  const before = locked.rows[0] && textsOf(columns, locked.rows[0])
  const version = (change.version && before?.get(change.version.column)) ?? null
  if (!before || !isAsProposed(before, change)) return { outcome: 'conflict', current_version: version }

  const update = updateRow(plan.shape, values)
  const updated = await session.run(update.text, update.values)
  if (updated.rowCount !== 1) return { outcome: 'failed', code: 'ROW_COUNT' }
  await reach(attempt, 'row_updated', session)
  await session.run('set constraints all immediate')

  const read = readRow(plan.shape, columns, values)
  const { rows } = await session.run(read.text, read.values)
  const [moved, ...texts] = rows[0] ?? []
  if (rows.length !== 1) return { outcome: 'failed', code: 'ROW_COUNT' }
  const after = textsOf(columns, texts)
  const wrong = columns.filter((column) => after.get(column.name) !== expectedText(column, before, after, change))
  if (wrong.length > 0)
    return { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH', columns: wrong.map(({ name }) => name) }
  if (moved !== 'true') return { outcome: 'failed', code: 'VERSION_NOT_ADVANCED' }

  const newVersion = (change.version && after.get(change.version.column)) ?? null
  await leaveReceipt(attempt, session, [version, newVersion])
  return { outcome: 'applied', previous_version: version, new_version: newVersion }
}

/** Last, because it tells the version that came of the update and is never changed: the key alone decides who wins. */
async function leaveReceipt(attempt: Attempt, session: PgSession, versions: PgRow): Promise<void> {
  const { receipt } = attempt.change
  if (!receipt) return
  await session.run(insertReceipt(receipt.table), [receipt.key, receipt.proposal_hash, receipt.anchor, ...versions])
  await reach(attempt, 'receipt_written', session)
}

async function isAsDescribed(session: PgSession, { ref, fingerprint }: TableInfo): Promise<boolean> {
  const { rows } = await session.run(DESCRIBE, [ref.schema ?? 'public', ref.table])
  const json = rows[0]?.[0]
  return typeof json === 'string' && parseTable(ref, json, 'writer').info.fingerprint === fingerprint
}

function isAsProposed(row: Texts, { key, tenant, version, before }: GuardedUpdate): boolean {
  const expected: ColumnValue[] = [key, ...(tenant ? [tenant] : []), ...before]
  if (version) expected.push({ column: version.column, value: version.expected })
  return expected.every(({ column, value }) => row.get(column) === value.text)
}

/** What was approved, for the others what was there before; columns that the database moves itself may be anything. */
function expectedText(
  column: ColumnInfo,
  before: Texts,
  after: Texts,
  change: GuardedUpdate,
): string | null | undefined {
  const approved = change.after.find((patched) => patched.column === column.name)
  if (approved) return approved.value.text
  const isMoved = column.generated || column.name === change.version?.column
  return (isMoved ? after : before).get(column.name)
}

function textsOf(columns: readonly ColumnInfo[], row: PgRow): Texts {
  return new Map(columns.map((column, i) => [column.name, row[i] ?? null]))
}
