import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite, prepareExact, type SqliteDatabase } from '../../../src/drivers/sqlite-library.js'
import { migrateHandler, sqliteDatabase } from '../../../src/handler/index.js'
import { AT, type HandlerWorld, schemaOf, seedOf } from './world.js'

export interface SqliteHandlerWorld extends HandlerWorld<SqliteDatabase> {
  readonly path: string
}

/** One file, the app's connection to it and the administrator's. */
export async function openSqliteWorld(): Promise<SqliteHandlerWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'synapsor-handler-'))
  const path = join(folder, 'billing.db')
  const admin = await openSqlite(path, { mode: 'create', busy_timeout_ms: 1000 })
  admin.exec('pragma journal_mode = wal')
  const types = {
    text: 'text collate nocase',
    moment: 'timestamp',
    wall_clock: 'datetime',
    bigint: 'bigint',
    decimal: 'numeric(12,2)',
    boolean: 'boolean',
    options: '',
  }
  for (const statement of [...schemaOf(types), ...seedOf({ at: AT, yes: '1' })]) admin.exec(statement)
  const handle = await openSqlite(path, { mode: 'write' })
  const database = sqliteDatabase(handle)
  await migrateHandler(database)
  return {
    path,
    database,
    impatient: database,
    unmigrated: sqliteDatabase(handle, { receipts: { table: 'elsewhere' } }),
    waive: async ({ patch, object_id, tenant_id, proposal_id }, tx) => {
      const set = 'update invoices set late_fee = ?, version = version + 1 where id = ? and tenant_id = ?'
      const { changes } = tx.prepare(set).run(BigInt(Number(patch.late_fee)), object_id, tenant_id)
      tx.prepare('insert into credits values (?, ?, ?)').run(tenant_id, object_id, proposal_id)
      return Number(changes) + 1
    },
    fail: async (tx) => tx.exec(`insert into invoices (id) values ('row-canary')`),
    end: async (tx) => void tx.exec('commit'),
    rollBack: async (tx) => void tx.exec('rollback'),
    settings: async () => [],
    ownSettings: async () => [],
    sql: async (text) => {
      const rows = prepareExact(admin, text).all()
      return rows.map((row) => Object.values(row).map((value) => (value === null ? null : String(value))))
    },
    hold: async () => {
      const holder = await openSqlite(path, { mode: 'write' })
      holder.exec('begin immediate')
      return async () => void holder.close()
    },
    url: '',
    through: () => ({ database, close: async () => {} }),
    drop: async () => {
      handle.close()
      admin.close()
      await rm(folder, { recursive: true })
    },
  }
}
