/** Whether a problem keeps the contract from loading. */
export type Severity = 'error' | 'warning'

interface ProblemDefinition {
  readonly severity: Severity
  readonly summary: string
}

/** Every code that validation answers with. Closed; a code is never renamed. */
export const PROBLEM_CODES = {
  INVALID_JSON: { severity: 'error', summary: 'The text is not JSON.' },
  DUPLICATE_KEY: { severity: 'error', summary: 'A key stands twice in one object.' },
  TOO_LARGE: { severity: 'error', summary: 'The contract is nested too deeply or has too many parts.' },
  UNKNOWN_KEY: { severity: 'error', summary: 'The format has no such key here.' },
  MISSING_KEY: { severity: 'error', summary: 'A key that is needed is missing.' },
  INVALID_TYPE: { severity: 'error', summary: 'A value has the wrong JSON type.' },
  INVALID_VALUE: { severity: 'error', summary: 'A value is not one of those allowed here.' },
  INEXACT_NUMBER: { severity: 'error', summary: 'A number cannot be held exactly.' },
  REFUSED_KEY: {
    severity: 'error',
    summary: 'A key of this name is refused everywhere: SQL text, inline URLs, prototypes.',
  },
  REFUSED_ARGUMENT: { severity: 'error', summary: 'The model may not be given an argument of this name.' },
  INLINE_CREDENTIAL: { severity: 'error', summary: 'A credential or connection URL stands in the contract.' },
  UNKNOWN_REFERENCE: { severity: 'error', summary: 'A name points at nothing.' },
  DUPLICATE_NAME: { severity: 'error', summary: 'Two things have one name.' },
  TENANT_KEY_MISSING: { severity: 'error', summary: 'A target says neither its tenant column nor that it has none.' },
  SYSTEM_OBJECT: { severity: 'error', summary: 'A column, table or schema belongs to the database or the runner.' },
  COLUMN_NOT_ALLOWED: { severity: 'error', summary: 'A patched column is not in allowed_columns.' },
  COLUMN_PROTECTED: { severity: 'error', summary: 'Key, tenant and version column are never writable.' },
  LIMIT_WITHOUT_PATCH: { severity: 'error', summary: 'A bound or transition is on a column that is not patched.' },
  EMPTY_RANGE: { severity: 'error', summary: 'No value lies between minimum and maximum.' },
  OUT_OF_LIMITS: { severity: 'error', summary: 'A fixed value is outside its own bounds or transitions.' },
  GUARD_MISSING: { severity: 'error', summary: 'A proposal does not say how a stale row is noticed.' },
  UNSAFE_PATTERN: { severity: 'error', summary: 'A pattern does not compile or may take too long.' },
  EXAMPLE_INVALID: { severity: 'error', summary: 'An example does not fit the arguments.' },
  EXECUTOR_MISMATCH: { severity: 'error', summary: 'Executor and writeback contradict each other.' },
  SOURCE_READ_ONLY: { severity: 'error', summary: 'Direct SQL is to write to a read-only source.' },
  UNUSED_ARGUMENT: { severity: 'warning', summary: 'An argument is used nowhere.' },
  LOOKUP_NUMBER: { severity: 'warning', summary: 'A key is looked up by a number that need not be whole.' },
  CONNECTION_UNNAMED: { severity: 'warning', summary: 'The contract does not say where a connection comes from.' },
  STATIC_CONTEXT: { severity: 'warning', summary: 'Tenant and principal are literals.' },
  SINGLE_TENANT: { severity: 'warning', summary: 'A target is not bound to a tenant.' },
  WEAK_GUARD: { severity: 'warning', summary: 'A proposal has no version column.' },
  TLS_NOT_VERIFIED: { severity: 'warning', summary: 'The database server is not authenticated.' },
  POLICY_NOT_EVALUATED: { severity: 'warning', summary: 'No policy is evaluated yet; a person decides.' },
  APPROVAL_UNREACHABLE: { severity: 'warning', summary: 'Too few operators hold the required role.' },
} as const satisfies Record<string, ProblemDefinition>

/** One of the closed set of problem codes, see `PROBLEM_CODES`. */
export type ProblemCode = keyof typeof PROBLEM_CODES

/** One thing that is wrong, or worth knowing, about a contract. */
export interface ContractProblem {
  /** JSON Pointer (RFC 6901) to the offending key itself. Never empty: `/` is the contract as a whole. */
  readonly path: string
  readonly code: ProblemCode
  /** A sentence that says how to mend it. Never holds a value of the contract. */
  readonly message: string
  /** Line in the text, from 1; only where a text was given. */
  readonly line?: number
  /** Column in the line, from 1; only where a text was given. */
  readonly column?: number
}

/** Keys and indexes from the top of the contract down. */
export type Path = readonly (string | number)[]

/** The JSON Pointer of a path. */
export function toPointer(path: Path): string {
  if (path.length === 0) return '/'
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Builds one problem. */
export function problem(code: ProblemCode, path: Path, message: string): ContractProblem {
  return { path: toPointer(path), code, message }
}
