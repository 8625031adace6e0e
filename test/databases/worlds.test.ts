import mysql, { type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { createMysqlWorld, createPostgresWorld } from '../support/databases.js'

describe('a PostgreSQL world', async () => {
  const world = await createPostgresWorld({
    schemaSql: `create table ticket (id int primary key, status text); insert into ticket values (1, 'open')`,
    grants: ({ reader, writer }) =>
      `grant select on ticket to ${reader}; grant select, update (status) on ticket to ${writer}`,
  })
  afterAll(() => world.drop())

  it('lets the reader read', async () => {
    expect(await query(world.readerUrl, 'select status from ticket')).toEqual([{ status: 'open' }])
  })

  it('keeps the reader from writing by its default', async () => {
    await expect(query(world.readerUrl, `update ticket set status = 'closed'`)).rejects.toMatchObject({ code: '25006' })
  })

  it.each([
    `update ticket set status = 'closed'`,
    `insert into ticket values (2, 'open')`,
    'delete from ticket',
    'create table other (id int)',
    'create temporary table other (id int)',
  ])('keeps the reader from "%s" when it turned its default off', async (statement) => {
    const attempt = query(world.readerUrl, 'set default_transaction_read_only = off', statement)
    await expect(attempt).rejects.toMatchObject({ code: '42501' })
  })

  it('lets the writer do what was granted and no more', async () => {
    await query(world.writerUrl, `update ticket set status = 'closed'`)
    await expect(query(world.writerUrl, 'update ticket set id = 2')).rejects.toMatchObject({ code: '42501' })
  })

  it('leaves no database and no role when it is dropped, even while someone is connected', async () => {
    const other = await createPostgresWorld()
    const connected = new pg.Client({ connectionString: other.writerUrl })
    connected.on('error', () => {})
    await connected.connect()

    await other.drop()

    const leftovers = `select rolname from pg_roles where rolname in ('${other.readerName}', '${other.writerName}')
      union all select datname from pg_database where datname = '${new URL(other.adminUrl).pathname.slice(1)}'`
    expect(await query(inject('postgresAdminUrl'), leftovers)).toEqual([])
  })

  async function query(url: string, ...statements: readonly string[]): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      const results: pg.QueryResult[] = []
      for (const statement of statements) results.push(await client.query(statement))
      return results.at(-1)?.rows ?? []
    } finally {
      await client.end()
    }
  }
})

describe('a MySQL world', async () => {
  const schemaSql = `create table ticket (id int primary key, status text); insert into ticket values (1, 'open')`
  const world = await createMysqlWorld({ schemaSql })
  const narrowWorld = await createMysqlWorld({
    schemaSql,
    grants: ({ database, writer }) => `grant select, update (status) on ${database}.ticket to ${writer}`,
  })
  afterAll(() => Promise.all([world.drop(), narrowWorld.drop()]))

  it('lets the reader read', async () => {
    expect(await query(world.readerUrl, 'select status from ticket')).toEqual([{ status: 'open' }])
  })

  it.each([
    `update ticket set status = 'closed'`,
    `insert into ticket values (2, 'open')`,
    'delete from ticket',
    'create table other (id int)',
    'create temporary table other (id int)',
  ])('keeps the reader from "%s"', async (statement) => {
    await expect(query(world.readerUrl, statement)).rejects.toMatchObject({ sqlState: '42000' })
  })

  it('lets the writer change rows and not remove them', async () => {
    await query(world.writerUrl, `update ticket set status = 'closed'`)
    await expect(query(world.writerUrl, 'delete from ticket')).rejects.toMatchObject({ sqlState: '42000' })
  })

  it('gives narrower rights in place of the usual ones', async () => {
    await query(narrowWorld.writerUrl, `update ticket set status = 'closed'`)
    const attempt = query(narrowWorld.writerUrl, 'update ticket set id = 2')
    await expect(attempt).rejects.toMatchObject({ code: 'ER_COLUMNACCESS_DENIED_ERROR' })
  })

  it('leaves no database and no user when it is dropped, even within a transaction', async () => {
    const other = await createMysqlWorld({ schemaSql })
    const connected = await mysql.createConnection({ uri: other.writerUrl })
    connected.on('error', () => {})
    await connected.query('start transaction')
    await connected.query(`update ticket set status = 'closed'`)

    await other.drop()

    const leftovers = `select user as name from mysql.user where user in ('${other.readerName}', '${other.writerName}')
      union all select schema_name from information_schema.schemata
      where schema_name = '${new URL(other.adminUrl).pathname.slice(1)}'`
    expect(await query(inject('mysqlAdminUrl'), leftovers)).toEqual([])
  })

  async function query(url: string, text: string): Promise<unknown[]> {
    const connection = await mysql.createConnection({ uri: url })
    try {
      const [rows] = await connection.query<RowDataPacket[]>(text)
      return rows
    } finally {
      await connection.end()
    }
  }
})
