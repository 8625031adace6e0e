import { isRunnerError, RunnerError } from '../errors.js'
import type { Proposal } from '../index.js'
import type { Call } from './command.js'
import type { Io } from './io.js'
import { usageError } from './usage-error.js'

/** Who decides, as the command line says it. A role is never vouched for here: `operators` gives it. */
export function deciderOf({ operator }: Pick<Call, 'operator'>): { readonly id: string } {
  if (operator !== undefined) return { id: operator }
  throw usageError('It is not said who decides.', 'Give --as <person>, or set SYNAPSOR_OPERATOR.')
}

/** Asks at a terminal; elsewhere `--yes` must have been said. */
export async function agreed(
  question: string,
  { yes, json, io, next = LOOK_FIRST }: { yes: boolean; json: boolean; io: Io; next?: string },
): Promise<boolean> {
  if (yes) return true
  if (io.interactive && !json) return io.confirm(question)
  throw usageError('Nobody can be asked here.', next)
}

const LOOK_FIRST = 'Look at it with proposals show, then give --yes, and the --hash that you looked at.'

/** Where a role is missing because the contract gives none to anybody, says which lines would. */
export async function withOperatorLines<Answer>(call: Call, decide: () => Promise<Answer>): Promise<Answer> {
  try {
    return await decide()
  } catch (error) {
    if (!isRunnerError(error) || error.code !== 'ROLE_REQUIRED' || call.config_path === undefined) throw error
    const { operators } = await call.contract()
    if (operators !== undefined) throw error
    const { required_role } = error.details
    const lines = JSON.stringify({ [call.operator ?? 'name']: { roles: [required_role] } })
    throw new RunnerError(error.code, error.message, {
      details: error.details,
      next: `Say in the contract who holds which role: "operators": ${lines}`,
    })
  }
}

/** Who has decided and how many are still needed, in words. */
export function quorumOf({ approval }: Proposal): string {
  const approved = approval.decisions.filter(({ decision }) => decision === 'approved').length
  return `${approved} of ${approval.required_approvals}`
}
