import type { LedgerStats, Verification, VerifyOptions } from '../ledger/ledger.js'
import { assertMade } from './assert-made.js'
import type { Ports } from './ports.js'
import { type Pruned, type PruneOptions, prune } from './prune.js'

/**
 * What an operator does with the ledger itself. None of it makes one: where there is none yet, everything here throws
 * RunnerError `LEDGER_UNAVAILABLE`.
 */
export interface LedgerTools {
  /** Walks the whole chain and reports what is wrong. Takes as long as the ledger is large. */
  verify(options?: VerifyOptions): Promise<Verification>
  /** Tells where the ledger is, how much is in it, and its size in bytes. */
  stats(): Promise<LedgerStats>
  /** Brings a ledger of an older version to this one's schema. Copy the file first. */
  migrate(): Promise<void>
  /**
   * Writes a copy as of now to a new file, readable by its owner alone. Others may go on writing. A relative path
   * resolves against the current folder.
   *
   * @throws RunnerError `INVALID_ARGUMENT` for a file that exists.
   */
  backup(path: string): Promise<void>
  /**
   * Gives the space of what was erased back to the file system, and overwrites it. Others wait until it is done, which
   * takes as long as the ledger is large.
   */
  vacuum(): Promise<void>
  /**
   * Erases the content of what has ended long ago: entries of proposals and runs, and evidence that nothing open
   * cites. The chain keeps its links and audit lines stay, so that `verify` still finds the ledger whole. What is erased
   * is gone for good, but for free pages of the file until `vacuum`: `get`, `replay` and `apply` of such a proposal answer
   * `ERASED`. Works in small batches, so that
   * others are not held up.
   *
   * @throws RunnerError `INVALID_ARGUMENT` for options that are none.
   *
   * @example
   * ```ts
   * import { createRunner, loadConfig } from '@synapsor/runner'
   *
   * const runner = createRunner(loadConfig('synapsor.runner.json'))
   * const older_than = new Date('2026-01-01T00:00:00Z')
   * console.log(await runner.ledger.prune({ older_than, dry_run: true }))
   * ```
   */
  prune(options: PruneOptions): Promise<Pruned>
}

export function ledgerTools(ports: Ports): LedgerTools {
  const { ledger } = ports
  const made = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await assertMade(ledger)
    return work()
  }
  return Object.freeze<LedgerTools>({
    verify: (options) => made(() => ledger.verify(options)),
    stats: () => made(() => ledger.stats()),
    migrate: () => made(() => ledger.migrate()),
    backup: (path) => made(() => ledger.backup(path)),
    vacuum: () => made(() => ledger.vacuum()),
    prune: (options) => prune(ports, options),
  })
}
