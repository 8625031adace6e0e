/** What the drivers say of a failure, whichever engine it came from. */
import { type ErrorCode, isRunnerError, RunnerError } from '../errors.js'
import type { DriverOptions } from './driver.js'

/** What follows the name of the source, by code. */
export const SOURCE_MESSAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  BUSY: 'is busy: a lock, a deadlock, a time limit or the number of connections',
  SCHEMA_DRIFT: 'no longer has a table or column as it was described',
  SOURCE_AUTH: 'refused the credential',
  SOURCE_FORBIDDEN: 'does not allow this to the credential',
  SOURCE_TLS: 'did not offer a TLS connection that can be trusted',
  SOURCE_UNAVAILABLE: 'cannot be reached',
}

/** A mistake of a program, ours or the client library's: nothing that a database or a network reports. */
export function isDefect(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
}

export function defect(source: string, cause: unknown): RunnerError {
  return new RunnerError('INTERNAL', `The driver of source ${source} failed by a defect of its own.`, {
    details: { source },
    cause,
  })
}

export function outcomeUnknown(source: string, cause: unknown): RunnerError {
  return new RunnerError(
    'OUTCOME_UNKNOWN',
    `The connection to source ${source} was lost while it may have committed.`,
    { details: { source }, cause },
  )
}

export function urlMissing(role: 'reader' | 'writer', { name, writer_env }: DriverOptions): RunnerError {
  const env = role === 'writer' ? writer_env : undefined
  const remedy = env === undefined ? '' : `: ${env} is not set`
  return new RunnerError('ENV_MISSING', `Source ${name} has no URL for its ${role}${remedy}.`, {
    details: { source: name, role, ...(env === undefined ? {} : { env }) },
  })
}

export function isDrift(error: unknown): boolean {
  return isRunnerError(error) && error.code === 'SCHEMA_DRIFT'
}
