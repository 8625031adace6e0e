import { isDeepStrictEqual } from 'node:util'
import { type ErrorCode, isRunnerError, type RunnerError } from '../../src/index.js'

/** Something in the demo did not behave as the text beside it says. */
export interface DemoFailure {
  readonly demoFailure: string
}

export function isDemoFailure(value: unknown): value is DemoFailure {
  return typeof value === 'object' && value !== null && 'demoFailure' in value
}

/** Holds that a value is what the narration says. */
export function expectValue<Value>(what: string, actual: unknown, expected: Value): asserts actual is Value {
  if (isDeepStrictEqual(actual, expected)) return
  throw failure(`${what} should be ${JSON.stringify(expected)}, but is ${JSON.stringify(actual)}.`)
}

/** Holds that a call is refused with one code, and gives the refusal. */
export async function expectRefusal(code: ErrorCode, call: Promise<unknown>): Promise<RunnerError> {
  const outcome = await call.then(
    () => 'nothing',
    (error: unknown) => error,
  )
  if (isRunnerError(outcome) && outcome.code === code) return outcome
  const instead = isRunnerError(outcome) ? outcome.code : String(outcome)
  throw failure(`The call should be refused with ${code}, but it gave ${instead}.`)
}

function failure(demoFailure: string): DemoFailure {
  return { demoFailure }
}
