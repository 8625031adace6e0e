/** Another process that copies a ledger: `backup-worker.ts <path> <copy>`, without a name to `<path>.copy`. */
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'

// Without a handler the kernel ends a process that writes more than it may.
process.on('SIGXFSZ', () => undefined)
const [path = '', copy = `${path}.copy`] = process.argv.slice(2)
const ledger = openSqliteLedger({ path })
await ledger.backup(copy).catch((error: unknown) => process.stdout.write(JSON.stringify(error)))
await ledger.close()
