/** A guarded update in the steps of a transaction: for servers, tables and checks that one statement cannot serve. */
import type { GuardedUpdate } from './driver.js'
import { type Applied, type Attempt, type AttemptOutcome, reach, scopeOf, textOf } from './mysql-apply.js'
import { isDuplicateKey, isMissingTable, refusalOf } from './mysql-errors.js'
import type { UpdatePlan } from './mysql-plan.js'
import type { MysqlRow, MysqlSession } from './mysql-session.js'
import { receiptsMissing } from './receipts.js'
import { outcomeUnknown } from './source-errors.js'
import { unlessTooLate } from './too-late.js'

type Texts = ReadonlyMap<string, string | null>

/**
 * Locks and compares, updates, and leaves the receipt only if every column is then as it has to be: whatever a trigger
 * did to the row on the way is seen, and rolled back if it was not approved.
 */
export async function updateInSteps(attempt: Attempt): Promise<AttemptOutcome> {
  const { writer, change } = attempt
  return writer.session(async (session) => {
    await reach(attempt, 'connected', session)
    if (!writer.owned) await session.send('start transaction')
    await reach(attempt, 'begun', session)
    const outcome = unlessTooLate(change, await changeRow(attempt, session))
    if (outcome.outcome === 'applied' && !change.dry_run) return commit(attempt, session, outcome)
    await session.send('rollback')
    return outcome
  })
}

async function changeRow(attempt: Attempt, session: MysqlSession): Promise<AttemptOutcome> {
  const before = await lockAndCompare(attempt, session)
  if ('outcome' in before) return before
  const failed = await setValues(attempt, session)
  await reach(attempt, 'row_updated', session)
  return failed ?? proveAndRecord(attempt, session, before)
}

async function lockAndCompare(attempt: Attempt, session: MysqlSession): Promise<Texts | AttemptOutcome> {
  const { plan } = attempt
  const { rows } = await session.run(plan.steps.lock, scopeOf(attempt))
  const [row] = rows
  if (rows.length > 1) return { outcome: 'failed', code: 'ROW_COUNT' }
  const texts = row && textsOf(plan, row)
  return texts && isAsProposed(attempt, texts) ? texts : conflict(attempt, texts)
}

async function setValues(attempt: Attempt, session: MysqlSession): Promise<AttemptOutcome | undefined> {
  const { plan, change, next } = attempt
  const set = [...change.after.map(textOf), ...(next === null ? [] : [next])]
  const expected = [...change.before.map(textOf), ...(change.version ? [change.version.expected.text] : [])]
  try {
    const { affected } = await session.run(plan.steps.update, [...set, ...scopeOf(attempt), ...expected])
    return affected === 1 ? undefined : { outcome: 'failed', code: 'ROW_COUNT' }
  } catch (error) {
    const code = refusalOf(error)
    if (code) return { outcome: 'failed', code }
    throw error
  }
}

function conflict({ change }: Attempt, row: Texts | undefined): AttemptOutcome {
  return { outcome: 'conflict', current_version: (change.version && row?.get(change.version.column)) ?? null }
}

/** The statement that leaves the receipt finds the row only as approved; only if it does not is the row read again. */
async function proveAndRecord(attempt: Attempt, session: MysqlSession, before: Texts): Promise<AttemptOutcome> {
  const { plan, change, next } = attempt
  const { version } = change
  if (!version || next !== null) {
    const recorded = await record(attempt, session, { texts: approvedTexts(attempt, before, next), version: next })
    if (recorded) return recorded
  }
  const { rows } = await session.run(plan.steps.read, scopeOf(attempt))
  const after = rows[0] && textsOf(plan, rows[0])
  if (!after) return { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH', columns: [change.key.column] }

  const moved = (version && after.get(version.column)) ?? null
  const texts = approvedTexts(attempt, before, moved)
  const wrong = watchedNames(plan).filter((name, i) => after.get(name) !== texts[i])
  if (wrong.length > 0) return { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH', columns: wrong }
  if (version && !isAdvanced(version, moved)) return { outcome: 'failed', code: 'VERSION_NOT_ADVANCED' }
  return (
    (await record(attempt, session, { texts, version: moved })) ?? { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH' }
  )
}

interface Approved {
  /** Of the watched columns, in their order. */
  readonly texts: readonly (string | null)[]
  readonly version: string | null
}

/** `undefined` when the row is not as approved, and then nothing was recorded. */
async function record(
  attempt: Attempt,
  session: MysqlSession,
  approved: Approved,
): Promise<AttemptOutcome | undefined> {
  const { plan, change } = attempt
  const { version, receipt } = change
  const previous_version = version?.expected.text ?? null
  const applied: Applied = { outcome: 'applied', previous_version, new_version: approved.version }
  const values = [...scopeOf(attempt), ...approved.texts]
  if (!receipt) {
    const { rows } = await session.run(plan.steps.record, values)
    return rows.length === 1 ? applied : undefined
  }
  const { key, proposal_hash, anchor } = receipt
  try {
    const fields = [key, proposal_hash, anchor, previous_version, approved.version]
    const { affected } = await session.run(plan.steps.record, [...fields, ...values])
    if (affected !== 1) return undefined
  } catch (error) {
    if (isDuplicateKey(error)) return { outcome: 'key_taken' }
    throw isMissingTable(error) ? receiptsMissing(attempt.source, receipt.table, error) : error
  }
  await reach(attempt, 'receipt_written', session)
  return applied
}

/** Whatever goes wrong once COMMIT is on its way, it may have been carried out. */
async function commit(attempt: Attempt, session: MysqlSession, applied: Applied): Promise<AttemptOutcome> {
  const answer = session.send('commit')
  // Whoever acts meanwhile may fail first; the answer's own failure then has nobody waiting for it.
  answer.catch(() => {})
  await reach(attempt, 'commit_sent', session)
  try {
    await answer
  } catch (error) {
    throw outcomeUnknown(attempt.source, error)
  }
  await reach(attempt, 'committed', session)
  return applied
}

function isAsProposed({ change }: Attempt, row: Texts): boolean {
  const { before, version } = change
  const expected = version ? [...before, { column: version.column, value: version.expected }] : before
  return expected.every(({ column, value }) => row.get(column) === value.text)
}

/** What was approved, for the others what was there before. */
function approvedTexts({ plan, change }: Attempt, before: Texts, version: string | null): readonly (string | null)[] {
  const approved = new Map(change.after.map(({ column, value }) => [column, value.text]))
  if (change.version) approved.set(change.version.column, version)
  return watchedNames(plan).map((name) => (approved.has(name) ? approved : before).get(name) ?? null)
}

/** Texts of one timestamp column sort as the times they stand for. */
function isAdvanced({ expected, advance }: NonNullable<GuardedUpdate['version']>, moved: string | null): boolean {
  if (expected.text === null || moved === null) return false
  if (advance === 'integer') return BigInt(moved) === BigInt(expected.text) + 1n
  return advance === 'timestamp' ? moved > expected.text : moved !== expected.text
}

function textsOf(plan: UpdatePlan, row: MysqlRow): Texts {
  return new Map(watchedNames(plan).map((name, i) => [name, row[i] ?? null]))
}

/** Columns in the order in which the steps read and compare them. */
function watchedNames({ shape }: UpdatePlan): readonly string[] {
  return [...shape.named, ...shape.kept].map(({ name }) => name)
}
