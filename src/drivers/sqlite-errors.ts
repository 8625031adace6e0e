/** What SQLite's result codes mean here. Its messages are never looked at and never passed on. */
import { isRunnerError, RunnerError } from '../errors.js'
import type { FailureCode } from './driver.js'
import { defect, isDefect } from './source-errors.js'

/** Primary result codes, by the names that some libraries give in place of the number. */
const CODES = {
  ERROR: 1,
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  TOOBIG: 18,
  CONSTRAINT: 19,
  MISMATCH: 20,
  AUTH: 23,
  NOTADB: 26,
} as const

const BY_NAME: Readonly<Record<string, number | undefined>> = CODES
/** `STRICT` table and value of another type: the only constraint that is about the value alone. */
const CONSTRAINT_DATATYPE = 3091
/** Another file lies at the path by now. */
const READONLY_DBMOVED = 1032

/** Which connection failed, for the message. */
export interface FailedConnection {
  readonly source: string
  readonly role: 'reader' | 'writer'
}

/** Another connection holds the lock; the statement did nothing. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error)
  return code === CODES.BUSY || code === CODES.LOCKED
}

/** The row refused the values: the statement was undone, for certain. */
export function refusalOf(error: unknown): FailureCode | undefined {
  const code = primaryCode(error)
  if (code === CODES.MISMATCH || code === CODES.TOOBIG) return 'VALUE_REFUSED'
  if (code !== CODES.CONSTRAINT) return undefined
  const isDatatype = extendedCode(error) === CONSTRAINT_DATATYPE || codeName(error) === 'SQLITE_CONSTRAINT_DATATYPE'
  return isDatatype ? 'VALUE_REFUSED' : 'CONSTRAINT_VIOLATION'
}

/** Turns a failure of SQLite into one of ours. What is ours already stays as it is. */
export function fromSqliteError(cause: unknown, { source, role }: FailedConnection): RunnerError {
  if (isRunnerError(cause)) return cause
  if (isDefect(cause)) return defect(source, cause)
  const details = { source, role }
  if (extendedCode(cause) === READONLY_DBMOVED) {
    return unavailable(`The file of ${source} was moved or replaced.`, 'Call again.', details, cause)
  }
  switch (primaryCode(cause)) {
    case CODES.BUSY:
    case CODES.LOCKED:
      return new RunnerError('BUSY', `The file of ${source} is locked by another connection.`, { details, cause })
    case CODES.ERROR:
      return new RunnerError('SCHEMA_DRIFT', `A table or column in ${source} is missing.`, { details, cause })
    case CODES.READONLY:
    case CODES.PERM:
    case CODES.AUTH:
      return new RunnerError('SOURCE_FORBIDDEN', `The file of ${source} cannot be written by this process.`, {
        details,
        next: 'Let the process write the file and the folder it lies in.',
        cause,
      })
    case CODES.FULL:
      return unavailable(`There is no room left to write the file of ${source}.`, 'Free some space.', details, cause)
    case CODES.IOERR:
      return unavailable(
        `The file of ${source} could not be read or written.`,
        'Check the disk, and that the folder of the file is on one of this machine.',
        details,
        cause,
      )
    case CODES.NOTADB:
    case CODES.CORRUPT:
      return unavailable(`The file of ${source} is not a sound SQLite database.`, 'Check the path.', details, cause)
    case CODES.CANTOPEN:
      return unavailable(
        `The ${role} cannot open the file of ${source}.`,
        'Check that the path is right and that the process may open it; a source file is never created.',
        details,
        cause,
      )
    default:
      return unavailable(`The ${role} of ${source} failed.`, 'Look at the cause.', details, cause)
  }
}

function unavailable(message: string, next: string, details: FailedConnection, cause: unknown): RunnerError {
  return new RunnerError('SOURCE_UNAVAILABLE', message, { next, details: { ...details }, cause })
}

function primaryCode(error: unknown): number | undefined {
  const extended = extendedCode(error)
  if (extended !== undefined) return extended & 0xff
  const [, name] = /^SQLITE_([A-Z]+)/.exec(codeName(error) ?? '') ?? []
  return name === undefined ? undefined : BY_NAME[name]
}

function extendedCode(error: unknown): number | undefined {
  const isNumbered = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
  return isNumbered ? Number(error.errcode) : undefined
}

function codeName(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
