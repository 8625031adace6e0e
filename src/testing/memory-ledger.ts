import type { Ledger } from '../ledger/ledger.js'
import { openSqliteLedger } from '../ledger/sqlite.js'

/**
 * Makes a ledger that ends with the process, for tests. Everything else about it is as in a file.
 *
 * @example
 * ```ts
 * import { createRunner, loadConfig } from '@synapsor/runner'
 * import { memoryLedger } from '@synapsor/runner/testing'
 *
 * const runner = createRunner(loadConfig('synapsor.runner.json'), { ledger: memoryLedger() })
 * console.log(await runner.ledger.stats())
 * ```
 */
export function memoryLedger(): Ledger {
  return openSqliteLedger({ path: ':memory:' })
}
