import type { ProposalStatus } from '../protocol/status.js'

/** A proposal as it counts at `now`: what still waits past its expiry is expired, recorded or not. */
export function statusAt(status: ProposalStatus, expires_at: string, now: Date): ProposalStatus {
  const waiting = status === 'pending_review' || status === 'approved'
  return waiting && isExpired(expires_at, now) ? 'expired' : status
}

export function isExpired(expires_at: string, now: Date): boolean {
  return now.getTime() >= Date.parse(expires_at)
}
