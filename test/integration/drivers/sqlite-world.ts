import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver, DriverOptions } from '../../../src/drivers/driver.js'
import { createSqliteDriver } from '../../../src/drivers/sqlite.js'
import { openSqlite, prepareExact, type SqliteDatabase } from '../../../src/drivers/sqlite-library.js'
import type { DriverTraits, DriverWorld } from '../../../src/testing/driver-world.js'

/** Lengths, precisions and times are only advice to SQLite, so that their cases are left out. */
export const sqliteTraits: DriverTraits = {
  types: {
    key: 'text collate nocase',
    text: 'text collate nocase',
    integer: 'integer',
    bigint: 'bigint',
    date: 'date',
    boolean: 'boolean',
    json: 'json',
  },
  trigger: ({ table }, column, literal) => [
    `create trigger ${table}_set after update on ${table} begin
      update ${table} set ${column} = ${literal} where rowid = new.rowid;
    end`,
  ],
}

export interface SqliteDriverWorld extends DriverWorld {
  readonly path: string
  /** The administrator's own connection. */
  readonly admin: SqliteDatabase
  /** Another driver on the same file. */
  open(options?: Partial<DriverOptions>): Driver
  drop(): Promise<void>
}

export async function openSqliteDriverWorld(journal: 'wal' | 'delete'): Promise<SqliteDriverWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'synapsor-sqlite-'))
  const path = join(folder, 'shop.db')
  const admin = await openSqlite(path, { mode: 'create', busy_timeout_ms: 1000 })
  admin.exec(`pragma journal_mode = ${journal}`)
  const drivers: Driver[] = []
  const open = (options: Partial<DriverOptions> = {}): Driver => {
    const driver = createSqliteDriver({ name: 'shop', statement_timeout_ms: 1000, path, ...options })
    drivers.push(driver)
    return driver
  }
  const driver = open()
  const receipts = { table: 'synapsor_writeback_receipts' }
  await driver.migrate(receipts)

  return {
    path,
    admin,
    driver,
    traits: sqliteTraits,
    receipts,
    open,
    sql: async (text) => {
      const rows = prepareExact(admin, text).all()
      return rows.map((row) => Object.values(row).map((value) => (value === null ? null : String(value))))
    },
    admit: async () => {},
    lock: async () => {
      const holder = await openSqlite(path, { mode: 'write' })
      holder.exec('begin immediate')
      return async () => void holder.close()
    },
    async drop() {
      await Promise.all(drivers.map((one) => one.close()))
      admin.close()
      await rm(folder, { recursive: true })
    },
  }
}
