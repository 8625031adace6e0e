import type { TableRef } from '../sql/dialect.js'
import { insertTombstone, selectReceipt } from '../sql/postgres-receipts.js'
import type { ReceiptClaim, StoredReceipt } from './driver.js'
import type { PgPool } from './postgres-pool.js'
import { receiptsMissing, receiptsUnfit, receiptVanished, toReceipt } from './receipts.js'

/** Binds schema and table name; answers whether the relation is a plain table whose key is what it has to be. */
const CHECK = `select (c.relkind = 'r' and not c.relhasrules and not c.relrowsecurity
  and not exists (select from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal)
  and exists (select from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    join pg_collation l on l.oid = a.attcollation
    where i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1 and a.attname = 'key' and l.collisdeterministic))::text
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1::text and c.relname = $2::text`

/** Whether the receipts table is there, and keeps receipts as they have to be kept. */
export async function assertReceiptsTable(pool: PgPool, receipts: TableRef, source: string): Promise<void> {
  const { schema = 'public', table } = receipts
  const { rows } = await pool.run(CHECK, [schema, table])
  if (rows.length === 0) throw receiptsMissing(source, { schema, table })
  if (rows[0]?.[0] === 'true') return
  throw receiptsUnfit(source, { schema, table }, 'a plain table with primary key (key), no triggers, no rules')
}

export async function findReceipt(pool: PgPool, table: TableRef, key: string): Promise<StoredReceipt | undefined> {
  const { rows } = await pool.run(selectReceipt(table), [key])
  return rows[0] && toReceipt(rows[0])
}

/** Leaves a tombstone unless the key is taken, and returns what stands under the key from then on. */
export async function settleReceipt(pool: PgPool, claim: ReceiptClaim, source: string): Promise<StoredReceipt> {
  const { rows } = await pool.run(insertTombstone(claim.table), [claim.key, claim.proposal_hash, claim.anchor])
  const settled = rows[0] ? toReceipt(rows[0]) : await findReceipt(pool, claim.table, claim.key)
  if (settled) return settled
  throw receiptVanished(source, claim.key)
}
