/** A guarded update as PostgreSQL runs it, and what became of it when it ended with an error. */
import { RunnerError } from '../errors.js'
import type { TableRef } from '../sql/dialect.js'
import { AFTER_IMAGE_SQLSTATE, VERSION_SQLSTATE } from '../sql/postgres-update.js'
import type { DriverOptions, FaultPoint, GuardedUpdate, ReceiptClaim, UpdateOutcome } from './driver.js'
import type { PgTable } from './postgres-describe.js'
import { fromPgError, isOutcomeOpen, refusal, serverErrorOf } from './postgres-errors.js'
import { bindPlan, type UpdatePlan } from './postgres-plan.js'
import type { PgPool, PgResult, PgSession } from './postgres-pool.js'
import { isDefect, outcomeUnknown } from './source-errors.js'
import { isTooLate } from './too-late.js'

/** What one attempt works with. */
export interface Attempt {
  readonly writer: PgPool
  readonly source: string
  readonly table: PgTable
  readonly plan: UpdatePlan
  readonly change: GuardedUpdate
  readonly fault: DriverOptions['fault']
}

/** What an attempt can find out by itself; a taken receipt key is looked up afterwards. */
export type AttemptOutcome = Exclude<UpdateOutcome, { outcome: 'duplicate' }> | { readonly outcome: 'key_taken' }

/** Nothing was changed, and the same statement has to look again. */
interface Overtaken {
  readonly outcome: 'overtaken'
}

/** The update in one statement, which is a transaction of its own. */
export async function updateInOneStatement(attempt: Attempt): Promise<AttemptOutcome | Overtaken> {
  const { writer, plan, change, fault } = attempt
  const progress = { sent: false }
  try {
    return await writer.session(async (session) => {
      if (fault) await fault('connected', session.client)
      if (isTooLate(change)) return { outcome: 'expired' }
      const answer = send(session, progress, plan.text, bindPlan(plan, change))
      if (fault) await fault('commit_sent', session.client)
      const { rows } = await answer
      if (fault) await fault('committed', session.client)
      return outcomeOf(rows)
    })
  } catch (error) {
    return outcomeOfError(error, attempt, progress.sent)
  }
}

/** Sends without waiting, so that a test can act while the answer is on its way. */
export function send(
  session: PgSession,
  progress: { sent: boolean },
  text: string,
  values?: readonly (string | null)[],
): Promise<PgResult> {
  progress.sent = true
  const answer = session.run(text, values)
  // Whoever acts meanwhile may fail first; the answer's own failure then has nobody waiting for it.
  answer.catch(() => {})
  return answer
}

export async function reach(attempt: Attempt, point: FaultPoint, session: PgSession): Promise<void> {
  if (attempt.fault) await attempt.fault(point, session.client)
}

function outcomeOf(rows: PgResult['rows']): AttemptOutcome | Overtaken {
  const [row] = rows
  if (!row) return { outcome: 'conflict', current_version: null }
  const [described, proposed, version = null, newVersion = null, changed] = row
  if (rows.length > 1) return { outcome: 'failed', code: 'ROW_COUNT' }
  if (described !== 'true') return { outcome: 'drift' }
  if (changed === 'true') return { outcome: 'applied', previous_version: version, new_version: newVersion }
  return proposed === 'true' ? { outcome: 'overtaken' } : { outcome: 'conflict', current_version: version }
}

/**
 * What an error says of the transaction it ended. Returned when it was rolled back for certain and that is an outcome,
 * thrown otherwise.
 */
export function outcomeOfError(error: unknown, { source, change }: Attempt, sent: boolean): AttemptOutcome {
  if (error instanceof RunnerError || (isDefect(error) && !sent)) throw error
  const server = serverErrorOf(error)
  if (!server || isOutcomeOpen(error)) {
    throw sent ? outcomeUnknown(source, error) : refusal('SOURCE_UNAVAILABLE', source, error)
  }
  if (server.code === AFTER_IMAGE_SQLSTATE) return { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH' }
  if (server.code === VERSION_SQLSTATE) return { outcome: 'failed', code: 'VERSION_NOT_ADVANCED' }
  if (server.code === '23505' && change.receipt && isOn(server, change.receipt)) return { outcome: 'key_taken' }
  if (server.code.startsWith('22')) return { outcome: 'failed', code: 'VALUE_REFUSED' }

  const known = fromPgError(error, source)
  if (known.code === 'SCHEMA_DRIFT') return { outcome: 'drift' }
  // Constraints, and whatever a trigger raises to refuse a change, under codes of its own choice.
  if (known.code === 'INTERNAL') return { outcome: 'failed', code: 'CONSTRAINT_VIOLATION' }
  throw known
}

function isOn(server: { schema?: string | undefined; table?: string | undefined }, { table }: ReceiptClaim): boolean {
  return server.table === table.table && server.schema === schemaOf(table)
}

function schemaOf({ schema = 'public' }: TableRef): string {
  return schema
}
