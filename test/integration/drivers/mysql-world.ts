import mysql, { type Connection } from 'mysql2/promise'
import type { Driver, DriverOptions } from '../../../src/drivers/driver.js'
import { createMysqlDriver } from '../../../src/drivers/mysql.js'
import type { DriverTraits, DriverWorld } from '../../../src/testing/driver-world.js'
import { createMysqlWorld, type MysqlWorld } from '../../support/databases.js'

/** The loosest collation in wide use: case, accents, trailing blanks and all emoji are equal to it. */
const LOOSE = 'collate utf8mb4_general_ci'

export const mysqlTraits: DriverTraits = {
  types: {
    key: `varchar(60) ${LOOSE}`,
    text: `varchar(200) ${LOOSE}`,
    short_text: 'varchar(5)',
    padded_text: 'char(5)',
    integer: 'int',
    bigint: 'bigint',
    decimal: 'decimal(12,2)',
    instant: 'timestamp(6)',
    wall_clock: 'datetime(6)',
    date: 'date',
    boolean: 'boolean',
    json: 'json',
  },
  hides_triggers: true,
  table_options: 'engine = InnoDB default character set utf8mb4',
  trigger: ({ table }, column, literal) => [
    `create trigger ${table}_set before update on ${table} for each row set new.${column} = ${literal}`,
  ],
}

export interface MysqlDriverWorld extends DriverWorld {
  readonly world: MysqlWorld
  /** Another driver on the same database. */
  open(options?: Partial<DriverOptions>): Driver
  drop(): Promise<void>
}

export async function openMysqlDriverWorld(): Promise<MysqlDriverWorld> {
  const world = await createMysqlWorld()
  const receipts = { table: 'synapsor_writeback_receipts' }
  const drivers: Driver[] = []
  const open = (options: Partial<DriverOptions> = {}): Driver => {
    const { readerUrl, writerUrl } = world
    const urls = { reader_url: readerUrl, writer_url: writerUrl }
    const driver = createMysqlDriver({ name: 'shop', statement_timeout_ms: 3000, ...urls, ...options })
    drivers.push(driver)
    return driver
  }
  const owner = open({ writer_url: world.adminUrl })
  await owner.migrate(receipts)

  return {
    world,
    driver: open(),
    traits: mysqlTraits,
    receipts,
    open,
    sql: async (text) => {
      const [rows] = await world.admin.query({ sql: text, rowsAsArray: true })
      return Array.isArray(rows) ? rows.map((row) => Object.values(row).map(textOf)) : []
    },
    // MySQL, unlike MariaDB, shows triggers only to those who may make them.
    admit: async ({ table }) => void (await world.admin.query(`grant trigger on ${table} to ${world.writerName}`)),
    lock: async ({ table }, key) => {
      const connection = await mysql.createConnection(world.adminUrl)
      await connection.beginTransaction()
      await connection.execute(`select * from ${table} where id = ? for update`, [key])
      return () => release(connection)
    },
    async drop() {
      await Promise.all(drivers.map((driver) => driver.close()))
      await world.drop()
    },
  }
}

async function release(connection: Connection): Promise<void> {
  await connection.rollback()
  await connection.end()
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value)
}
