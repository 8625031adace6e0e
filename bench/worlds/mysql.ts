import mysql, { type RowDataPacket } from 'mysql2/promise'
import { createMysqlWorld, type MysqlWorld } from '../../test/databases/index.js'
import { invoiceId, TENANT, VISIBLE_COLUMNS } from '../contract.js'
import type { Bench } from '../figure.js'
import { assertDurable, ledgerIn, openRunner, READ_URL, serverSource, type World, WRITE_URL } from './world.js'

const SCHEMA = `create table invoices (
  id varchar(64) primary key,
  tenant_id varchar(64) not null,
  customer varchar(100) not null,
  status varchar(20) not null,
  late_fee_cents int not null,
  waiver_reason varchar(200),
  amount decimal(12,2) not null,
  updated_at datetime(6) not null default current_timestamp(6)
) engine=InnoDB default charset=utf8mb4`

/** MariaDB or MySQL with so many invoices. */
export async function openMysql(bench: Bench, rows: number): Promise<World> {
  const server = (await bench.databases()).mysql
  const world = await createMysqlWorld(server.adminUrl, {
    schemaSql: SCHEMA,
    grants: ({ reader, writer, database }) => `grant select on ${database}.* to ${reader};
      grant select, insert, update, create on ${database}.* to ${writer}`,
  })
  try {
    const invoices = Array.from({ length: rows }, (_, n) => [
      invoiceId(n),
      TENANT,
      `Customer ${n}`,
      'open',
      5500,
      120.5,
    ])
    const columns = 'id, tenant_id, customer, status, late_fee_cents, amount'
    await world.admin.query(`insert into invoices (${columns}) values ?`, [invoices])
    await world.admin.query('analyze table invoices')
    const [settings] = await world.admin.query<RowDataPacket[]>('select @@innodb_flush_log_at_trx_commit as flush')
    assertDurable('MySQL', settings[0]?.flush === 1)
    return await bind(bench, world)
  } catch (error) {
    await world.drop()
    throw error
  }
}

async function bind(bench: Bench, world: MysqlWorld): Promise<World> {
  const runner = await openRunner(bench, {
    source: serverSource('mysql'),
    env: { [READ_URL]: world.readerUrl, [WRITE_URL]: world.writerUrl },
    ledger: ledgerIn(bench.folder()),
  })
  const reader = await mysql.createConnection({ uri: world.readerUrl })
  const writer = await mysql.createConnection({ uri: world.writerUrl })
  return {
    engine: 'mysql',
    urls: { reader_url: world.readerUrl, writer_url: world.writerUrl },
    runner,
    select: (number) =>
      reader.execute(`select ${VISIBLE_COLUMNS.join(', ')} from invoices where id = ? and tenant_id = ?`, [
        invoiceId(number),
        TENANT,
      ]),
    update: (number) =>
      writer.execute('update invoices set late_fee_cents = ?, waiver_reason = ?, updated_at = now(6) where id = ?', [
        number % 10_000,
        'outage',
        invoiceId(number),
      ]),
    close: async () => {
      await runner.close()
      await reader.end()
      await writer.end()
      await world.drop()
    },
  }
}
