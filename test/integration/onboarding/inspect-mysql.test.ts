import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Inspection } from '../../../src/cli/documents/inspection.js'
import { createMysqlWorld, type MysqlWorld } from '../../support/databases.js'
import { type Console, codesOf, createConsole, inspectionOf, tableOf } from './inspect-world.js'

const LONG = 'n'.repeat(64)

const SCHEMA = `
create table tenants (id char(36) primary key, name varchar(100) not null) engine = InnoDB;
create table orders (
  id bigint unsigned not null auto_increment primary key,
  tenant_id char(36) not null,
  status enum('open', 'it''s void') not null,
  state varchar(20) not null,
  late_fee_cents int not null,
  discount tinyint unsigned,
  amount decimal(12,2) not null,
  description text comment 'what \u001b[2Jpeople \u202ebuy',
  password_hash varchar(100),
  photo blob,
  doubled decimal(13,2) generated always as (amount * 2) stored,
  updated_at datetime(6) not null,
  constraint fees check (late_fee_cents between 0 and 10000),
  constraint states check (state in ('new', 'done')),
  index (tenant_id),
  foreign key (tenant_id) references tenants (id)
) engine = InnoDB;
create table pages (order_id bigint unsigned not null, page int not null, primary key (order_id, page),
  foreign key (order_id) references orders (id) on update cascade) engine = InnoDB;
create table isam (id int primary key, tenant_id varchar(20) not null) engine = MyISAM;
create table latin (id int primary key, tenant_id varchar(20) character set latin1 not null, key (tenant_id)) engine = InnoDB;
create table prefixed (code text not null, unique key (code(10))) engine = InnoDB;
create table nullable_unique (id int unique) engine = InnoDB;
create table coarse (id binary(16) primary key, number int not null unique, account_id bigint not null, updated_at datetime not null) engine = InnoDB;
create table touched (id int primary key, row_version int not null) engine = InnoDB;
create trigger touch before update on touched for each row set new.row_version = old.row_version + 1;
create table \`semi;colon\` (id int primary key) engine = InnoDB;
create table ${LONG} (${LONG} int primary key) engine = InnoDB;
create view order_view as select id, tenant_id from orders;
`

let world: MysqlWorld
let bare: MysqlWorld
let narrow: MysqlWorld
let unreadable: MysqlWorld
let terminal: Console
let survey: Inspection

beforeAll(async () => {
  world = await createMysqlWorld({ schemaSql: SCHEMA })
  bare = await createMysqlWorld({ schemaSql: 'create table unseen (id int primary key)', grants: () => 'select 1' })
  narrow = await createMysqlWorld({
    schemaSql: 'create table seen (id int primary key, secret int); create table unseen (id int primary key)',
    grants: ({ reader }) => `grant select on seen to ${reader}`,
  })
  unreadable = await createMysqlWorld({
    schemaSql: `create table invoices (id int primary key, tenant_id varchar(20) not null, fee int not null check (fee between 0 and 9))`,
    grants: ({ reader, database }) => `grant references on ${database}.* to ${reader}`,
  })
  terminal = createConsole({
    UNREAD_URL: unreadable.readerUrl,
    READ_URL: world.readerUrl,
    BARE_URL: bare.adminUrl.replace(/\/\/[^@]*@/, () => new URL(bare.readerUrl).href.match(/\/\/[^@]*@/)?.[0] ?? ''),
    ADMIN_URL: world.adminUrl,
    NARROW_URL: narrow.readerUrl,
  })
  survey = inspectionOf(await terminal.run(['--from-env', 'READ_URL', '--json']))
})

afterAll(async () => {
  terminal.close()
  for (const each of [world, bare, narrow, unreadable]) await each.drop()
})

it('prints one document that its schema describes, the same each time', async () => {
  const again = await terminal.run(['--engine', 'mysql', '--from-env', 'READ_URL', '--json'])
  expect(inspectionOf(again)).toEqual(survey)
  expect(survey).toMatchObject({ engine: 'mysql', from_env: 'READ_URL', schema: null })
})

it('suggests key, tenant and version of a plain table', () => {
  const { key, tenant_keys, version_columns, columns, table } = tableOf(survey, 'orders')
  expect([key, tenant_keys.map(({ column }) => column)]).toEqual(['id', ['tenant_id']])
  expect(version_columns).toMatchObject([{ column: 'updated_at', strength: 'exact', advance: 'timestamp' }])
  const hidden = columns.filter(({ is_visible }) => !is_visible).map(({ column }) => column)
  expect(hidden).toEqual(['password_hash', 'photo'])
  const fixed = columns.filter(({ is_writable, is_visible }) => is_visible && !is_writable).map(({ column }) => column)
  expect(fixed).toEqual(['id', 'tenant_id', 'doubled', 'updated_at'])
  expect(table.primary_key).toEqual(['id'])
  expect(table.foreign_keys).toMatchObject([
    { columns: ['tenant_id'], references: { table: 'tenants', columns: ['id'] } },
  ])
})

