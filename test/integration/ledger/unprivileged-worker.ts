/**
 * Uses a ledger as an ordinary user: `unprivileged-worker.ts <path>` appends, with `ask` behind it only asks whether there
 * is one. Writes what came of it, or the error it met, as JSON.
 */
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { sampleCreation } from '../../../src/testing/ledger-samples.js'
import { NOBODY } from './folder.js'

const ledger = openSqliteLedger({ path: process.argv[2] ?? '' })
// The database client is loaded before the rights are given up, since the user may not read its files either.
await openSqliteLedger({ path: ':memory:' }).stats()
if (process.getuid?.() === 0) process.setuid?.(NOBODY)
const use = () => (process.argv[3] === 'ask' ? ledger.isMade?.() : ledger.append(sampleCreation({ number: 1 })))
const outcome: unknown = await use()?.catch((error: unknown) => error)
process.stdout.write(JSON.stringify(outcome))
