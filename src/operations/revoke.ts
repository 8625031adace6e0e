import { type ApproverClaim, identifyWithRole, person, words, wrongStatus } from './decide.js'
import { advance, type LoadedProposal, loadProposal, untilRecorded } from './load-proposal.js'
import type { Ports } from './ports.js'
import { type Proposal, toProposal } from './proposal.js'
import { claimOf, recordOutcome, settleInSource } from './settle.js'

export interface RevokeRequest {
  readonly id: string
  readonly approver: ApproverClaim
  readonly reason?: string | undefined
}

/**
 * Takes an approval back. Acknowledged only when no apply can follow: the key is barred in the source first.
 *
 * @throws RunnerError `WRONG_STATUS` when it is too late, or, where the source holds no receipts, once an attempt has begun.
 */
export async function revoke(ports: Ports, request: RevokeRequest): Promise<Proposal> {
  return untilRecorded(async () => {
    const loaded = await loadProposal(ports, request.id)
    const approver = await identifyWithRole(ports, loaded, request.approver)
    assertRevocable(loaded)
    await bar(ports, loaded)

    const now = ports.clock.now()
    const advanced = await advance(ports, loaded, {
      durability: 'durable',
      entry: {
        type: 'proposal.revoked',
        subject: loaded.row.proposal_id,
        at: now.toISOString(),
        body: { approver: person(approver), reason: words('reason', request.reason) },
      },
    })
    return advanced && toProposal(advanced.state, now)
  })
}

function assertRevocable({ state }: LoadedProposal): void {
  const { status, frozen } = state
  if (status === 'approved' || status === 'applying' || status === 'outcome_unknown') return
  throw wrongStatus(frozen.proposal_id, status, status === 'pending_review' ? 'Reject it instead.' : undefined)
}

async function bar(ports: Ports, loaded: LoadedProposal): Promise<void> {
  const { state } = loaded
  const { proposal_id, executor } = state.frozen
  const held = executor.type === 'sql_update' ? await ports.sources.open(state.frozen.source.name) : undefined
  const claim = held === undefined ? null : claimOf(held, state)
  if (held === undefined || claim === null) {
    // Every attempt has ended without a change, and none can begin before this is on record.
    if (state.status === 'approved') return
    throw wrongStatus(proposal_id, state.status, 'An attempt has begun and the source holds no receipts. Reconcile it.')
  }
  const { stored, receipt } = await settleInSource(ports, held, loaded, claim)
  if (stored.kind === 'tombstone') return
  await recordOutcome(ports, loaded, receipt, 'durable')
  throw wrongStatus(proposal_id, 'applied', 'It was applied before it could be revoked.')
}
