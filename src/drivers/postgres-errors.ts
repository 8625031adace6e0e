/** From what PostgreSQL and its client report to the closed table of codes. Texts of the server stay in the cause. */
import { type ErrorCode, RunnerError } from '../errors.js'
import { defect, isDefect, SOURCE_MESSAGES } from './source-errors.js'

/** The fields of a server's error that decisions rest on. None of them is a message. */
export interface ServerError {
  readonly code: string
  readonly schema?: string | undefined
  readonly table?: string | undefined
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  '25006': 'PRECONDITION_FAILED',
  '40001': 'BUSY',
  '40P01': 'BUSY',
  '42501': 'SOURCE_FORBIDDEN',
  '53300': 'BUSY',
  '55P03': 'BUSY',
  '57014': 'BUSY',
  // Missing or of another kind than described: relation, column, schema, type, operator, statement for a view or rule.
  '42P01': 'SCHEMA_DRIFT',
  '42703': 'SCHEMA_DRIFT',
  '3F000': 'SCHEMA_DRIFT',
  '42704': 'SCHEMA_DRIFT',
  '42883': 'SCHEMA_DRIFT',
  '42804': 'SCHEMA_DRIFT',
  '42809': 'SCHEMA_DRIFT',
  '0A000': 'SCHEMA_DRIFT',
  '428C9': 'SCHEMA_DRIFT',
  // A pooler that hands one prepared statement to several servers.
  '26000': 'PRECONDITION_FAILED',
  '42P05': 'PRECONDITION_FAILED',
}

const CLASSES: Readonly<Record<string, ErrorCode>> = {
  '08': 'SOURCE_UNAVAILABLE',
  '28': 'SOURCE_AUTH',
  '3D': 'SOURCE_UNAVAILABLE',
  '53': 'SOURCE_UNAVAILABLE',
  '57': 'SOURCE_UNAVAILABLE',
  '58': 'SOURCE_UNAVAILABLE',
}

const MESSAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  ...SOURCE_MESSAGES,
  PRECONDITION_FAILED: 'is read-only, or behind a pooler that does not keep prepared statements',
}

const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$)/

/** The server's own error, `undefined` for one of the network or the client. */
export function serverErrorOf(error: unknown): ServerError | undefined {
  const { code, severity, schema, table } = fieldsOf(error)
  if (code === undefined || severity === undefined) return undefined
  return { code, schema, table }
}

/**
 * True when the error does not prove that the transaction was rolled back: the connection broke, or the server was
 * going down, or its disk failed, at which moment a commit may already have been on it.
 */
export function isOutcomeOpen(error: unknown): boolean {
  const server = serverErrorOf(error)
  return server === undefined || /^(08|57P|58|XX|53100)/.test(server.code) || fieldsOf(error).severity === 'PANIC'
}

/** Losers of a deadlock or of a serialization conflict: the whole transaction can simply be run again. */
export function isRetryable(error: unknown): boolean {
  const code = serverErrorOf(error)?.code
  return code === '40P01' || code === '40001'
}

/** Wraps any failure of a statement that leaves nothing behind, such as a read. */
export function fromPgError(error: unknown, source: string): RunnerError {
  if (error instanceof RunnerError) return error
  return isDefect(error) ? defect(source, error) : refusal(codeOf(error), source, error)
}

export function refusal(code: ErrorCode, source: string, cause: unknown): RunnerError {
  const what = MESSAGES[code] ?? 'reported an error that the driver does not expect'
  const sqlstate = serverErrorOf(cause)?.code
  const details = { source, ...(sqlstate === undefined ? {} : { sqlstate }) }
  return new RunnerError(code, `Source ${source} ${what}.`, { details, cause })
}

function codeOf(error: unknown): ErrorCode {
  const server = serverErrorOf(error)
  if (server) return CODES[server.code] ?? CLASSES[server.code.slice(0, 2)] ?? 'INTERNAL'
  return TLS_CODES.test(fieldsOf(error).code ?? '') ? 'SOURCE_TLS' : 'SOURCE_UNAVAILABLE'
}

function fieldsOf(error: unknown): Readonly<Record<'code' | 'severity' | 'schema' | 'table', string | undefined>> {
  const field = (name: string): string | undefined => {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
    return typeof value === 'string' ? value : undefined
  }
  return { code: field('code'), severity: field('severity'), schema: field('schema'), table: field('table') }
}
