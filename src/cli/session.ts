import { isRunnerError, RunnerError } from '../errors.js'
import type { Runner, Session } from '../index.js'

/**
 * The session of a process that has nobody who could give it a context: the contract must say where to look.
 *
 * @throws RunnerError `CONTEXT_MISSING` with the lines to add, `ENV_MISSING`.
 */
export function contractSession(runner: Runner): Session {
  try {
    return runner.session()
  } catch (error) {
    if (!isRunnerError(error) || error.code !== 'CONTEXT_MISSING') throw error
    const values = { tenant_id_env: 'SYNAPSOR_TENANT_ID', principal_env: 'SYNAPSOR_PRINCIPAL' }
    throw new RunnerError('CONTEXT_MISSING', error.message, {
      details: error.details,
      next: `Add to the contract: "trusted_context": ${JSON.stringify({ provider: 'environment', values })}`,
    })
  }
}
