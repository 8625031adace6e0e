/**
 * Another process at the same ledger: `append-worker.ts <path> <first> <count>` records and proposes, and writes one
 * line for each number that was acknowledged.
 */
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import {
  recordSample,
  sampleAdvance,
  sampleApproval,
  sampleCreation,
  sampleProposal,
  sampleReceiptEntry,
} from '../../../src/testing/ledger-samples.js'

const [path = '', first = '1', count = '1'] = process.argv.slice(2)
const ledger = openSqliteLedger({ path, busy_timeout_ms: 30_000 })

for (let number = Number(first); number < Number(first) + Number(count); number++) {
  await recordSample(ledger, { number })
  await ledger.append(sampleCreation({ number }))
  const proposal = sampleProposal({ number })
  await ledger.append(sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) }))
  const entry = sampleReceiptEntry(proposal, number)
  await ledger.append(sampleAdvance(proposal, 2, { status: 'applied', entry }))
  process.stdout.write(`${number}\n`)
}
await ledger.close()
