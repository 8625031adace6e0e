import type { Ledger } from '../ledger/ledger.js'
import { openSqliteLedger } from '../ledger/sqlite.js'

/** A ledger that ends with the process, for tests. Everything else about it is as in a file. */
export function memoryLedger(): Ledger {
  return openSqliteLedger({ path: ':memory:' })
}
