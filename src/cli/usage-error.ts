const BRAND = Symbol('usage')

/** The command line was written in a way that means nothing: exit code 2. */
export interface UsageError extends Error {
  readonly next: string
}

export function usageError(message: string, next: string): UsageError {
  return Object.assign(new Error(message), { next, [BRAND]: true })
}

export function isUsageError(value: unknown): value is UsageError {
  return value instanceof Error && BRAND in value
}

/** An argument or option that one spelling of a command needs and another does not. */
export function needed<Value>(value: Value | undefined, what: string, next: string): Value {
  if (value === undefined) throw usageError(`${what} is missing.`, next)
  return value
}
