import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Inspection } from '../../../src/cli/documents/inspection.js'
import { createPostgresWorld, type PostgresWorld } from '../../support/databases.js'
import { type Console, codesOf, createConsole, inspectionOf, tableOf } from './inspect-world.js'

const LONG = 'n'.repeat(63)

const SCHEMA = `
create type order_status as enum ('open', 'paid', 'it''s void');
create domain cents as integer not null check (value >= 0) check (value <= 500000);
create table tenants (id uuid primary key, name text not null);
create table orders (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references tenants (id),
  status order_status not null default 'open',
  state varchar(20) not null check (state in ('new', 'done')),
  late_fee_cents integer not null check (late_fee_cents >= 0 and late_fee_cents <= 10000),
  fee cents,
  amount numeric(12,2) not null check (amount between 0 and 99.5),
  subject text,
  api_token text,
  photo bytea,
  total numeric generated always as (amount * 2) stored,
  updated_at timestamptz not null default now()
);
create index on orders (tenant_id);
comment on table orders is E'what \\u001b[2Jpeople \\u202ebuy';
create table lines (
  order_id bigint not null references orders (id) on update cascade,
  line integer not null,
  primary key (order_id, line)
);
create table pairs (tenant_id text not null, id text not null, version integer not null, primary key (tenant_id, id));
create table no_key (id integer, note text);
create unique index nullable_unique on no_key (id);
create table partial (id integer not null, is_live boolean);
create unique index on partial (id) where is_live;
create table folded (name text not null);
create unique index on folded (lower(name));
create table coarse (id uuid primary key, org_id bigint not null, updated_at timestamptz(0) not null);
create table "Mixed" ("Id" integer primary key, "tenantId" text not null, "odd name" text, "Versão" text);
create table "semi;colon" (id integer primary key);
create table "esc\u001b[2J\u202e" (id integer primary key, "col\u202e" text);
create table "${LONG}" ("${LONG}" integer primary key);
create view order_view as select id, tenant_id from orders;
create materialized view order_totals as select count(*) as total from orders;
create table events (id bigint not null, at timestamptz not null, primary key (id, at)) partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create table parent (id integer primary key);
create table child () inherits (parent);
create table guarded (id integer primary key, tenant_id text not null);
alter table guarded enable row level security;
create table forced (id integer primary key, tenant_id text not null);
alter table forced enable row level security, force row level security;
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch_it before update on guarded for each row execute function touch();
create unlogged table scratch (id integer primary key);
create foreign data wrapper nowhere;
create server elsewhere foreign data wrapper nowhere;
create foreign table remote (id integer not null) server elsewhere;
create table odd_key ("odd id" integer primary key);
create table bytes_key (id bytea primary key);
create schema sales;
create table sales.orders (id integer primary key);
create schema hollow;
`

let world: PostgresWorld
let terminal: Console
let survey: Inspection

beforeAll(async () => {
  world = await createPostgresWorld({ schemaSql: SCHEMA })
  terminal = createConsole({ READ_URL: world.readerUrl, ADMIN_URL: world.adminUrl, BLANK: '  ' })
  survey = inspectionOf(await terminal.run(['--from-env', 'READ_URL', '--json']))
})

afterAll(async () => {
  terminal.close()
  await world.drop()
})

it('prints one document that its schema describes, the same each time', async () => {
  const again = await terminal.run(['--engine', 'postgres', '--from-env', 'READ_URL', '--json'])
  expect(again.err).toBe('')
  expect(inspectionOf(again)).toEqual(survey)
  expect(survey).toMatchObject({ engine: 'postgres', from_env: 'READ_URL', path: null, schema: null })
  const names = survey.tables.map(({ table }) => `${table.schema}.${table.table}`)
  expect(names).toEqual([...names].sort())
})

it('surveys the same for a role that may read no table as for the owner', async () => {
  const { rows } = await world.admin.query<{ readable: number }>(
    `select count(*)::integer as readable from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'sales') and c.relkind = 'r' and has_table_privilege('${world.readerName}', c.oid, 'select')`,
  )
  expect(rows[0]?.readable).toBe(0)
  const asOwner = inspectionOf(await terminal.run(['--from-env', 'ADMIN_URL', '--json']))
  expect(asOwner.tables).toEqual(survey.tables)
})

it('suggests key, tenant and version of a plain table, and says why', () => {
  const { key, tenant_keys, version_columns, columns } = tableOf(survey, 'orders')
  expect(key).toBe('id')
  expect(tenant_keys).toEqual([
    { column: 'tenant_id', why: 'is named like a tenant, refers to one, is never NULL and is indexed' },
  ])
  expect(version_columns).toMatchObject([{ column: 'updated_at', strength: 'exact', advance: 'timestamp' }])
  const by = Object.fromEntries(columns.map((column) => [column.column, column]))
  expect(by.api_token).toMatchObject({ is_visible: false, is_writable: false })
  expect(by.photo).toMatchObject({ is_visible: false, why: 'holds bytes' })
  expect(by.total).toMatchObject({ is_visible: true, is_writable: false })
  expect(by.subject).toMatchObject({ is_untrusted: true, is_writable: true })
  expect(by.status).toMatchObject({ is_untrusted: false, is_writable: true })
  expect(by.id).toMatchObject({ role: 'key', is_writable: false })
})

