import { randomUUID } from 'node:crypto'
import mysql, { type Connection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { documentOf } from '../../support/cli.js'
import { createMysqlWorld, type MysqlWorld } from '../../support/databases.js'
import { CALLER, createFolder, type Folder } from '../../support/onboarding.js'

const SCHEMA = `
create table orders (
  id varchar(40) not null primary key,
  tenant_id varchar(40) not null,
  status enum('paid', 'shipped', 'needs_review') not null,
  refund_cents int unsigned not null,
  note varchar(100),
  password_hash varchar(100),
  updated_at datetime(6) not null default now(6),
  key (tenant_id)
) engine = innodb;
insert into orders (id, tenant_id, status, refund_cents) values ('ORD-1', 'acme', 'paid', 100);
`

let world: MysqlWorld
let folder: Folder

beforeAll(async () => {
  world = await createMysqlWorld({ schemaSql: SCHEMA })
})
afterAll(() => world.drop())

beforeEach(() => {
  folder = createFolder()
})
afterEach(() => folder.remove())

const mark = randomUUID().replaceAll('-', '').slice(0, 12)
const reader = `r\`${mark}`
const writer = `w'${mark}`
const users = [reader, writer].map((name) => `\`${name.replaceAll('`', '``')}\`@'%'`)

function urlFor(user: string): string {
  const url = new URL(world.adminUrl)
  url.username = encodeURIComponent(user).replaceAll("'", '%27')
  url.password = 'secret-of-a-user'
  return url.href
}

it('makes users that the runner works with, and that can do no more', async () => {
  const flags =
    '--table orders --yes --object-id ORD-1 --approver dana --patch status=arg:status,refund_cents=arg:refund'
  const env = { ...CALLER, APP_URL: world.adminUrl }
  const given = ['init', '--from-env', 'APP_URL', ...flags.split(' ')]
  const roles = ['--reader-role', reader, '--writer-role', writer, '--write-url-env', 'WRITE_URL', '--json']
  const made = await folder.run([...given, ...roles], { env })
  expect(documentOf('init', made)).toMatchObject({
    first_call: { ok: true },
    not_exposed: { columns: ['tenant_id', 'password_hash'] },
    selection: { conflict_column: 'updated_at', schema: new URL(world.adminUrl).pathname.slice(1) },
  })

  try {
    const sql = folder.read('synapsor.roles.sql')
    await world.admin.query(sql)
    await world.admin.query(sql)
    await expect(connect(reader)).rejects.toThrow()
    for (const user of users) {
      await world.admin.query(`alter user ${user} identified by 'secret-of-a-user' account unlock`)
    }

    const withRoles = { ...env, APP_URL: urlFor(reader), WRITE_URL: urlFor(writer) }
    for (const line of [
      'propose orders.propose_order_update order_id=ORD-1 status=needs_review refund=50',
      'proposals approve latest --as dana --yes',
      'apply latest',
    ]) {
      const { exit_code, err } = await folder.run(line, { env: withRoles })
      expect([line, exit_code, exit_code === 0 ? '' : err]).toEqual([line, 0, ''])
    }
    const [rows] = await world.admin.query('select status, refund_cents from orders')
    expect(rows).toEqual([{ status: 'needs_review', refund_cents: 50 }])

    await as(reader, async (client) => {
      await expect(client.query('select password_hash from orders')).rejects.toThrow(/denied/)
      await expect(client.query('update orders set refund_cents = 1')).rejects.toThrow(/denied/)
    })
    await as(writer, async (client) => {
      await expect(client.query(`update orders set note = 'x'`)).rejects.toThrow(/denied/)
      await expect(client.query('delete from synapsor_writeback_receipts')).rejects.toThrow(/denied/)
    })
  } finally {
    for (const user of users) await world.admin.query(`drop user if exists ${user}`)
  }
})

function connect(user: string): Promise<Connection> {
  return mysql.createConnection({ uri: urlFor(user) })
}

async function as(user: string, work: (client: Connection) => Promise<void>): Promise<void> {
  const client = await connect(user)
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
