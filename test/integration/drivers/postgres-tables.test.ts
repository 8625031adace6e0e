import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GuardedUpdate } from '../../../src/drivers/driver.js'
import type { ColumnInfo } from '../../../src/sql/dialect.js'
import { renderMigrations } from '../../../src/sql/migrations.js'
import { oneStatement } from '../../../src/sql/postgres-update.js'
import {
  addRow,
  type CaseTable,
  changeOf,
  columnOf,
  literal,
  makeTable,
  readOf,
  readRow,
} from '../../../src/testing/driver-world.js'
import { openPostgresWorld, type PostgresDriverWorld } from './postgres-world.js'

let world: PostgresDriverWorld

beforeAll(async () => {
  world = await openPostgresWorld()
})

afterAll(async () => {
  await world?.close()
})

async function described(name: string, ...statements: readonly string[]): Promise<CaseTable> {
  for (const statement of statements) await world.sql(statement)
  const ref = { schema: 'public', table: name }
  await world.admit(ref)
  return { world, ref, info: await world.driver.describe(ref, { fresh: true }) }
}

async function plan(text: string, values: readonly (string | null)[]): Promise<string> {
  await world.sql('deallocate all')
  const types = values.map(() => 'unknown').join(', ')
  await world.sql(`prepare asked${values.length > 0 ? ` (${types})` : ''} as ${text}`)
  await world.sql('set plan_cache_mode = force_generic_plan')
  const lines = await world.sql(`explain execute asked(${values.map(literal).join(', ')})`)
  return lines.map(([line]) => line).join('\n')
}

describe('finding a row', () => {
  const keys: readonly (readonly [type: string, key: string])[] = [
    ['text', 'INV-77'],
    ['text collate loose', 'INV-77'],
    ['varchar(40)', 'INV-77'],
    ['char(10)', 'INV-77'],
    ['bigint', '77'],
    ['integer', '77'],
    ['numeric(10,0)', '77'],
    ['date', '2000-03-18'],
    ['uuid', '00000000-0000-0000-0000-000000000077'],
  ]

  it.each(keys)('by %s uses the index, in a read and in an update', async (type, key) => {
    const name = `by_${type.replace(/\W+/g, '_')}`
    const made: Readonly<Record<string, string>> = {
      date: `date '2000-01-01' + i`,
      uuid: `('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid`,
    }
    const value = made[type] ?? (/char|text/.test(type) ? `'INV-' || i` : 'i')
    const table = await described(
      name,
      `create table ${name} (id ${type} primary key, tenant_id text not null, note text)`,
      `insert into ${name} select ${value}, 'acme', 'old' from generate_series(1, 20000) i`,
      `analyze ${name}`,
    )
    const read = readOf(table)
    const bound = read.bind({ key, tenant: 'acme' })
    expect(bound).toBeDefined()
    expect(await plan(read.text, bound ?? [])).toMatch(/Index Scan/)

    const note = columnOf(table.info, 'note')
    const shape = {
      table: table.ref,
      receipts: world.receipts,
      key: columnOf(table.info, 'id'),
      tenant: columnOf(table.info, 'tenant_id'),
      before: [note],
      after: [note],
      version: null,
    }
    const shown = await plan(oneStatement(shape), ['k', 'h', 'a', '{1}', key, 'acme', 'old', 'new'])
    expect(shown).toMatch(/Index Scan/)
    expect(shown).not.toMatch(/Seq Scan on by_/)

    const found = await world.driver.read(read, bound ?? [])
    expect(found.map(({ id }) => id?.text)).toEqual([key])
    expect(await world.driver.update(await changeOf(table, key, { set: { note: 'new' } }))).toMatchObject({
      outcome: 'applied',
    })
  })

  it('by a column whose values have no one spelling is refused', async () => {
    const { info, ref } = await described(
      'by_float',
      'create table by_float (id double precision primary key, note text)',
    )
    const key = columnOf(info, 'id')
    const read = () => world.driver.dialect.scopedRead({ table: ref, columns: [key], key, order_by: key, limit: 1 })
    expect(read).toThrow(expect.objectContaining({ code: 'PRECONDITION_FAILED' }))
  })
})

