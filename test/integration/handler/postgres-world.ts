import pg from 'pg'
import { handlerMigration, postgresDatabase } from '../../../src/handler/index.js'
import { createPostgresWorld } from '../../support/databases.js'
import { AT, type HandlerWorld, schemaOf, seedOf } from './world.js'

const SETTINGS = ['timezone', 'datestyle', 'intervalstyle', 'bytea_output', 'extra_float_digits', 'lock_timeout']

/** The app's sessions look at the world from Tokyo, in German. */
export async function openPostgresWorld(): Promise<HandlerWorld<pg.PoolClient>> {
  const types = {
    text: 'text',
    moment: 'timestamptz',
    wall_clock: 'timestamp',
    bigint: 'bigint',
    decimal: 'numeric(12,2)',
    boolean: 'boolean',
    options: '',
  }
  const world = await createPostgresWorld({
    schemaSql: [...schemaOf(types), ...seedOf({ at: `${AT}+00`, yes: 'true' }), handlerMigration('postgres')].join(
      ';\n',
    ),
    grants: ({ writer }) => `grant select, insert, update on all tables in schema public to ${writer}`,
  })
  const options = '-c timezone=Asia/Tokyo -c datestyle=German -c intervalstyle=iso_8601 -c extra_float_digits=0'
  const pool = new pg.Pool({ connectionString: world.writerUrl, options, max: 30 })
  const settings = async (client: pg.PoolClient | pg.Pool) => {
    const list = SETTINGS.map((name) => `current_setting('${name}')`).join(', ')
    const { rows } = await client.query({ text: `select ${list}`, rowMode: 'array' })
    return rows.flat().map(String)
  }
  return {
    database: postgresDatabase(pool),
    impatient: postgresDatabase(pool, { lock_wait_ms: 200 }),
    unmigrated: postgresDatabase(pool, { receipts: { table: 'elsewhere' } }),
    waive: async ({ patch, object_id, tenant_id, proposal_id }, tx) => {
      const set = 'update invoices set late_fee = $1, version = version + 1 where id = $2 and tenant_id = $3'
      const { rowCount } = await tx.query(set, [patch.late_fee, object_id, tenant_id])
      await tx.query('insert into credits values ($1, $2, $3)', [tenant_id, object_id, proposal_id])
      return (rowCount ?? 0) + 1
    },
    fail: (tx) => tx.query(`select 'row-canary'::int`),
    end: async (tx) => void (await tx.query('commit')),
    rollBack: async (tx) => void (await tx.query('rollback')),
    settings,
    ownSettings: () => settings(pool),
    sql: async (text) => {
      const { rows } = await world.admin.query({ text, rowMode: 'array' })
      return rows.map((row: unknown[]) => row.map((value) => (value === null ? null : String(value))))
    },
    hold: async (id) => {
      const client = await pool.connect()
      await client.query('begin')
      await client.query('select * from invoices where id = $1 for update', [id])
      return async () => {
        await client.query('rollback')
        client.release()
      }
    },
    url: world.writerUrl,
    through: (url) => {
      const other = new pg.Pool({ connectionString: url, options, max: 2 })
      other.on('error', () => {})
      return { database: postgresDatabase(other), close: () => other.end() }
    },
    drop: async () => {
      await pool.end()
      await world.drop()
    },
  }
}
