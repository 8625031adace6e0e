import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { inject } from 'vitest'
import type { Shop } from '../loop/shop.js'

/** Somebody else at work on the same rows. */
export interface Rival extends AsyncDisposable {
  /** Holds the row of an invoice until {@link unlock}. */
  lock(invoice: string): Promise<void>
  unlock(): Promise<void>
  /** Returns once a connection of the writer waits for the row. */
  untilSomebodyWaits(): Promise<void>
  /** Ends the connections of the writer that wait. */
  endWaiting(): Promise<void>
}

export function openRival(shop: Shop): Promise<Rival> {
  return shop.engine === 'mysql' ? mysqlRival(shop) : postgresRival(shop)
}

async function postgresRival({ env }: Shop): Promise<Rival> {
  const holder = new pg.Client({ connectionString: env.SHOP_WRITE_URL })
  const admin = new pg.Client({ connectionString: inject('postgresAdminUrl') })
  await Promise.all([holder.connect(), admin.connect()])
  const { username } = new URL(env.SHOP_WRITE_URL ?? '')
  const waiting = `select pid from pg_stat_activity where usename = '${username}' and wait_event_type = 'Lock'`
  return {
    lock: async (invoice) => {
      await holder.query('begin')
      await holder.query('select 1 from invoices where id = $1 for update', [invoice])
    },
    unlock: async () => void (await holder.query('rollback')),
    untilSomebodyWaits: () => until(async () => (await admin.query(waiting)).rows.length > 0),
    endWaiting: async () => void (await admin.query(`select pg_terminate_backend(pid) from (${waiting}) as w`)),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([holder.end(), admin.end()])
    },
  }
}

async function mysqlRival({ env }: Shop): Promise<Rival> {
  const holder = await mysql.createConnection({ uri: env.SHOP_WRITE_URL ?? '' })
  const admin = await mysql.createConnection({ uri: inject('mysqlAdminUrl') })
  const { username } = new URL(env.SHOP_WRITE_URL ?? '')
  const waiting = async (): Promise<readonly number[]> => {
    const sql = "select id as id from information_schema.processlist where user = ? and command = 'Execute'"
    const [rows] = await admin.query<mysql.RowDataPacket[]>(sql, [username])
    return rows.map((row) => Number(row.id))
  }
  return {
    lock: async (invoice) => {
      await holder.query('begin')
      await holder.query('select 1 from invoices where id = ? for update', [invoice])
    },
    unlock: async () => void (await holder.query('rollback')),
    untilSomebodyWaits: () => until(async () => (await waiting()).length > 0),
    endWaiting: async () => {
      for (const id of await waiting()) await admin.query(`kill ${id}`)
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([holder.end(), admin.end()])
    },
  }
}

const PATIENCE = 800

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === PATIENCE) throw new Error('It did not come about.')
    await sleep(10)
  }
}
