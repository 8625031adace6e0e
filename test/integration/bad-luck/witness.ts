import mysql from 'mysql2/promise'
import pg from 'pg'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import type { Shop } from '../loop/shop.js'
import type { Witness } from './vouchers.js'

/** One row: revision, note, applied receipts under the key, audit lines. */
function question(table: string, voucher: string, key: string, engine: Shop['engine']): string {
  const name = engine === 'mysql' ? '`key`' : '"key"'
  return `select v.revision as revision, v.note as note,
    (select count(*) from synapsor_writeback_receipts where ${name} = '${key}' and kind = 'applied') as receipts,
    (select count(*) from voucher_audit a where a.id = v.id) as audits
    from ${table} v where v.id = '${voucher}'`
}

/** A witness of its own connection, with the writer's right to look. */
export async function openWitness(shop: Shop): Promise<Witness> {
  const ask = await asker(shop)
  return {
    look: async (table, voucher, key) => {
      const [row] = await ask.query(question(table, voucher, key, shop.engine))
      const count = (name: string): number => Number(row?.[name])
      const note = row?.note
      return {
        revision: count('revision'),
        note: typeof note === 'string' ? note : null,
        receipts: count('receipts'),
        audits: count('audits'),
      }
    },
    close: ask.close,
  }
}

interface Asker {
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
}

async function asker(shop: Shop): Promise<Asker> {
  if (shop.engine === 'postgres') {
    const client = new pg.Client({ connectionString: shop.env.SHOP_WRITE_URL })
    await client.connect()
    return { query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows, close: () => client.end() }
  }
  if (shop.engine === 'mysql') {
    const connection = await mysql.createConnection({ uri: shop.env.SHOP_WRITE_URL ?? '' })
    const query: Asker['query'] = async (sql) => (await connection.query<mysql.RowDataPacket[]>(sql))[0]
    return { query, close: () => connection.end() }
  }
  const database = await openSqlite(String(shop.source.path), { mode: 'read', busy_timeout_ms: 2000 })
  return { query: async (sql) => database.prepare(sql).all(), close: async () => void database.close() }
}
