import { RunnerError } from '../errors.js'
import type { UnsentReason } from './executor.js'

/** What an executor needs is not as it should be. Found out before anything is on its way. */
export function unavailable(executor: string, message: string, next?: string): RunnerError {
  return new RunnerError('EXECUTOR_UNAVAILABLE', message, {
    details: { executor },
    ...(next === undefined ? {} : { next }),
  })
}

const WHY: Readonly<Record<UnsentReason, string>> = {
  refused_connection: 'nothing accepts connections there',
  unknown_host: 'its host name is not known',
  private_address: 'it is at a private address, which the contract does not allow',
  tls: 'no trusted TLS connection could be made',
  not_executable: 'the program cannot be started',
  timeout: 'no connection was made in time',
  too_late: 'the attempt was held up for too long',
}

/** Nothing has left for the app, and the same may be tried again. */
export function unreachable(executor: string, reason: UnsentReason): RunnerError {
  return new RunnerError('HANDLER_UNAVAILABLE', `Nothing was sent to the executor ${executor}: ${WHY[reason]}.`, {
    details: { executor, reason },
  })
}
