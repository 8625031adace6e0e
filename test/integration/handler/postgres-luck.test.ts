import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  type CapabilityFunction,
  createWritebackHandler,
  handlerMigration,
  postgresDatabase,
} from '../../../src/handler/index.js'
import { createPostgresWorld, type PostgresWorld } from '../../support/databases.js'
import { requestOf, TOKEN, toHttp } from './requests.js'

let world: PostgresWorld
let pool: pg.Pool

beforeAll(async () => {
  const schemaSql = `create table invoices (id bigint primary key, tenant_id text, late_fee integer, version integer);
    create table credits (id serial, note text unique deferrable initially deferred);
    insert into invoices values (1, 'acme', 1500, 7); ${handlerMigration('postgres')}`
  const grants = ({ writer }: { writer: string }) =>
    `grant select, insert, update on all tables in schema public to ${writer}; grant usage on all sequences in schema public to ${writer}`
  world = await createPostgresWorld({ schemaSql, grants })
})
afterAll(() => world.drop())
beforeEach(() => {
  pool = new pg.Pool({ connectionString: world.writerUrl, max: 4 })
  pool.on('error', () => {})
})
afterEach(async () => {
  await pool.end()
  await world.admin.query('update invoices set late_fee = 1500, version = 7')
})

const waive: CapabilityFunction<pg.PoolClient> = async ({ object_id }, tx) => {
  await tx.query('update invoices set late_fee = 0, version = version + 1 where id = $1', [object_id])
}

async function ask(request = requestOf({ id: '1' }), run = waive, database = postgresDatabase(pool)) {
  const logger = { info: () => {}, warn: () => {} }
  const handler = createWritebackHandler({ token: TOKEN, database, capabilities: { 'billing.waive': run }, logger })
  const response = await handler(toHttp(request))
  return { status: response.status, body: JSON.parse(await response.text()) }
}

const version = async () => (await world.admin.query('select version from invoices')).rows[0].version
const receipts = async () => (await world.admin.query('select 1 from synapsor_handler_receipts')).rowCount

it('outlives a connection that is lost while the function is at work, and takes the request again', async () => {
  const request = requestOf({ id: '1' })
  const before = await receipts()
  const lost = await ask(request, async (job, tx) => {
    await waive(job, tx)
    const { rows } = await tx.query('select pg_backend_pid() as pid')
    await world.admin.query('select pg_terminate_backend($1)', [rows[0].pid])
    // Time for the end of the connection to be seen while nothing is asked of it.
    await new Promise((resolve) => tx.once('end', resolve))
  })
  expect(lost.status).toBe(500)
  expect([await version(), await receipts()]).toEqual([7, before])
  expect(await ask(request)).toMatchObject({ status: 200, body: { status: 'applied' } })
})

it('says that nothing was done where the database cannot be reached', async () => {
  const closed = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 500 })
  const answer = await ask(undefined, waive, postgresDatabase(closed))
  expect(answer).toMatchObject({ status: 503, body: { error_code: 'SOURCE_UNAVAILABLE' } })
  await closed.end()
})

it('does not pass for done what the database refused at the commit', async () => {
  const request = requestOf({ id: '1' })
  const twice: CapabilityFunction<pg.PoolClient> = async (job, tx) => {
    await waive(job, tx)
    await tx.query(`insert into credits (note) values ('a'), ('a')`)
  }
  expect((await ask(request, twice)).status).toBe(500)
  expect(await version()).toBe(7)
  expect((await ask(request)).body.status).toBe('applied')
})

it('believes no commit of a transaction that has failed by then', async () => {
  // As a statement does that the function began and did not wait for.
  const connect = async () => {
    const client = await pool.connect()
    const query: (config: unknown, values?: unknown) => Promise<unknown> = client.query.bind(client)
    const failing = async (config: { readonly text?: string }, values?: unknown) => {
      if (config.text === 'commit') await query('select 1 / 0').catch(() => undefined)
      return query(config, values)
    }
    Reflect.set(client, 'query', failing)
    return client
  }
  const answer = await ask(undefined, waive, postgresDatabase({ connect }))
  expect(answer).toMatchObject({ status: 500, body: { error_code: 'INTERNAL' } })
  expect(await version()).toBe(7)
})

it('has the loser of a deadlock come again', async () => {
  const other = new pg.Client({ connectionString: world.adminUrl })
  await other.connect()
  await world.admin.query(`insert into invoices values (2, 'acme', 1, 1) on conflict do nothing`)
  await other.query('begin')
  await other.query(`set local deadlock_timeout = '10s'`)
  await other.query('update invoices set late_fee = 2 where id = 2')
  let crossing: Promise<unknown> = Promise.resolve()
  const answer = await ask(requestOf({ id: '1' }), async (job, tx) => {
    await waive(job, tx)
    crossing = other.query('update invoices set late_fee = 2 where id = 1')
    await tx.query('update invoices set late_fee = 3 where id = 2')
  })
  expect(answer).toMatchObject({ status: 503, body: { error_code: 'BUSY' } })
  await crossing
  await other.query('rollback')
  await other.end()
  expect(await version()).toBe(7)
})

it.each(['1 or true', '01', '1.0', ' 1', '', '9'.repeat(40)])(
  'finds no row by a key that is no value of it: "%s"',
  async (id) => {
    const { status, body } = await ask(requestOf({ id }))
    expect({ status, code: body.safe_error_code }).toEqual({ status: 409, code: 'ROW_NOT_FOUND' })
    expect(await version()).toBe(7)
  },
)

it('quotes what a request calls a table', async () => {
  const request = requestOf({ id: '1' })
  const extra = { target: { table: 'Invoices', primary_key: { column: 'id', value: '1' }, tenant_key: null } }
  expect((await ask({ ...request, ...extra })).status).toBe(422)
  const missing = { ...request, target: { ...extra.target, tenant_key: { column: 'tenant_id', value: 'acme' } } }
  expect(await ask(missing)).toMatchObject({ status: 500 })
  expect(await version()).toBe(7)
})

it('keeps what it has committed through a crash, whatever the session is content with', async () => {
  let setting: unknown
  const options = '-c synchronous_commit=off'
  const careless = new pg.Pool({ connectionString: world.writerUrl, options })
  const run: CapabilityFunction<pg.PoolClient> = async (job, tx) => {
    setting = (await tx.query('show synchronous_commit')).rows[0].synchronous_commit
    return waive(job, tx)
  }
  expect((await ask(undefined, run, postgresDatabase(careless))).body.status).toBe('applied')
  expect(setting).toBe('on')
  await careless.end()
})
