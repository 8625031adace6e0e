import type { Ledger } from '../ledger/ledger.js'
import { appendCases } from './ledger-append-cases.js'
import { concurrentCases } from './ledger-concurrent-cases.js'
import { forgetCases } from './ledger-forget-cases.js'
import { listCases } from './ledger-list-cases.js'
import { quotaCases } from './ledger-quota-cases.js'
import { readCases } from './ledger-read-cases.js'
import { runCases } from './ledger-run-cases.js'

/** What a case is given. */
export interface LedgerWorld {
  /** New and empty. */
  readonly ledger: Ledger
  /** The same ledger opened again, as another process would. Only cases that are `shared` use it. */
  readonly second: Ledger
}

/** One promise of the {@link Ledger} interface. `run` rejects when it is not kept. */
export interface LedgerCase {
  readonly name: string
  /** Needs a ledger that can be opened twice. */
  readonly shared?: boolean
  run(world: LedgerWorld): Promise<void>
}

/**
 * What every ledger must promise, for any test runner. Give each case a world of its own.
 *
 * @example
 * ```ts
 * it.each(ledgerCases)('$name', ({ run }) => withWorld(run))
 * ```
 */
export const ledgerCases: readonly LedgerCase[] = [
  ...appendCases,
  ...readCases,
  ...concurrentCases,
  ...listCases,
  ...runCases,
  ...forgetCases,
  ...quotaCases,
]
