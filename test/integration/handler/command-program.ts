/** An app's program for a command executor, over the SQLite file that it is given. */
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import { refuse, runCommandHandler, sqliteDatabase } from '../../../src/handler/index.js'

const [path = '', manner = ''] = process.argv.slice(2)
const handle = await openSqlite(path, { mode: 'write' })

await runCommandHandler({
  database: sqliteDatabase(handle),
  capabilities: {
    'billing.waive': async ({ object_id, tenant_id, proposal_id }, tx) => {
      console.log('a line of the app')
      tx.prepare('update invoices set late_fee = 0, version = version + 1 where id = ?').run(object_id)
      tx.prepare('insert into credits values (?, ?, ?)').run(tenant_id, object_id, proposal_id)
      if (manner === 'refuse') throw refuse('PERIOD_CLOSED')
      if (manner === 'throw') throw new Error('row-canary')
      return { rows_affected: 2 }
    },
  },
})
handle.close()
