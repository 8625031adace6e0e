import { RunnerError } from '../../errors.js'

/** The most that is read of one target: 8 MiB. */
export const MOST_BYTES = 8 * 1024 * 1024

/** How long one server has for everything that it is asked, in milliseconds. */
export const TIME_LIMIT_MS = 10_000

/** The most pages of one tools/list. */
export const MOST_PAGES = 100

/** The most requests to one server over HTTP: each page, what goes before them, and redirects to places of its own. */
export const MOST_REQUESTS = 2 * MOST_PAGES + 10

export function tooManyRequests(): RunnerError {
  return new RunnerError(
    'RESULT_TOO_LARGE',
    `The server needs more than ${MOST_REQUESTS} requests to list its tools.`,
    {
      next: 'Save its tools to a file and audit that.',
    },
  )
}

export function tooLarge(what: string): RunnerError {
  return new RunnerError('RESULT_TOO_LARGE', `${what} holds more than 8 MiB.`, {
    next: 'Audit a smaller list of tools.',
  })
}
