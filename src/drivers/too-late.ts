import type { GuardedUpdate } from './driver.js'

/** True once the moment has passed until which a change may be carried out. */
export function isTooLate({ not_after, now = () => new Date() }: GuardedUpdate): boolean {
  // Put this way round, so that a moment that is none is too late as well.
  return not_after !== undefined && !(now() <= not_after)
}

/** The outcome of a change that waits for its commit: `expired` where that would come too late. */
export function unlessTooLate<Outcome extends { readonly outcome: string }>(
  change: GuardedUpdate,
  outcome: Outcome,
): Outcome | { readonly outcome: 'expired' } {
  const waits = outcome.outcome === 'applied' && !change.dry_run
  return waits && isTooLate(change) ? { outcome: 'expired' } : outcome
}
