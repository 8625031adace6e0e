/** Reads one state of a ledger for long: `read-worker.ts <path>` writes `reading`, and ends when its input does. */
import { once } from 'node:events'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'

const database = await openSqlite(process.argv[2] ?? '', { mode: 'write' })
database.exec('begin')
database.prepare('select count(*) from entries').get()
process.stdout.write('reading\n')
process.stdin.resume()
await once(process.stdin, 'end')
database.exec('rollback')
database.close()
