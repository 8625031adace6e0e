import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite, type SqliteDatabase } from '../../../src/drivers/sqlite-library.js'
import { createMysqlWorld, createPostgresWorld } from '../../support/databases.js'

/** A small billing database of two tenants, and what a test does to it behind the runner's back. */
export interface Shop {
  readonly engine: 'postgres' | 'mysql' | 'sqlite'
  readonly source: Readonly<Record<string, unknown>> & { readonly engine: Shop['engine'] }
  readonly env: Readonly<Record<string, string>>
  /** Folder for ledgers of this test file. */
  readonly folder: string
  /** Statements of somebody else: an administrator, outside the runner. */
  run(sql: string): Promise<void>
  /** The rows of somebody else's query, as JSON. */
  rows(sql: string): Promise<string>
  /** One row as text. */
  row(id: string): Promise<Row | undefined>
  /** How many receipts the source holds. */
  receipts(): Promise<number>
  /** All of every table: equal before and after means that nothing was written. */
  contents(): Promise<string>
  drop(): Promise<void>
}

export interface Row {
  readonly tenant_id: string
  readonly late_fee_cents: string
  readonly waiver_reason: string | null
  readonly updated_at: string
}

/** PostgreSQL invoices, reader and writer with no more than they need. */
export async function openPostgresShop(): Promise<Shop> {
  const world = await createPostgresWorld({
    schemaSql: `create table invoices (
      id text primary key, tenant_id text not null, customer text not null, status text not null,
      late_fee_cents integer not null check (late_fee_cents < 100000), waiver_reason varchar(200), card_number text not null,
      amount numeric(12,2) not null, updated_at timestamptz not null default clock_timestamp())`,
    grants: ({ reader, writer }) => `grant select on invoices to ${reader};
      grant select on invoices to ${writer};
      grant update (late_fee_cents, waiver_reason, status, amount, updated_at) on invoices to ${writer};
      grant usage, create on schema public to ${writer}`,
  })
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-loop-'))
  const query = async (sql: string) => (await world.admin.query(sql)).rows as Record<string, string>[]
  return {
    engine: 'postgres',
    source: { engine: 'postgres', read_url_env: 'SHOP_READ_URL', write_url_env: 'SHOP_WRITE_URL' },
    env: { SHOP_READ_URL: world.readerUrl, SHOP_WRITE_URL: world.writerUrl },
    folder,
    run: async (sql) => void (await world.admin.query(sql)),
    rows: async (sql) => JSON.stringify(await query(sql)),
    row: async (id) =>
      asRow(
        await query(
          `select tenant_id, late_fee_cents::text, waiver_reason, updated_at::text from invoices where id = '${id}'`,
        ),
      ),
    receipts: async () => {
      const [table] = await query(`select to_regclass('synapsor_writeback_receipts')::text as name`)
      if (table?.name === undefined || table.name === null) return 0
      return Number((await query('select count(*)::text as n from synapsor_writeback_receipts'))[0]?.n)
    },
    contents: async () => JSON.stringify(await query('select t::text from invoices t order by id')),
    drop: async () => {
      await world.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** MariaDB invoices under a collation that takes upper case, accents and trailing blanks for equal. */
export async function openMysqlShop(): Promise<Shop> {
  const world = await createMysqlWorld({
    schemaSql: `create table invoices (
      id varchar(64) primary key, tenant_id varchar(64) not null, customer varchar(100) not null, status varchar(20) not null,
      late_fee_cents int not null check (late_fee_cents < 100000), waiver_reason varchar(200), card_number varchar(40) not null,
      amount decimal(12,2) not null, updated_at datetime(6) not null default current_timestamp(6)
    ) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_general_ci`,
    grants: ({ reader, writer, database }) => `grant select on ${database}.* to ${reader};
      grant select, insert, update, create on ${database}.* to ${writer}`,
  })
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-loop-'))
  const query = async (sql: string) => (await world.admin.query(sql))[0] as Record<string, string>[]
  return {
    engine: 'mysql',
    source: { engine: 'mysql', read_url_env: 'SHOP_READ_URL', write_url_env: 'SHOP_WRITE_URL' },
    env: { SHOP_READ_URL: world.readerUrl, SHOP_WRITE_URL: world.writerUrl },
    folder,
    run: async (sql) => void (await world.admin.query(sql)),
    rows: async (sql) => JSON.stringify(await query(sql)),
    row: async (id) =>
      asRow(
        await query(`select tenant_id, cast(late_fee_cents as char) as late_fee_cents, waiver_reason,
          cast(updated_at as char) as updated_at from invoices where id = '${id}'`),
      ),
    receipts: async () => {
      const tables = await query(`show tables like 'synapsor_writeback_receipts'`)
      if (tables.length === 0) return 0
      return Number((await query('select count(*) as n from synapsor_writeback_receipts'))[0]?.n)
    },
    contents: async () => JSON.stringify(await query('select * from invoices order by id')),
    drop: async () => {
      await world.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An SQLite file of invoices. */
export async function openSqliteShop(): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-loop-'))
  const path = join(folder, 'shop.db')
  const handle: SqliteDatabase = await openSqlite(path, { mode: 'create', busy_timeout_ms: 2000 })
  handle.exec('pragma journal_mode = wal')
  handle.exec(`create table invoices (
    id text primary key not null, tenant_id text not null, customer text not null, status text not null,
    late_fee_cents integer not null check (late_fee_cents < 100000), waiver_reason varchar(200), card_number text not null,
    amount decimal(12,2) not null,
    updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')))`)
  const query = (sql: string) => handle.prepare(sql).all() as Record<string, string>[]
  return {
    engine: 'sqlite',
    source: { engine: 'sqlite', path },
    env: {},
    folder,
    run: async (sql) => void handle.exec(sql),
    rows: async (sql) => JSON.stringify(query(sql)),
    row: async (id) =>
      asRow(
        query(`select tenant_id, cast(late_fee_cents as text) as late_fee_cents, waiver_reason, updated_at
          from invoices where id = '${id}'`),
      ),
    receipts: async () => {
      const tables = query(`select name from sqlite_schema where name = 'synapsor_writeback_receipts'`)
      if (tables.length === 0) return 0
      return Number(query('select cast(count(*) as text) as n from synapsor_writeback_receipts')[0]?.n)
    },
    contents: async () => JSON.stringify(query('select * from invoices order by id')),
    drop: async () => {
      handle.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function asRow(rows: readonly Record<string, string | null>[]): Row | undefined {
  const [row] = rows
  if (row === undefined) return undefined
  return {
    tenant_id: String(row.tenant_id),
    late_fee_cents: String(row.late_fee_cents),
    waiver_reason: row.waiver_reason ?? null,
    updated_at: String(row.updated_at),
  }
}