describe('what the database does to a row on its way', () => {
  async function triggered(name: string, body: string, kind: string): Promise<CaseTable> {
    return described(
      name,
      `create table ${name} (id text primary key, tenant_id text not null, note text, other text default 'kept')`,
      `create function ${name}_f() returns trigger language plpgsql as $$ begin ${body} end $$`,
      `create ${kind} on ${name} ${kind.startsWith('constraint') ? 'deferrable initially deferred ' : ''}for each row execute function ${name}_f()`,
      `insert into ${name} (id, tenant_id, note) values ('INV-1', 'acme', 'old')`,
    )
  }
  const meddling = `if pg_trigger_depth() = 1 then update TABLE set note = 'meddled' where id = new.id; end if; return null;`
  const image = { outcome: 'failed', code: 'AFTER_IMAGE_MISMATCH', columns: ['note'] }

  it.each([
    ['an AFTER trigger that changes it again', meddling, 'trigger x after update', image],
    [
      'a deferred constraint trigger that changes it at the commit',
      meddling,
      'constraint trigger x after update',
      image,
    ],
    [
      'a trigger that drops the update',
      'return null;',
      'trigger x before update',
      { outcome: 'failed', code: 'ROW_COUNT' },
    ],
    [
      'a trigger that refuses in its own words',
      `raise exception 'no' using errcode = 'BL001';`,
      'trigger x before update',
      { outcome: 'failed', code: 'CONSTRAINT_VIOLATION' },
    ],
    [
      'a trigger that changes another row only',
      `update TABLE set other = 'seen' where id = 'none'; return new;`,
      'trigger x before update',
      { outcome: 'applied' },
    ],
  ])('is seen: %s', async (label, body, kind, expected) => {
    const name = `t_${label.replace(/\W+/g, '_').slice(0, 40).toLowerCase()}`
    const table = await triggered(name, body.replace('TABLE', name), kind)
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
    expect(await world.driver.update(change)).toMatchObject(expected)
    expect((await readRow(table, 'INV-1')).note?.text).toBe(expected.outcome === 'applied' ? 'new' : 'old')
  })

  it('is seen: a trigger that does something else since the table was described', async () => {
    const table = await triggered('reworked', 'return new;', 'trigger x before update')
    expect(await world.driver.update(await changeOf(table, 'INV-1', { set: { note: 'old' } }))).toMatchObject({
      outcome: 'applied',
    })
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
    await world.sql(`create or replace function reworked_f() returns trigger language plpgsql
      as $$ begin perform 1; return new; end $$`)
    expect(await world.driver.update(change)).toEqual({ outcome: 'drift' })
    expect((await readRow(table, 'INV-1')).note?.text).toBe('old')
  })

  it('is seen: a rule that does something else instead', async () => {
    const table = await described(
      'ruled',
      `create table ruled (id text primary key, tenant_id text not null, note text)`,
      `create rule r as on update to ruled do instead nothing`,
      `insert into ruled values ('INV-1', 'acme', 'old')`,
    )
    expect(table.info.has_triggers).toBe(true)
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
    expect(await world.driver.update(change)).toEqual({ outcome: 'failed', code: 'ROW_COUNT' })
  })

  it('may recompute generated columns', async () => {
    const table = await described(
      'computed',
      `create table computed (id text primary key, tenant_id text not null, note text, loud text generated always as (upper(note)) stored)`,
      `create function computed_f() returns trigger language plpgsql as $$ begin return new; end $$`,
      `create trigger x before update on computed for each row execute function computed_f()`,
      `insert into computed values ('INV-1', 'acme', 'old')`,
    )
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
    expect(await world.driver.update(change)).toMatchObject({ outcome: 'applied' })
    expect((await readRow(table, 'INV-1')).loud?.text).toBe('NEW')
    expect(world.driver.dialect.toColumn(columnOf(table.info, 'loud'), 'x').ok).toBe(false)
  })

  it('refuses a deferred foreign key at the commit', async () => {
    const table = await described(
      'child',
      `create table parent (id text primary key)`,
      `create table child (id text primary key, tenant_id text not null, parent text references parent deferrable initially deferred)`,
      `insert into child values ('INV-1', 'acme', null)`,
    )
    const change = await changeOf(table, 'INV-1', { set: { parent: 'none' } })
    expect(await world.driver.update(change)).toEqual({ outcome: 'failed', code: 'CONSTRAINT_VIOLATION' })
    expect((await readRow(table, 'INV-1')).parent?.text).toBeNull()
  })
})

