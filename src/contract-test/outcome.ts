import { findCapability } from '../contract/resolve.js'
import { isRunnerError, type RunnerError } from '../errors.js'
import type { Inspection } from '../operations/inspect.js'
import type { Proposal } from '../operations/proposal.js'
import type { Runner } from '../runner.js'
import type { Session } from '../session.js'
import type { ContractCase } from './cases.js'
import { isProposedSince, newestEntry } from './newness.js'

/** What became of a call. */
export type Outcome =
  | { readonly kind: 'refused'; readonly error: RunnerError }
  | {
      readonly kind: 'proposed'
      readonly proposal: Proposal
      readonly row: 'unchanged' | 'changed' | 'absent' | 'unknown'
    }
  | { readonly kind: 'read'; readonly inspection: Inspection }

/** Makes the call of one case. What it proposes is taken back, so that it stands in nobody's way; what was there before stays. */
export async function callCase(runner: Runner, session: Session, call: ContractCase): Promise<Outcome> {
  try {
    const kind = findCapability(runner.config, call.capability)?.kind
    return kind === 'proposal' ? await propose(runner, session, call) : await inspect(session, call)
  } catch (error) {
    if (!isRunnerError(error)) throw error
    return { kind: 'refused', error }
  }
}

async function inspect(session: Session, { capability, args }: ContractCase): Promise<Outcome> {
  return { kind: 'read', inspection: await session.inspect(capability, args) }
}

async function propose(runner: Runner, session: Session, { capability, args }: ContractCase): Promise<Outcome> {
  const head = await newestEntry(runner)
  const proposal = await session.propose(capability, args)
  const isOurs = await isProposedSince(runner, proposal.id, head)
  try {
    const { state } = await runner.freshness(proposal.id)
    return { kind: 'proposed', proposal, row: state }
  } finally {
    // A shadow proposal waits for nobody.
    if (isOurs && proposal.status === 'pending_review') await session.withdraw(proposal.id)
  }
}
