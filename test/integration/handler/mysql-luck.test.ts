import mysql, { type Pool, type PoolConnection, type PoolOptions } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import {
  type CapabilityFunction,
  createWritebackHandler,
  handlerMigration,
  mysqlDatabase,
} from '../../../src/handler/index.js'
import { createMysqlWorld, type MysqlWorld } from '../../support/databases.js'
import { requestOf, TOKEN, toHttp } from './requests.js'

let world: MysqlWorld
const pools: Pool[] = []

beforeAll(async () => {
  const row = `(1, 'acme', 1500, 7)`
  const columns = 'id bigint primary key, tenant_id varchar(40), late_fee int, version int'
  world = await createMysqlWorld({
    schemaSql: `set time_zone = '+00:00';
      create table invoices (${columns}) engine = InnoDB; insert into invoices values ${row};
      create table flat (${columns}) engine = MyISAM; insert into flat values ${row};
      ${handlerMigration('mysql')}`,
  })
})
afterAll(() => world.drop())
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.end()
  await world.admin.query('update invoices set late_fee = 1500, version = 7')
})

function poolWith(options: PoolOptions = {}, settings = `set time_zone = '+00:00'`): Pool {
  const pool = mysql.createPool({ uri: world.writerUrl, connectionLimit: 4, ...options })
  pool.pool.on('connection', (connection) => void connection.query(settings))
  pools.push(pool)
  return pool
}

const waive: CapabilityFunction<PoolConnection> = async ({ object_id }, tx) => {
  await tx.execute('update invoices set late_fee = 0, version = version + 1 where id = ?', [object_id])
}

async function ask(pool: Pool, request = requestOf({ id: '1' }), run = waive) {
  const logger = { info: () => {}, warn: () => {} }
  const database = mysqlDatabase(pool)
  const handler = createWritebackHandler({ token: TOKEN, database, capabilities: { 'billing.waive': run }, logger })
  const response = await handler(toHttp(request))
  return { status: response.status, body: JSON.parse(await response.text()) }
}

const version = async () => {
  const [rows] = await world.admin.query({ sql: 'select version from invoices', rowsAsArray: true })
  return JSON.stringify(rows)
}

it('outlives a connection that is lost while the function is at work, and takes the request again', async () => {
  const pool = poolWith()
  const request = requestOf({ id: '1' })
  const lost = await ask(pool, request, async (job, tx) => {
    await waive(job, tx)
    await world.admin.query(`kill ${tx.threadId}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  })
  expect(lost.status).toBe(500)
  expect(await version()).toBe('[[7]]')
  expect(await ask(pool, request)).toMatchObject({ status: 200, body: { status: 'applied' } })
})

it('notices a rehearsal that a statement with a commit of its own has kept', async () => {
  const request = requestOf({ id: '1', extra: { dry_run: true } })
  const rehearsed = await ask(poolWith(), request, async (job, tx) => {
    await waive(job, tx)
    await tx.query('analyze table invoices')
  })
  expect(rehearsed).toMatchObject({ status: 500, body: { error_code: 'INTEGRITY' } })
  expect(await version()).toBe('[[8]]')
})

it('says that nothing was done where the server itself ended the transaction, and takes the request again', async () => {
  const pool = poolWith()
  const request = requestOf({ id: '1' })
  await world.admin.query('create table if not exists other (id int primary key) engine = InnoDB')
  await world.admin.query('replace into other values (1)')
  const rival = await pool.getConnection()
  const lost = await ask(pool, request, async (job, tx) => {
    await waive(job, tx)
    await rival.beginTransaction()
    // Who has written most is not the one to be rolled back.
    await rival.query(`insert into other values ${Array.from({ length: 200 }, (_, i) => `(${i + 2})`).join()}`)
    await rival.query('select * from other where id = 1 for update')
    const waits = rival.query('select * from invoices for update')
    await new Promise((resolve) => setTimeout(resolve, 200))
    try {
      await tx.query('select * from other where id = 1 for update')
    } finally {
      await waits
      await rival.rollback()
    }
  })
  rival.release()
  expect(lost).toMatchObject({ status: 503, body: { error_code: 'BUSY' } })
  expect(await version()).toBe('[[7]]')
  expect(await ask(pool, request)).toMatchObject({ status: 200, body: { status: 'applied' } })
})

it('says that nothing was done where the database cannot be reached', async () => {
  const pool = poolWith({ host: '127.0.0.1', port: 1, uri: '' })
  expect(await ask(pool)).toMatchObject({ status: 503, body: { error_code: 'SOURCE_UNAVAILABLE' } })
})

it('works in no session that cuts values which do not fit', async () => {
  const pool = poolWith({}, `set sql_mode = ''`)
  expect(await ask(pool)).toMatchObject({ status: 500, body: { error_code: 'PRECONDITION_FAILED' } })
  expect(await version()).toBe('[[7]]')
})

it('works on no table that cannot roll back', async () => {
  const request = requestOf({ id: '1' })
  const { target } = request
  if (target === undefined) throw new Error('A request has a target.')
  const flat = { ...request, target: { ...target, table: 'flat' } }
  expect(await ask(poolWith(), flat)).toMatchObject({ status: 500, body: { error_code: 'PRECONDITION_FAILED' } })
})

it.each<[string, PoolOptions]>([
  ['whole numbers as text', { supportBigNumbers: true, bigNumberStrings: true, dateStrings: true }],
  ['every value as it likes', { typeCast: () => 'x', nestTables: '_' }],
  ['named placeholders', { namedPlaceholders: true }],
  ['only changed rows counted', { flags: ['-FOUND_ROWS'] }],
  ['another character set', { charset: 'latin1' }],
])('works with a pool that has %s', async (_, options) => {
  expect((await ask(poolWith(options))).body).toMatchObject({ status: 'applied', previous_version: 7, new_version: 8 })
})

it.each(['1 or true', '01', '1.0', ' 1', '1abc', 'abc', '', '9'.repeat(40)])(
  'finds no row by a key that is no value of it: "%s"',
  async (id) => {
    const { status, body } = await ask(poolWith(), requestOf({ id }))
    expect({ status, code: body.safe_error_code }).toEqual({ status: 409, code: 'ROW_NOT_FOUND' })
    expect(await version()).toBe('[[7]]')
  },
)
