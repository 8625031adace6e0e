import { RunnerError } from '../errors.js'
import { type ApproverClaim, identifyWithRole, words, wrongStatus } from './decide.js'
import { doubtOf, whenBelieved } from './doubt.js'
import type { LoadedProposal } from './load-proposal.js'
import type { Ports } from './ports.js'
import { receiptOfOperator } from './receipt.js'
import { recordOutcome } from './settle.js'

/** What a person has found out about an outcome that nothing else can tell. */
export interface OperatorFinding {
  readonly outcome: 'applied' | 'not_applied'
  /** Who looked. Needs the role that the proposal requires. */
  readonly approver: ApproverClaim
  /** How they know, 1 to 4000 characters. Kept on record and in the receipt. */
  readonly reason: string
}

/**
 * Settles a proposal by what a person found out in the app or in the row. Where nothing was found, nothing may be at
 * work any more either: fifteen minutes after the last attempt.
 *
 * @throws RunnerError `WRONG_STATUS` where the outcome is not unknown, `BUSY` while an attempt may be at work,
 * `ROLE_REQUIRED`, `APPROVER_UNKNOWN`, `INVALID_ARGUMENT`, `SECRET_REFUSED`.
 */
export async function recordFinding(ports: Ports, loaded: LoadedProposal, finding: OperatorFinding): Promise<void> {
  const { proposal_id } = loaded.row
  const { status } = loaded.state
  const reason = words('reason', finding.reason)
  if (finding.outcome !== 'applied' && finding.outcome !== 'not_applied') {
    throw new RunnerError('INVALID_ARGUMENT', 'A finding is applied or not_applied.', {
      details: { argument: 'outcome' },
    })
  }
  if (reason === null || reason.trim() === '') {
    throw new RunnerError('INVALID_ARGUMENT', 'A finding needs a reason.', { details: { argument: 'reason' } })
  }
  if (status !== 'applying' && status !== 'outcome_unknown') {
    throw wrongStatus(proposal_id, status, 'Only an unknown outcome needs a finding.')
  }
  const { id } = await identifyWithRole(ports, loaded, finding.approver)
  if (finding.outcome === 'not_applied') assertNobodyAtWork(ports, loaded)
  const receipt = receiptOfOperator(ports, loaded.state, finding.outcome === 'applied', { by: id, reason })
  await recordOutcome(ports, loaded, receipt, 'durable')
}

function assertNobodyAtWork(ports: Ports, loaded: LoadedProposal): void {
  const doubt = doubtOf(loaded)
  const retry_after_ms = doubt === undefined ? 0 : whenBelieved(doubt) - ports.clock.now().getTime()
  if (retry_after_ms <= 0) return
  throw new RunnerError('BUSY', `An attempt to apply ${loaded.row.proposal_id} may still be at work.`, {
    details: { proposal_id: loaded.row.proposal_id },
    retry_after_ms,
  })
}
