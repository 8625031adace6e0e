/** What an attempt at a guarded update works with, and the attempt in one statement. */
import { bindBlock, bindScope } from '../sql/mysql-update.js'
import type { ColumnValue, DriverOptions, FaultPoint, GuardedUpdate, UpdateOutcome } from './driver.js'
import { isDuplicateKey, isMissingTable, isOutcomeOpen, isUnpreparable, refusalOf, wasStopped } from './mysql-errors.js'
import type { UpdatePlan } from './mysql-plan.js'
import type { MysqlPool } from './mysql-pool.js'
import type { MysqlSession } from './mysql-session.js'
import { outcomeUnknown } from './source-errors.js'
import { isTooLate } from './too-late.js'

/** What one attempt works with. */
export interface Attempt {
  readonly writer: MysqlPool
  readonly source: string
  readonly plan: UpdatePlan
  readonly change: GuardedUpdate
  /** The version to set, `null` without a version and where the database itself moves it. */
  readonly next: string | null
  readonly fault: DriverOptions['fault']
}

/** What an attempt can find out by itself; a taken receipt key is looked up afterwards. */
export type AttemptOutcome = Exclude<UpdateOutcome, { outcome: 'duplicate' }> | { readonly outcome: 'key_taken' }

export type Applied = Extract<UpdateOutcome, { outcome: 'applied' }>

/** What the one statement says: nothing was changed by it unless `applied`. `unable`: it cannot tell, the steps can. */
export type BlockOutcome =
  | Applied
  | Extract<UpdateOutcome, { outcome: 'failed' | 'expired' }>
  | { readonly outcome: 'unmatched' | 'mismatched' | 'unable' }

/** The update in one statement, from the lock to the commit. */
export async function updateInOneStatement(attempt: Attempt, block: string): Promise<BlockOutcome> {
  return attempt.writer.session(async (session) => {
    await reach(attempt, 'connected', session)
    if (isTooLate(attempt.change)) return { outcome: 'expired' }
    const answer = session.run(block, valuesOf(attempt))
    // Whoever acts meanwhile may fail first; the answer's own failure then has nobody waiting for it.
    answer.catch(() => {})
    await reach(attempt, 'commit_sent', session)
    try {
      const { rows } = await answer
      await reach(attempt, 'committed', session)
      return outcomeOf(attempt, rows[0]?.[0])
    } catch (error) {
      return outcomeOfError(attempt, session, error)
    }
  })
}

function valuesOf({ change, next, plan }: Attempt): readonly (string | null)[] {
  const { receipt, version, before, after } = change
  const versions = version ? [next] : []
  const approved = new Map([...before, ...after].map((column) => [column.column, textOf(column)]))
  if (version) approved.set(version.column, next)
  return bindBlock({
    scope: scopeOf({ change, plan }),
    set: [...after.map(textOf), ...versions],
    expected: [...before.map(textOf), ...(version ? [version.expected.text] : [])],
    receipt: receipt ? [receipt.key, receipt.proposal_hash, receipt.anchor, version?.expected.text ?? null, next] : [],
    named: plan.shape.named.map(({ name }) => namedText(change, approved, name)),
  })
}

function namedText({ key, tenant }: GuardedUpdate, approved: ReadonlyMap<string, string | null>, name: string) {
  if (approved.has(name)) return approved.get(name) ?? null
  return name === key.column ? key.value.text : (tenant?.value.text ?? null)
}

function outcomeOf({ change, next }: Attempt, word: string | null | undefined): BlockOutcome {
  if (word === 'unmatched' || word === 'mismatched') return { outcome: word }
  return { outcome: 'applied', previous_version: change.version?.expected.text ?? null, new_version: next }
}

/** Returned when the transaction was rolled back for certain and that is an outcome, thrown otherwise. */
async function outcomeOfError({ source }: Attempt, session: MysqlSession, error: unknown): Promise<BlockOutcome> {
  if (wasStopped(error) && (await isStillOpen(session))) throw error
  if (isOutcomeOpen(error)) throw outcomeUnknown(source, error)
  // Either of two tables can be meant by these, and the steps know which.
  if (isUnpreparable(error) || isDuplicateKey(error) || isMissingTable(error)) return { outcome: 'unable' }
  const code = refusalOf(error)
  if (code) return { outcome: 'failed', code }
  throw error
}

/** A statement that was stopped before its commit leaves the transaction open. */
async function isStillOpen(session: MysqlSession): Promise<boolean> {
  const { rows } = await session.run('select @@in_transaction').catch(() => ({ rows: [] }))
  return rows[0]?.[0] === '1'
}

export function scopeOf({ plan, change: { key, tenant } }: Pick<Attempt, 'plan' | 'change'>): readonly string[] {
  return bindScope(plan.shape, key.value.text ?? '', tenant?.value.text ?? null)
}

export async function reach({ fault }: Attempt, point: FaultPoint, { connection }: MysqlSession): Promise<void> {
  if (fault) await fault(point, connection)
}

export function textOf({ value }: ColumnValue): string | null {
  return value.text
}
