import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Inspection } from '../../../src/cli/documents/inspection.js'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import { type Console, codesOf, createConsole, inspectionOf, tableOf } from './inspect-world.js'

const SCHEMA = `
create table tenants (id text primary key not null) strict;
create table orders (
  id integer primary key,
  tenant_id text not null references tenants (id),
  status text not null default 'open' check (status in ('open', 'it''s void')), -- check (status in ('no'))
  late_fee_cents integer not null check (late_fee_cents >= 0 /* and ) not this */),
  amount decimal(12,2) check ("amount" between 0 and 99.5),
  note text,
  card_number text,
  doubled integer generated always as (late_fee_cents * 2),
  version integer not null default 1
);
create index orders_tenant on orders (tenant_id);
create table pages (order_id integer not null references orders (id) on update cascade, page integer not null, primary key (order_id, page)) without rowid;
create table no_key (id integer, body text);
create table partial (id integer not null, live integer);
create unique index partial_id on partial (id) where live;
create table dated (id text primary key, org_id integer not null, updated_at text not null);
create table "odd name" (id integer primary key);
create table "esc\u001b[2J" (id integer primary key);
create table ${'n'.repeat(70)} (id integer primary key);
create view order_view as select id, tenant_id from orders;
create view broken_view as select id from gone;
create virtual table search using fts5(words);
create trigger touch after update on orders begin select 1; end;
`

let terminal: Console
let survey: Inspection
let file: string

beforeAll(async () => {
  terminal = createConsole({})
  file = join(terminal.folder, 'shop.db')
  const database = await openSqlite(file, { mode: 'create' })
  database.exec(SCHEMA)
  database.close()
  const empty = await openSqlite(join(terminal.folder, 'empty.db'), { mode: 'create' })
  empty.exec('pragma user_version = 1')
  empty.close()
  survey = inspectionOf(await terminal.run(['--path', 'shop.db', '--json']))
})

afterAll(() => terminal.close())

it('prints one document that its schema describes, and leaves the file as it is', async () => {
  const before = [readFileSync(file).toString('hex'), statSync(file).mtimeMs]
  const again = await terminal.run(['--engine', 'sqlite', '--path', 'shop.db', '--json'])
  expect(inspectionOf(again)).toEqual(survey)
  expect([readFileSync(file).toString('hex'), statSync(file).mtimeMs]).toEqual(before)
  expect(survey).toMatchObject({ engine: 'sqlite', database: null, from_env: null, path: 'shop.db', schema: null })
})

it('suggests key, tenant and version of a plain table', () => {
  const { key, tenant_keys, version_columns, columns, table } = tableOf(survey, 'orders')
  expect([key, tenant_keys.map(({ column }) => column)]).toEqual(['id', ['tenant_id']])
  expect(version_columns).toMatchObject([{ column: 'version', strength: 'exact', advance: 'integer' }])
  expect(columns.filter(({ is_untrusted }) => is_untrusted).map(({ column }) => column)).toEqual(['note'])
  expect(columns.filter(({ is_visible }) => !is_visible).map(({ column }) => column)).toEqual(['card_number'])
  expect(table.checks.map(({ expression }) => expression)).toEqual([
    "status in ('open', 'it''s void')",
    'late_fee_cents >= 0 /* and ) not this */',
    '"amount" between 0 and 99.5',
  ])
  expect(table.indexes).toEqual([['id'], ['tenant_id']])
})

describe('notes', () => {
  it.each([
    ['orders', ['CASCADES', 'TRIGGERS', 'GENERATED_COLUMNS', 'UNTRUSTED_TEXT', 'SECRET_COLUMNS']],
    ['pages', ['COMPOSITE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['no_key', ['NO_UNIQUE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN', 'UNTRUSTED_TEXT']],
    ['partial', ['NO_UNIQUE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['dated', ['TENANT_NOT_INDEXED', 'COARSE_VERSION']],
    ['odd name', ['NAME_NOT_PLAIN!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['n'.repeat(70), ['NAME_TOO_LONG!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['order_view', ['NOT_A_TABLE!']],
    ['broken_view', ['NOT_A_TABLE!', 'NO_TENANT_KEY']],
    ['search', ['NOT_A_TABLE!', 'NO_TENANT_KEY', 'GENERATED_COLUMNS']],
  ])('of %s', (table, codes) => {
    expect(codesOf(tableOf(survey, table))).toEqual(codes)
  })
})

it('shows limits from checks as they are written', async () => {
  const { out } = await terminal.run(['orders', '--path', 'shop.db'])
  expect(out).toMatch(/status +TEXT +read, propose +open \| it's void/)
  expect(out).toMatch(/late_fee_cents +INTEGER +read, propose +0\.\./)
  expect(out).toMatch(/amount +decimal\(12,2\) +read, propose +0\.\.99\.5/)
})

it('prints hostile names escaped', async () => {
  const { out } = await terminal.run(['--path', 'shop.db', '--all'])
  expect(out).toContain('esc\\u{1b}[2J')
  expect(out).not.toContain('\u001b')
})

it.each([
  ['a file that is not there', ['--path', 'nowhere.db'], 'SOURCE_UNAVAILABLE'],
  ['a file without tables', ['--path', 'empty.db'], 'NOT_FOUND'],
  ['another schema than main', ['--path', 'shop.db', '--schema', 'other'], 'NOT_FOUND'],
])('refuses %s', async (_, argv, code) => {
  const { exit_code, out, err } = await terminal.run(argv)
  expect([exit_code, out]).toEqual([1, ''])
  expect(err).toContain(`error ${code}:`)
})

it('reads no row: a table whose rows cannot be read is surveyed like any other', async () => {
  const broken = join(terminal.folder, 'broken.db')
  const database = await openSqlite(broken, { mode: 'create' })
  database.exec(
    "create table orders (id integer primary key, tenant_id text not null); insert into orders values (1, 'acme')",
  )
  const page = Number(database.prepare("select rootpage from sqlite_schema where name = 'orders'").get()?.rootpage)
  const size = Number(database.prepare('pragma page_size').get()?.page_size)
  database.close()
  const bytes = readFileSync(broken)
  writeFileSync(broken, bytes.fill(255, (page - 1) * size, page * size))
  const again = await openSqlite(broken, { mode: 'read' })
  expect(() => again.prepare('select * from orders').get()).toThrow()
  again.close()
  const surveyed = inspectionOf(await terminal.run(['--path', 'broken.db', '--json']))
  expect(tableOf(surveyed, 'orders')).toMatchObject({ key: 'id', tenant_keys: [{ column: 'tenant_id' }] })
})

it('writes the document to a file for its owner alone', async () => {
  await terminal.run(['--path', 'shop.db', '--output', 'inspection.json'])
  const written = join(terminal.folder, 'inspection.json')
  expect(JSON.parse(readFileSync(written, 'utf8'))).toEqual(survey)
  expect(statSync(written).mode & 0o777).toBe(0o600)
})
