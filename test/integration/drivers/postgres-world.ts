import pg from 'pg'
import type { DriverOptions } from '../../../src/drivers/driver.js'
import { createPostgresDriver } from '../../../src/drivers/postgres.js'
import { renderMigrations } from '../../../src/sql/migrations.js'
import type { DriverTraits, DriverWorld } from '../../../src/testing/driver-cases.js'
import { createPostgresWorld } from '../../support/databases.js'

export const traits: DriverTraits = {
  types: {
    // Folds case, accents, width and invisible characters, as loosely as a collation can.
    key: 'text collate loose',
    text: 'text',
    short_text: 'varchar(5)',
    padded_text: 'char(5)',
    integer: 'integer',
    bigint: 'bigint',
    decimal: 'numeric(12,2)',
    instant: 'timestamptz(6)',
    wall_clock: 'timestamp(6)',
    date: 'date',
    boolean: 'boolean',
    json: 'json',
  },
  trigger: ({ schema = 'public', table }, column, literal) => [
    `create function ${schema}.${table}_f() returns trigger language plpgsql
      as $$ begin new.${column} = ${literal}; return new; end $$`,
    `create trigger ${table}_t before update on ${schema}.${table} for each row execute function ${schema}.${table}_f()`,
  ],
}

export interface PostgresDriverWorld extends DriverWorld {
  readonly admin: pg.Client
  readonly readerName: string
  readonly writerName: string
  readonly options: DriverOptions
  close(): Promise<void>
}

/** A database with a reader and a writer that may do only what they were granted. */
export async function openPostgresWorld(): Promise<PostgresDriverWorld> {
  const schemaSql = `create collation loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`
  const world = await createPostgresWorld({ schemaSql })
  const { admin, readerName, writerName } = world
  const options: DriverOptions = {
    name: 'shop',
    reader_url: world.readerUrl,
    writer_url: world.writerUrl,
    statement_timeout_ms: 3000,
    pool: { max: 20 },
  }
  const driver = createPostgresDriver(options)
  const receipts = { schema: 'public', table: 'synapsor_writeback_receipts' }
  const request = { receipts, tables: [], reader: readerName, writer: writerName }
  const migrations = renderMigrations('postgres', request)
  await admin.query(migrations.receipts ?? '')
  await admin.query(migrations.grants ?? '')
  await admin.query(`set timezone to 'UTC'`)

  return {
    driver,
    traits,
    receipts,
    admin,
    readerName,
    writerName,
    options,
    async sql(text) {
      const types = { getTypeParser: () => (value: string) => value }
      return (await admin.query<(string | null)[]>({ text, rowMode: 'array', types })).rows
    },
    async admit(table) {
      const name = driver.dialect.table(table)
      await admin.query(`grant select on ${name} to ${readerName}, ${writerName}`)
      await admin.query(`grant update on ${name} to ${writerName}`)
    },
    async lock(table, key) {
      const client = new pg.Client({ connectionString: world.adminUrl })
      await client.connect()
      await client.query('begin')
      await client.query(`select from ${driver.dialect.table(table)} where id = $1 for update`, [key])
      return () => client.end()
    },
    async close() {
      await driver.close()
      await world.drop()
    },
  }
}
