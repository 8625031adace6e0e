// The app's program: the runner starts it for each approved change, with the request on its stdin.
import { DatabaseSync } from '@photostructure/sqlite'
import * as z from 'zod'
import { migrateHandler, refuse, runCommandHandler, sqliteDatabase } from '../../src/handler/index.js'

const credit = z.object({ amount_cents: z.int().positive(), note: z.string() })

// #region program
const shop = new DatabaseSync(process.env.SHOP_DB ?? '')
shop.exec('pragma busy_timeout = 5000')
const database = sqliteDatabase(shop)
await migrateHandler(database)

await runCommandHandler({
  database,
  capabilities: {
    'credits.propose_credit': ({ tenant_id, object_id, patch }, tx) => {
      const { amount_cents, note } = credit.parse(patch)
      const policy = tx.prepare('select max_cents from credit_policies where tenant_id = ?').get(tenant_id)
      const max_cents = Number(policy?.max_cents ?? 0)
      if (amount_cents > max_cents) throw refuse('CREDIT_POLICY_CHANGED', { max_cents })

      const values = [tenant_id, object_id, amount_cents]
      const insert = 'insert into account_credits (tenant_id, account_id, amount_cents, note) values (?, ?, ?, ?)'
      const { lastInsertRowid } = tx.prepare(insert).run(...values, note)
      const update = `update accounts set credit_cents = credit_cents + ?3, version = version + 1
        where tenant_id = ?1 and id = ?2`
      tx.prepare(update).run(...values)
      return { rows_affected: 2, new_object_id: `AC-${lastInsertRowid}` }
    },
  },
})
shop.close()
// #endregion
