import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMysqlWorld, createPostgresWorld, type MysqlWorld, type PostgresWorld } from '../../support/databases.js'
import { type Console, createConsole, inspectionOf } from './inspect-world.js'

const TABLES = 2000

let postgres: PostgresWorld
let mysql: MysqlWorld
let terminal: Console

const table = (number: number) =>
  `create table t${number} (id integer primary key, tenant_id varchar(20) not null, note text, row_version integer not null);`

beforeAll(async () => {
  postgres = await createPostgresWorld({ schemaSql: Array.from({ length: TABLES }, (_, n) => table(n)).join('\n') })
  // Others ask this server within short limits, and each table there is a file of its own.
  mysql = await createMysqlWorld({ schemaSql: Array.from({ length: 50 }, (_, n) => table(n)).join('\n') })
  terminal = createConsole({ PG_URL: postgres.readerUrl, MYSQL_URL: mysql.readerUrl })
}, 120_000)

afterAll(async () => {
  terminal.close()
  await postgres.drop()
  await mysql.drop()
})

it('lists the first of very many tables and sums up the rest', async () => {
  const { out, exit_code } = await terminal.run(['--from-env', 'PG_URL'])
  expect(exit_code).toBe(0)
  expect(out.split('\n').length).toBeLessThan(60)
  expect(out).toContain('1960 more tables: --all lists every one')
  expect(out).toContain(`${TABLES} tables: ${TABLES} ready.`)
})

it('lists every one of them where it is asked to', async () => {
  const { out } = await terminal.run(['--from-env', 'PG_URL', '--all'])
  for (const name of ['t0', 't999', 't1999']) expect(out).toMatch(new RegExp(`^${name} `, 'm'))
  expect(out).not.toContain('more tables')
})

it.each(['PG_URL', 'MYSQL_URL'])('puts all of them into the document of %s', async (name) => {
  const { tables } = inspectionOf(await terminal.run(['--from-env', name, '--json']))
  expect(tables).toHaveLength(name === 'PG_URL' ? TABLES : 50)
  for (const { key, tenant_keys, version_columns } of tables) {
    expect([key, tenant_keys[0]?.column, version_columns[0]?.column]).toEqual(['id', 'tenant_id', 'row_version'])
  }
})
