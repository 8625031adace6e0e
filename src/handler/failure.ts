/** Failures of the app's databases, by code. Texts of a server stay in the cause. */
import { RunnerError } from '../errors.js'
import type { TableRef } from '../protocol/table.js'

/** Nothing was begun, so that the same request can simply be sent again. */
export function unreachable(cause: unknown): RunnerError {
  return new RunnerError('SOURCE_UNAVAILABLE', "The app's database cannot be reached.", { cause })
}

/** Everything was rolled back; somebody else was faster. */
export function busy(cause?: unknown): RunnerError {
  return new RunnerError('BUSY', 'Another transaction held what this one needed.', { cause })
}

export function receiptsMissing({ schema, table }: TableRef, cause: unknown): RunnerError {
  const name = schema === undefined ? table : `${schema}.${table}`
  return new RunnerError('RECEIPTS_MISSING', `The receipts table ${name} of the handler is missing, or is another.`, {
    next: 'Run migrateHandler(database), or the SQL of handlerMigration(engine).',
    cause,
  })
}

export function commitUnanswered(cause: unknown): RunnerError {
  return new RunnerError('OUTCOME_UNKNOWN', 'The commit was sent, and no answer came.', {
    next: 'Send the same request again.',
    cause,
  })
}

export function notCommitted(): RunnerError {
  return new RunnerError('INTERNAL', 'The database rolled the transaction back when it was to commit.')
}

/** The app's function committed or rolled back what was not its own. */
export function endedFromOutside(cause: unknown): RunnerError {
  return new RunnerError('INTEGRITY', 'The transaction was ended by the function that should have worked inside it.', {
    next: 'Take commit, rollback and statements that imply them out of the function.',
    cause,
  })
}

/** As {@link endedFromOutside}, and the key could not be put down either: a request under it runs the function again. */
export function keyLost(cause: unknown): RunnerError {
  return new RunnerError(
    'INTEGRITY',
    'The transaction was ended by the function that should have worked inside it, and its key could not be kept.',
    {
      next: 'Before anything is sent again, find out whether the change was made.',
      details: { key_lost: true },
      cause,
    },
  )
}

/** A field of an error, or of what it wraps: libraries above a client put its errors into their own. */
export function fieldOf(error: unknown, name: string): unknown {
  for (let current = error, depth = 0; depth < 5; depth++) {
    if (typeof current !== 'object' || current === null) return undefined
    const value: unknown = Reflect.get(current, name)
    if (value !== undefined && isOwnField(value, name)) return value
    current = Reflect.get(current, 'cause')
  }
  return undefined
}

/** Wrappers have codes of their own, which are neither a server's number nor an SQLSTATE. */
function isOwnField(value: unknown, name: string): boolean {
  return name !== 'code' || (typeof value === 'string' && /^([0-9A-Z]{5}|SQLITE_\w+)$/.test(value))
}