describe('a change that waits for another one', () => {
  it('is applied when the other touched neither the version nor what was reviewed', async () => {
    const table = await makeTable(world, { note: 'text', other: 'text', version: 'integer' })
    await addRow(table, 'INV-1', { note: 'old', other: 'old', version: 1 })
    const version = { column: 'version', advance: 'integer' } as const
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, version })
    await world.sql('begin')
    await world.sql(`update ${table.ref.table} set other = 'new' where id = 'INV-1'`)
    const waiting = world.driver.update(change)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await world.sql('commit')

    expect(await waiting).toEqual({ outcome: 'applied', previous_version: '1', new_version: '2' })
    const row = await readRow(table, 'INV-1')
    expect([row.note?.text, row.other?.text]).toEqual(['new', 'new'])
  })

  it('is a conflict when the other moved the version on', async () => {
    const table = await makeTable(world, { note: 'text', version: 'integer' })
    await addRow(table, 'INV-1', { note: 'old', version: 1 })
    const version = { column: 'version', advance: 'integer' } as const
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' }, version })
    await world.sql('begin')
    await world.sql(`update ${table.ref.table} set version = 2 where id = 'INV-1'`)
    const waiting = world.driver.update(change)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await world.sql('commit')
    expect(await waiting).toEqual({ outcome: 'conflict', current_version: '2' })
  })

  it('tries again when the server picked it to end a deadlock', async () => {
    const table = await makeTable(world, { note: 'text' })
    await addRow(table, 'INV-1', { note: 'old' })
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
    const key = change.receipt?.key ?? ''
    // The update holds the row and waits for the key; the other holds the key and waits for the row.
    await world.sql(`set deadlock_timeout = '10s'`)
    await world.sql('begin')
    await world.sql(
      `insert into synapsor_writeback_receipts (key, kind, proposal_hash, anchor) values (${literal(key)}, 'tombstone', 'h', 'a')`,
    )
    const waiting = world.driver.update(change)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await world.sql(`update ${table.ref.table} set note = 'old' where id = 'INV-1'`)
    await world.sql('rollback')
    expect(await waiting).toMatchObject({ outcome: 'applied' })
  })
})

