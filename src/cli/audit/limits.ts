import { RunnerError } from '../../errors.js'

/** The most that is read of one target: 8 MiB. */
export const MOST_BYTES = 8 * 1024 * 1024

/** How long one server has for everything that it is asked, in milliseconds. */
export const TIME_LIMIT_MS = 10_000

/** The most pages of one tools/list. */
export const MOST_PAGES = 100

export function tooLarge(what: string): RunnerError {
  return new RunnerError('RESULT_TOO_LARGE', `${what} holds more than 8 MiB.`, {
    next: 'Audit a smaller list of tools.',
  })
}
