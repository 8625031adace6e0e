/**
 * Records reads, many at once, until the ledger refuses some: `filling-reads-worker.ts <path>` writes the numbers of those
 * that were answered, and the codes of the others.
 */
import { isRunnerError } from '../../../src/errors.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { recordSample } from '../../../src/testing/ledger-samples.js'

const AT_ONCE = 20

// Without a handler the kernel ends a process that writes more than it may.
process.on('SIGXFSZ', () => undefined)
const ledger = openSqliteLedger({ path: process.argv[2] ?? '' })
const answered: number[] = []
const refused: unknown[] = []
const record = async (number: number) => {
  try {
    await recordSample(ledger, { number })
    answered.push(number)
  } catch (error) {
    refused.push(isRunnerError(error) ? error.code : String(error))
  }
}
for (let next = 1; refused.length === 0 && next < 10_000; next += AT_ONCE) {
  await Promise.all(Array.from({ length: AT_ONCE }, (_, place) => record(next + place)))
}
process.stdout.write(JSON.stringify({ answered, refused }))
