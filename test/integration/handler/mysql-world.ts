import mysql, { type PoolConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise'
import { handlerMigration, mysqlDatabase } from '../../../src/handler/index.js'
import { createMysqlWorld } from '../../support/databases.js'
import { AT, type HandlerWorld, schemaOf, seedOf } from './world.js'

const SETTINGS = `select @@session.time_zone, @@session.sql_mode, @@session.innodb_lock_wait_timeout,
  @@session.collation_connection`

/** The app's sessions look at the world from Tokyo; its texts are equal in the loosest way. */
export async function openMysqlWorld(): Promise<HandlerWorld<PoolConnection>> {
  const types = {
    text: 'varchar(80) collate utf8mb4_general_ci',
    moment: 'timestamp(6)',
    wall_clock: 'datetime(6)',
    bigint: 'bigint',
    decimal: 'decimal(12,2)',
    boolean: 'boolean',
    options: 'engine = InnoDB default character set utf8mb4',
  }
  const world = await createMysqlWorld({
    schemaSql: [
      `set time_zone = '+00:00'`,
      ...schemaOf(types),
      ...seedOf({ at: AT, yes: 'true' }),
      handlerMigration('mysql'),
    ].join(';\n'),
  })
  const pool = mysql.createPool({ uri: world.writerUrl, connectionLimit: 30 })
  pool.pool.on('connection', (connection) => void connection.query(`set time_zone = '+09:00'`))
  const settings = async (connection: PoolConnection) => {
    const [rows] = await connection.query<RowDataPacket[]>(SETTINGS)
    return rows.flatMap((row) => Object.values(row)).map(String)
  }
  return {
    database: mysqlDatabase(pool),
    impatient: mysqlDatabase(pool, { lock_wait_ms: 1000 }),
    unmigrated: mysqlDatabase(pool, { receipts: { table: 'elsewhere' } }),
    waive: async ({ patch, object_id, tenant_id, proposal_id }, tx) => {
      const set = 'update invoices set late_fee = ?, version = version + 1 where id = ? and tenant_id = ?'
      const [{ affectedRows }] = await tx.execute<ResultSetHeader>(set, [Number(patch.late_fee), object_id, tenant_id])
      await tx.execute('insert into credits values (?, ?, ?)', [tenant_id, object_id, proposal_id])
      return affectedRows + 1
    },
    fail: (tx) => tx.query(`insert into invoices (id) values ('row-canary')`),
    end: (tx) => tx.commit(),
    rollBack: (tx) => tx.rollback(),
    settings,
    ownSettings: async () => {
      const connection = await pool.getConnection()
      try {
        return await settings(connection)
      } finally {
        connection.release()
      }
    },
    sql: async (text) => {
      const [rows] = await world.admin.query({ sql: text, rowsAsArray: true })
      return Array.isArray(rows) ? rows.map((row) => Object.values(row).map(textOf)) : []
    },
    hold: async (id) => {
      const connection = await pool.getConnection()
      await connection.beginTransaction()
      await connection.execute('select * from invoices where id = ? for update', [id])
      return async () => {
        await connection.rollback()
        connection.release()
      }
    },
    url: world.writerUrl,
    through: (url) => {
      const other = mysql.createPool({ uri: url, connectionLimit: 2 })
      return { database: mysqlDatabase(other), close: () => other.end() }
    },
    drop: async () => {
      await pool.end()
      await world.drop()
    },
  }
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value)
}
