/** Holds the only write lock of a ledger: `lock-worker.ts <path>` writes `locked`, and lets go when its input ends. */
import { once } from 'node:events'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'

const database = await openSqlite(process.argv[2] ?? '', { mode: 'write' })
database.exec('begin exclusive')
process.stdout.write('locked\n')
process.stdin.resume()
await once(process.stdin, 'end')
database.exec('rollback')
database.close()
