import { isRunnerError, RunnerError } from '../errors.js'

/** Primary result codes of SQLite (https://sqlite.org/rescode.html), which extended codes hold in their low byte. */
const PRIMARY = {
  busy: 5,
  locked: 6,
  protocol: 15,
  constraint: 19,
} as const

const WHAT_TO_DO: Readonly<Record<number, string>> = {
  3: 'The process may not use the file. Give its user read and write access to the file and its folder.',
  8: 'The file is read-only. Give the user of this process write access to the file and its folder.',
  10: 'The disk answered with an error. Look at the disk, then call again.',
  11: 'The file is damaged. Put it aside and restore the last backup.',
  13: 'The disk is full. Free some space and call again.',
  14: 'The file cannot be opened. Make the file and its folder readable and writable for the user of this process.',
  26: 'The file is not a ledger. Name another file.',
}

/** True where waiting a moment and trying again is all there is to do. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error)
  return code === PRIMARY.busy || code === PRIMARY.locked || code === PRIMARY.protocol
}

/** What SQLite would throw, where it only tells in a row that others hold what is needed. */
export function heldByOthers(): Error {
  return Object.assign(new Error('Others hold the file.'), { errcode: PRIMARY.busy })
}

export function isSqliteError(error: unknown): boolean {
  return primaryCode(error) !== undefined
}

/** True where nobody knows what the connection still believes of the file. After a refusal by the schema it is as good as before. */
export function putsInDoubt(error: unknown): boolean {
  return isSqliteError(error) && primaryCode(error) !== PRIMARY.constraint
}

/** Translates what SQLite or the file system threw. A RunnerError passes through. */
export function toLedgerError(error: unknown, location: string): unknown {
  if (isRunnerError(error)) return error
  const code = primaryCode(error)
  if (code === PRIMARY.constraint) {
    return new RunnerError('INTERNAL', 'The ledger refused a record that does not fit what it holds.', { cause: error })
  }
  if (code !== undefined) return unavailable(location, WHAT_TO_DO[code], error)
  const reason = fileReason(error)
  return reason === undefined ? error : unavailable(location, reason, error)
}

/** Says nothing of where the ledger is: errors are told to models. Its cause does. */
export function unavailable(location: string, next: string | undefined, cause?: unknown): RunnerError {
  return new RunnerError('LEDGER_UNAVAILABLE', 'The ledger cannot be used.', {
    ...(next === undefined ? {} : { next }),
    cause: located(location, cause),
  })
}

/** For whoever runs it: which ledger it is, and what SQLite or the file system said. */
export function located(location: string, cause?: unknown): Error {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  const error = new Error(`This is about the ledger ${location}`, cause === undefined ? {} : { cause })
  return code === undefined ? error : Object.assign(error, { code })
}

function primaryCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}

function fileReason(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('syscall' in error)) return undefined
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return WHAT_TO_DO[13]
    case 'EROFS':
      return WHAT_TO_DO[8]
    case 'ENOTDIR':
    case 'EEXIST':
      return 'A part of the path is a file and not a folder. Name another place for the ledger.'
    default:
      return WHAT_TO_DO[14]
  }
}
