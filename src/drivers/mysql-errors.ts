/** From what MySQL, MariaDB and their client report to the closed table of codes. Texts of the server stay in the cause. */
import { type ErrorCode, RunnerError } from '../errors.js'
import type { FailureCode } from './driver.js'
import { defect, isDefect, SOURCE_MESSAGES } from './source-errors.js'

/** By number: the client's names are those of MySQL, and MariaDB uses some numbers for something else. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  1020: 'BUSY',
  1040: 'BUSY',
  1044: 'SOURCE_FORBIDDEN',
  1045: 'SOURCE_AUTH',
  1046: 'SOURCE_UNAVAILABLE',
  1049: 'SOURCE_UNAVAILABLE',
  1053: 'SOURCE_UNAVAILABLE',
  1054: 'SCHEMA_DRIFT',
  1129: 'SOURCE_UNAVAILABLE',
  1130: 'SOURCE_AUTH',
  1142: 'SOURCE_FORBIDDEN',
  1143: 'SOURCE_FORBIDDEN',
  1146: 'SCHEMA_DRIFT',
  1203: 'BUSY',
  1205: 'BUSY',
  1213: 'BUSY',
  1226: 'BUSY',
  1227: 'SOURCE_FORBIDDEN',
  1290: 'PRECONDITION_FAILED',
  1317: 'BUSY',
  1370: 'SOURCE_FORBIDDEN',
  1412: 'SCHEMA_DRIFT',
  1698: 'SOURCE_AUTH',
  1792: 'PRECONDITION_FAILED',
  1836: 'PRECONDITION_FAILED',
  1927: 'SOURCE_UNAVAILABLE',
  1969: 'BUSY',
  3024: 'BUSY',
  3159: 'SOURCE_TLS',
  3572: 'BUSY',
  4031: 'SOURCE_UNAVAILABLE',
  4166: 'SCHEMA_DRIFT',
}

/** The row refused the values. The statement was undone; the transaction is still open. */
const REFUSALS: Readonly<Record<number, FailureCode>> = {
  1048: 'CONSTRAINT_VIOLATION',
  1062: 'CONSTRAINT_VIOLATION',
  1169: 'CONSTRAINT_VIOLATION',
  1264: 'VALUE_REFUSED',
  1265: 'VALUE_REFUSED',
  1292: 'VALUE_REFUSED',
  1366: 'VALUE_REFUSED',
  1406: 'VALUE_REFUSED',
  1411: 'VALUE_REFUSED',
  1451: 'CONSTRAINT_VIOLATION',
  1452: 'CONSTRAINT_VIOLATION',
  1644: 'CONSTRAINT_VIOLATION',
  1690: 'VALUE_REFUSED',
  1761: 'CONSTRAINT_VIOLATION',
  1762: 'CONSTRAINT_VIOLATION',
  3140: 'VALUE_REFUSED',
  3819: 'CONSTRAINT_VIOLATION',
  4025: 'CONSTRAINT_VIOLATION',
}

const MESSAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  ...SOURCE_MESSAGES,
  PRECONDITION_FAILED: 'is read-only',
}

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$|HANDSHAKE_NO_SSL|HANDSHAKE_SSL)/
const DUPLICATE_KEY = 1062
const NO_SUCH_TABLE = 1146
const READ_ONLY = 1792
const FORBIDDEN = new Set([1044, 1142, 1143])
const UNENCODABLE = new Set([1267, 1270, 1271, 3854, 3995])
/** Errors of a server that is stopping, or of a statement that was stopped: a commit may have been over by then. */
const STOPPED = new Set([1053, 1180, 1317, 1927, 1969, 4031])
const UNPREPARABLE = new Set([1064, 1295])
const LOST_RACES = new Set([1020, 1213])

/** The receipt key is taken. */
export function isDuplicateKey(error: unknown): boolean {
  return numberOf(error) === DUPLICATE_KEY
}

/** A right to the table, the column or the database is missing. */
export function isForbidden(error: unknown): boolean {
  return FORBIDDEN.has(numberOf(error) ?? 0)
}

/** The transaction reads only. */
export function isReadOnly(error: unknown): boolean {
  return numberOf(error) === READ_ONLY
}

export function isMissingTable(error: unknown): boolean {
  return numberOf(error) === NO_SUCH_TABLE
}

/** A bound text has characters that the column's character set lacks, so that no row can hold it. */
export function isUnencodable(error: unknown): boolean {
  return UNENCODABLE.has(numberOf(error) ?? 0)
}

/** The server does not take this kind of statement, and has not begun to carry it out. */
export function isUnpreparable(error: unknown): boolean {
  return UNPREPARABLE.has(numberOf(error) ?? 0)
}

/** The statement ran out of time or was ended by an administrator; the connection lives on. */
export function wasStopped(error: unknown): boolean {
  const number = numberOf(error)
  return number === 1317 || number === 1969
}

/** True when the error does not prove that a transaction whose commit was sent was rolled back. */
export function isOutcomeOpen(error: unknown): boolean {
  const number = numberOf(error)
  return number === undefined || STOPPED.has(number)
}

/** Losers of a deadlock or of a snapshot conflict: the whole transaction can simply be run again. */
export function isRetryable(error: unknown): boolean {
  return LOST_RACES.has(numberOf(error) ?? 0)
}

/** Why the row did not take the values; `undefined` when the failure is another. */
export function refusalOf(error: unknown): FailureCode | undefined {
  return REFUSALS[numberOf(error) ?? 0]
}

/** Wraps any failure of a statement that leaves nothing behind, such as a read. */
export function fromMysqlError(error: unknown, source: string): RunnerError {
  if (error instanceof RunnerError) return error
  return isDefect(error) ? defect(source, error) : refusal(codeOf(error), source, error)
}

export function refusal(code: ErrorCode, source: string, cause?: unknown): RunnerError {
  const what = MESSAGES[code] ?? 'reported an error that the driver does not expect'
  const errno = numberOf(cause)
  const details = { source, ...(errno === undefined ? {} : { errno }) }
  return new RunnerError(code, `Source ${source} ${what}.`, { details, cause })
}

function codeOf(error: unknown): ErrorCode {
  const number = numberOf(error)
  if (number !== undefined) return CODES[number] ?? 'INTERNAL'
  const code = fieldOf(error, 'code')
  return typeof code === 'string' && TLS_CODES.test(code) ? 'SOURCE_TLS' : 'SOURCE_UNAVAILABLE'
}

/** The server's own number. Failures of the network carry numbers of the operating system, which are negative. */
function numberOf(error: unknown): number | undefined {
  const number = fieldOf(error, 'errno')
  return typeof number === 'number' && number >= 1000 ? number : undefined
}

function fieldOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
}