describe('a table that cannot be written safely', () => {
  const columns = `id text not null, tenant_id text not null, note text`
  it.each([
    ['parted', [`create table parted (${columns}, primary key (id)) partition by hash (id)`], 'NOT_A_TABLE'],
    [
      'heir_parent',
      [`create table heir_parent (${columns}, primary key (id))`, `create table heir () inherits (heir_parent)`],
      'NOT_A_TABLE',
    ],
    [
      'partial',
      [`create table partial (${columns})`, `create unique index on partial (id) where note is null`],
      'NO_UNIQUE_KEY',
    ],
    [
      'expressed',
      [`create table expressed (${columns})`, `create unique index on expressed (lower(id))`],
      'NO_UNIQUE_KEY',
    ],
    ['nullable', [`create table nullable (id text unique, tenant_id text, note text)`], 'NO_UNIQUE_KEY'],
  ])('is described and refused: %s', async (name, statements, code) => {
    const table = await described(name, ...statements)
    expect(table.info.problems).toContainEqual(expect.objectContaining({ severity: 'refuse', code }))
    const text = (text: string) => ({ type: 'text', text })
    const change: GuardedUpdate = {
      receipt: null,
      table: table.info,
      key: { column: 'id', value: text('INV-1') },
      tenant: { column: 'tenant_id', value: text('acme') },
      before: [],
      after: [{ column: 'note', value: text('new') }],
      version: null,
      dry_run: false,
    }
    await expect(world.driver.update(change)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
  })

  it('is refused by a key that more than one row may have', async () => {
    const table = await described(
      'by_code',
      `create table by_code (id text not null, tenant_id text not null, note text, number bigint primary key)`,
      `insert into by_code values ('INV-1', 'acme', 'old', 1)`,
    )
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
    await expect(world.driver.update(change)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
    expect((await readRow(table, 'INV-1')).note?.text).toBe('old')
  })

  it('takes a key of tenant and id together', async () => {
    const table = await described('pairs', `create table pairs (${columns}, primary key (tenant_id, id))`)
    await addRow(table, 'INV-1', { note: 'old' })
    await addRow(table, 'INV-1', { note: 'theirs', tenant_id: 'other' })
    expect(await world.driver.update(await changeOf(table, 'INV-1', { set: { note: 'new' } }))).toMatchObject({
      outcome: 'applied',
    })
    expect((await readRow(table, 'INV-1', 'other')).note?.text).toBe('theirs')
  })

  it('is refused where row security does not bind the writer', async () => {
    const { writerName } = world
    const table = await described(
      'secured',
      `create table secured (${columns}, primary key (id))`,
      `insert into secured values ('INV-1', 'acme', 'old')`,
    )
    await world.sql(`grant create on schema public to ${writerName}`)
    await world.sql(`alter table secured owner to ${writerName}`)
    await world.sql(`alter table secured enable row level security`)
    await world.sql(`create policy all_rows on secured using (true)`)
    const owned = { ...table, info: await world.driver.describe(table.ref, { fresh: true }) }
    const change = await changeOf(owned, 'INV-1', { set: { note: 'new' } })
    await expect(world.driver.update(change)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })

    await world.sql(`alter table secured force row level security`)
    const forced = { ...table, info: await world.driver.describe(table.ref, { fresh: true }) }
    expect(await world.driver.update(await changeOf(forced, 'INV-1', { set: { note: 'new' } }))).toMatchObject({
      outcome: 'applied',
    })
  })

  it('is refused receipts that a trigger could drop', async () => {
    const table = await makeTable(world, { note: 'text' })
    await addRow(table, 'INV-1', { note: 'old' })
    const receipts = { schema: 'public', table: 'odd_receipts' }
    await world.sql(String(renderMigrations('postgres', { receipts, tables: [], reader: 'r', writer: 'w' }).receipts))
    await world.sql(`create function drop_it() returns trigger language plpgsql as $$ begin return null; end $$`)
    await world.sql(`create trigger x before insert on odd_receipts for each row execute function drop_it()`)
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
    const odd = { ...change, receipt: change.receipt && { ...change.receipt, table: receipts } }
    await expect(world.driver.update(odd)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
  })
})

describe('columns of every kind', () => {
  it('are described with their limits', async () => {
    const { info } = await described(
      'kinds',
      `create type mood as enum ('sad', 'glad')`,
      `create domain cents as bigint check (value >= 0)`,
      `create table kinds (id bigint primary key generated always as identity, small smallint, price numeric(8,3),
        free numeric, rounded numeric(4,-2), code char(3), label varchar(7), at timestamptz(3), wall timestamp, feeling mood, amount cents,
        doc jsonb, raw bytea, list int[], note text not null)`,
    )
    const facts = [...info.columns.values()].map(({ name, kind, nullable, generated, ...more }: ColumnInfo) => {
      const { precision, scale, max_length, fraction_digits, labels } = more
      return [name, kind, { nullable, generated, precision, scale, max_length, fraction_digits, labels }] as const
    })
    const defaults = { nullable: true, generated: false }
    expect(facts).toEqual([
      ['id', 'integer', { nullable: false, generated: true }],
      ['small', 'integer', defaults],
      ['price', 'decimal', { ...defaults, precision: 8, scale: 3 }],
      ['free', 'decimal', defaults],
      ['rounded', 'other', { ...defaults, precision: 4, scale: -2 }],
      ['code', 'text', { ...defaults, max_length: 3 }],
      ['label', 'text', { ...defaults, max_length: 7 }],
      ['at', 'timestamp', { ...defaults, fraction_digits: 3 }],
      ['wall', 'datetime', { ...defaults, fraction_digits: 6 }],
      ['feeling', 'enum', { ...defaults, labels: ['sad', 'glad'] }],
      ['amount', 'integer', defaults],
      ['doc', 'json', defaults],
      ['raw', 'binary', defaults],
      ['list', 'other', defaults],
      ['note', 'text', { nullable: false, generated: false }],
    ])
  })

  it('are written as they were reviewed: enum, domain, coarse time, float', async () => {
    const table = await described(
      'odd_kinds',
      `create type light as enum ('red', 'green')`,
      `create domain positive as numeric(6,2) check (value > 0)`,
      `create table odd_kinds (id text primary key, tenant_id text not null, light light, amount positive, at timestamptz(3), ratio real, wide double precision, doc json)`,
      `insert into odd_kinds (id, tenant_id) values ('INV-1', 'acme')`,
    )
    const set = {
      light: 'green',
      amount: '1.50',
      at: '2026-01-01T00:00:00.120Z',
      ratio: 0.1,
      wide: 1e15,
      doc: '{"b": 1.10}',
    }
    const version = { column: 'at', advance: 'timestamp' } as const
    expect(await world.driver.update(await changeOf(table, 'INV-1', { set }))).toMatchObject({ outcome: 'applied' })
    const row = await readRow(table, 'INV-1')
    expect(row.doc?.text).toBe('{"b": 1.10}')
    expect([row.at?.text, row.ratio?.text, row.wide?.text]).toEqual(['2026-01-01 00:00:00.12+00', '0.1', '1e+15'])

    await world.sql(`update odd_kinds set at = '2099-01-01 00:00:00.5+00'`)
    const next = await world.driver.update(await changeOf(table, 'INV-1', { set: { light: 'red' }, version }))
    expect(next).toMatchObject({ outcome: 'applied', new_version: '2099-01-01 00:00:00.501+00' })

    const negative = await changeOf(table, 'INV-1', { set: { amount: '-1.00' } })
    expect(await world.driver.update(negative)).toEqual({ outcome: 'failed', code: 'CONSTRAINT_VIOLATION' })
  })

  it('spells floats as the server does', async () => {
    const { info } = await described(
      'floats',
      `create table floats (id text primary key, wide double precision, narrow real)`,
    )
    const values = Array.from({ length: 400 }, (_, i) => (Math.random() - 0.5) * 10 ** ((i % 40) - 25))
    const wide = columnOf(info, 'wide')
    for (const value of [...values, 0, 1, -1, 0.5, 1e15, 1e14, 123456789012345, 1e-4, 1e-5, 5e-324]) {
      const spelled = world.driver.dialect.toColumn(wide, value)
      const [[server] = []] = await world.sql(`select (${literal(String(value))}::float8)::text`)
      expect(spelled).toMatchObject({ ok: true, value: { text: server } })
    }
    const narrow = columnOf(info, 'narrow')
    for (const value of [0.1, 1.5, 100000, 999999, 1e6, 16777216, 1e-5]) {
      const spelled = world.driver.dialect.toColumn(narrow, value)
      const [[server] = []] = await world.sql(`select (${literal(String(value))}::float4)::text`)
      expect(spelled).toMatchObject({ ok: true, value: { text: server } })
    }
    expect(world.driver.dialect.toColumn(narrow, 0.123456789).ok).toBe(false)
    expect(world.driver.dialect.toColumn(wide, 2 ** 53 + 2).ok).toBe(false)
  })
})
