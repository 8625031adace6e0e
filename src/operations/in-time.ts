import { RunnerError } from '../errors.js'
import { within } from './within.js'

/** How long a check of the doctor may take, in milliseconds. */
const LIMIT_MS = 10_000

/** @throws RunnerError `BUSY` where there was no answer in time. */
export function inTime<Result>(work: Promise<Result>): Promise<Result> {
  return within(work, {
    limit_ms: LIMIT_MS,
    late: () => {
      throw new RunnerError('BUSY', 'There was no answer in time.')
    },
  })
}
