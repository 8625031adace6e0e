/** Appends until the ledger refuses: `filling-worker.ts <path>` writes how many were acknowledged, and the error. */
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { sampleCreation } from '../../../src/testing/ledger-samples.js'

// Without a handler the kernel ends a process that writes more than it may.
process.on('SIGXFSZ', () => undefined)
const ledger = openSqliteLedger({ path: process.argv[2] ?? '' })
let acknowledged = 0
try {
  for (; acknowledged < 10_000; acknowledged++) await ledger.append(sampleCreation({ number: acknowledged + 1 }))
} catch (error) {
  process.stdout.write(JSON.stringify({ acknowledged, error }))
}