describe('notes', () => {
  it.each([
    ['pairs', []],
    ['lines', ['COMPOSITE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['no_key', ['NO_UNIQUE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN', 'UNTRUSTED_TEXT']],
    ['partial', ['NO_UNIQUE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['folded', ['NO_UNIQUE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN', 'UNTRUSTED_TEXT']],
    ['coarse', ['TENANT_NOT_INDEXED', 'COARSE_VERSION']],
    ['orders', ['CASCADES', 'GENERATED_COLUMNS', 'UNTRUSTED_TEXT', 'SECRET_COLUMNS']],
    ['semi;colon', ['NAME_NOT_PLAIN!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    [LONG, ['NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['order_view', ['NOT_A_TABLE!']],
    ['order_totals', ['NOT_A_TABLE!', 'NO_TENANT_KEY']],
    ['events', ['NOT_A_TABLE!', 'NO_TENANT_KEY']],
    ['events_2026', ['COMPOSITE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['parent', ['NOT_A_TABLE!', 'NO_TENANT_KEY']],
    ['guarded', ['TENANT_NOT_INDEXED', 'NO_VERSION_COLUMN', 'ROW_SECURITY', 'TRIGGERS']],
    ['forced', ['TENANT_NOT_INDEXED', 'NO_VERSION_COLUMN', 'ROW_SECURITY']],
    ['scratch', ['NOT_DURABLE', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['remote', ['NOT_A_TABLE!', 'NO_TENANT_KEY']],
    ['odd_key', ['NAME_NOT_PLAIN', 'NAME_NOT_PLAIN!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN']],
    ['bytes_key', ['NO_UNIQUE_KEY!', 'NO_TENANT_KEY', 'NO_VERSION_COLUMN', 'SECRET_COLUMNS']],
  ])('of %s', (table, codes) => {
    expect(codesOf(tableOf(survey, table))).toEqual(codes)
  })
})

it('finds rows by the second column of a key within a tenant', () => {
  expect(tableOf(survey, 'pairs')).toMatchObject({
    key: 'id',
    tenant_keys: [{ column: 'tenant_id' }],
    version_columns: [{ column: 'version', advance: 'integer' }],
  })
})

it('takes names in capitals, and leaves out those that a contract cannot hold', () => {
  const { key, tenant_keys, columns } = tableOf(survey, 'Mixed')
  expect([key, tenant_keys[0]?.column]).toEqual(['Id', 'tenantId'])
  expect(columns.filter(({ is_visible }) => !is_visible).map(({ column }) => column)).toEqual(['odd name', 'Versão'])
})

it('tells kinds and row security', () => {
  const kinds = ['order_view', 'order_totals', 'events', 'remote', 'orders'].map(
    (name) => tableOf(survey, name).table.kind,
  )
  expect(kinds).toEqual(['view', 'materialized_view', 'partitioned', 'foreign', 'table'])
  expect(['guarded', 'forced', 'orders'].map((name) => tableOf(survey, name).table.row_security)).toEqual([
    'enabled',
    'forced',
    'none',
  ])
})

describe('for people', () => {
  it('lists the tables with what could be key, tenant and version', async () => {
    const { out, exit_code } = await terminal.run(['--from-env', 'READ_URL'])
    expect(exit_code).toBe(0)
    expect(out).toMatch(/public\.orders +id +tenant_id +updated_at +CASCADES/)
    expect(out).toMatch(/public\.lines +- +- +- +COMPOSITE_KEY/)
  })

  it('shows all about one table, with its limits', async () => {
    const { out } = await terminal.run(['--from-env', 'READ_URL', '--table', 'public.orders'])
    expect(out).toMatch(/late_fee_cents +integer +read, propose +0\.\.10000/)
    expect(out).toMatch(/fee +cents +read, propose +0\.\.500000/)
    expect(out).toMatch(/amount +numeric\(12,2\) +read, propose +0\.\.99\.5/)
    expect(out).toMatch(/state +character varying\(20\) +read, propose +new \| done/)
    expect(out).toMatch(/status +order_status +read, propose +open \| paid \| it's void/)
  })

  it('prints hostile names and comments escaped', async () => {
    for (const argv of [['--all'], ['--table', 'public.orders'], ['--table', 'esc\u001b[2J\u202e']]) {
      const { out, err } = await terminal.run(['--from-env', 'READ_URL', ...argv])
      expect(out).toContain('\\u{1b}[2J')
      for (const hostile of ['\u001b', '\u202e']) expect(out + err).not.toContain(hostile)
    }
    const { out } = await terminal.run(['--from-env', 'READ_URL', '--json'])
    for (const hostile of ['\u001b', '\u202e']) expect(out).not.toContain(hostile)
  })

  it.each([80, 120])('fits %i columns', async (columns) => {
    for (const argv of [['--all'], ['--table', 'public.orders']]) {
      const { out } = await terminal.run(['--from-env', 'READ_URL', ...argv], { columns })
      expect(out.split('\n').filter((line) => line.length > columns)).toEqual([])
    }
  })
})

describe('where it cannot', () => {
  it.each([
    ['an empty schema', ['--from-env', 'READ_URL', '--schema', 'hollow'], 'NOT_FOUND', /no table in schema hollow/],
    [
      'a schema that is not there',
      ['--from-env', 'READ_URL', '--schema', 'nowhere'],
      'NOT_FOUND',
      /no table in schema nowhere/,
    ],
    ['a table that is not there', ['--from-env', 'READ_URL', '--table', 'ORDERS_'], 'NOT_FOUND', /no such table/],
    [
      'a table of several schemas',
      ['--from-env', 'READ_URL', '--table', 'orders'],
      'NOT_FOUND',
      /public\.orders, sales\.orders/,
    ],
    ['a variable that is not set', ['--from-env', 'UNSET_URL'], 'ENV_MISSING', /UNSET_URL/],
    ['a blank variable', ['--from-env', 'BLANK'], 'ENV_MISSING', /BLANK/],
  ])('says so of %s', async (_, argv, code, words) => {
    const { exit_code, out, err } = await terminal.run(argv)
    expect([exit_code, out]).toEqual([1, ''])
    expect(err).toContain(`error ${code}:`)
    expect(err).toMatch(words)
  })
})