describe('notes', () => {
  it.each([
    ['orders', ['GENERATED_COLUMNS', 'UNTRUSTED_TEXT', 'SECRET_COLUMNS']],
    ['pages', ['COMPOSITE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['isam', ['NOT_TRANSACTIONAL!', 'TENANT_NOT_INDEXED', 'NO_VERSION_COLUMN']],
    ['latin', ['CHARSET!', 'NO_VERSION_COLUMN']],
    ['prefixed', ['NO_UNIQUE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['nullable_unique', ['NO_UNIQUE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['coarse', ['TENANT_NOT_INDEXED', 'COARSE_VERSION', 'SECRET_COLUMNS']],
    ['semi;colon', ['NAME_NOT_PLAIN!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    [LONG, ['NAME_TOO_LONG!', 'NAME_TOO_LONG!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['order_view', ['NOT_A_TABLE!']],
  ])('of %s', (table, codes) => {
    const isServers = (code: string) => code === 'NOT_DURABLE'
    expect(codesOf(tableOf(survey, table)).filter((code) => !isServers(code))).toEqual(codes)
  })
})

it('tells those who may do more than read what an update carries with it', async () => {
  const database = survey.database ?? ''
  const asAdmin = inspectionOf(await terminal.run(['--from-env', 'ADMIN_URL', '--schema', database, '--json']))
  expect(codesOf(tableOf(asAdmin, 'orders'))).toContain('CASCADES')
  expect(codesOf(tableOf(asAdmin, 'touched'))).toContain('TRIGGERS')
})

it('finds rows by another unique column where the primary key is of bytes', () => {
  expect(tableOf(survey, 'coarse')).toMatchObject({ key: 'number', tenant_keys: [{ column: 'account_id' }] })
})

it('shows limits from checks, enumerations and types', async () => {
  const { out } = await terminal.run(['orders', '--from-env', 'READ_URL'])
  expect(out).toMatch(/late_fee_cents +int\(11\) +read, propose +0\.\.10000/)
  expect(out).toMatch(/state +varchar\(20\) +read, propose +new \| done/)
  expect(out).toMatch(/status +\S.* +read, propose +open \| it's void/)
  expect(out).toMatch(/discount +tinyint\(3\) unsigned +read, propose +0\.\./)
})

it('prints a hostile comment escaped', async () => {
  const { out } = await terminal.run(['--from-env', 'READ_URL', '--json'])
  for (const hostile of ['\u001b', '\u202e']) expect(out).not.toContain(hostile)
  expect(tableOf(survey, 'orders').table.columns.find(({ name }) => name === 'description')?.comment).toBe(
    'what \u001b[2Jpeople \u202ebuy',
  )
})

it('surveys the same for a user who may read no row', async () => {
  const unread = inspectionOf(await terminal.run(['--from-env', 'UNREAD_URL', '--json']))
  const { key, tenant_keys, columns } = tableOf(unread, 'invoices')
  expect([key, tenant_keys[0]?.column, columns.length]).toEqual(['id', 'tenant_id', 3])
  const { out } = await terminal.run(['invoices', '--from-env', 'UNREAD_URL'])
  expect(out).toMatch(/fee +int\(11\) +read, propose +0\.\.9/)
})

it('surveys what the user has a right on, and no more', async () => {
  const seen = inspectionOf(await terminal.run(['--from-env', 'NARROW_URL', '--json']))
  expect(seen.tables.map(({ table }) => table.table)).toEqual(['seen'])
})

it('says what to do where the user is shown no table', async () => {
  const { exit_code, out, err } = await terminal.run(['--from-env', 'NARROW_URL', '--schema', 'mysql_nowhere'])
  expect([exit_code, out]).toEqual([1, ''])
  expect(err).toContain('error NOT_FOUND: There is no table in schema mysql_nowhere of NARROW_URL')
  expect(err).toContain('grant select to this user')
})

it('refuses a database that the user may not enter', async () => {
  const { exit_code, err } = await terminal.run(['--from-env', 'BARE_URL'])
  expect(exit_code).toBe(1)
  expect(err).toContain('error SOURCE_FORBIDDEN:')
  expect(err).toContain('grant it select')
})
