import { RunnerError } from '../errors.js'
import type { Ledger } from '../ledger/ledger.js'

/**
 * A ledger made by a question about it would be found whole, and say nothing of the one that was meant.
 *
 * @throws RunnerError `LEDGER_UNAVAILABLE` where there is none yet.
 */
export async function assertMade(ledger: Ledger): Promise<void> {
  if ((await ledger.isMade?.()) !== false) return
  throw new RunnerError('LEDGER_UNAVAILABLE', 'There is no ledger at this path yet.', {
    next: 'Check storage.sqlite_path of the contract, or what was given instead: runtime.ledger or --store. The first read or proposal makes the ledger.',
  })
}
