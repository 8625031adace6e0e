import { describe, expect, it } from 'vitest'
import type { ColumnInfo, ColumnKind } from '../../../src/sql/dialect.js'
import { postgresDialect } from '../../../src/sql/postgres.js'
import { createReceipts, grants } from '../../../src/sql/postgres-receipts.js'
import { bindOneStatement, guardedColumns, oneStatement, type UpdateShape } from '../../../src/sql/postgres-update.js'

function column(name: string, kind: ColumnKind, more: Partial<ColumnInfo> = {}): ColumnInfo {
  return { name, type: kind, kind, nullable: true, generated: false, ...more }
}

const id = column('id', 'integer', { type: 'bigint', minimum: '-9223372036854775808', maximum: '9223372036854775807' })
const tenant = column('tenant_id', 'text', { type: 'text' })
const code = column('code', 'text', { type: 'character(3)', cast: 'bpchar', blank_padded: true })
const fee = column('fee', 'decimal', { type: 'numeric(12,2)', cast: 'numeric', precision: 12, scale: 2 })
const at = column('updated_at', 'timestamp', { type: 'timestamp with time zone', fraction_digits: 6 })
const ref = { schema: 'billing', table: 'invoices' }
const receipts = { schema: 'public', table: 'synapsor_writeback_receipts' }

describe('names', () => {
  it('are quoted whatever they hold', () => {
    expect(postgresDialect.quote('a"b')).toBe('"a""b"')
    expect(postgresDialect.table({ table: 'invoices' })).toBe('"public"."invoices"')
  })

  it.each(['', 'x'.repeat(64), 'ä'.repeat(32), 'a\0b'])('are refused where the server would cut them: %j', (name) => {
    expect(() => postgresDialect.quote(name)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})

describe('a scoped read', () => {
  const shape = { table: ref, columns: [id, fee], key: id, tenant, order_by: id, limit: 2 }

  it('compares key and tenant by value and by bytes, and reads texts', () => {
    expect(postgresDialect.scopedRead(shape).text).toBe(
      'select t."id"::text, t."fee"::text from "billing"."invoices" t ' +
        'where t."id" = $1::text::bigint and t."id"::text collate "C" = $1::text ' +
        'and t."tenant_id" = $2::text and t."tenant_id"::text collate "C" = $2::text order by t."id" limit 2',
    )
  })

  it('binds what a row can have, and nothing else', () => {
    const { bind } = postgresDialect.scopedRead(shape)
    expect(bind({ key: '7', tenant: 'acme' })).toEqual(['7', 'acme'])
    for (const key of ['07', ' 7', '7.0', '9223372036854775808', '', 'x']) {
      expect(bind({ key, tenant: 'acme' })).toBeUndefined()
    }
    expect(bind({ key: '7', tenant: 'a\u0000' })).toBeUndefined()
    expect(bind({ key: '7' })).toBeUndefined()
    expect(bind({ tenant: 'acme' })).toBeUndefined()
  })

  it('lists all rows of a tenant', () => {
    const { text, bind } = postgresDialect.scopedRead({ table: ref, columns: [id], tenant, order_by: id, limit: 50 })
    expect(text).toMatch(/where t\."tenant_id" = \$1::text and .* order by t\."id" limit 50$/)
    expect(bind({ tenant: 'acme' })).toEqual(['acme'])
  })

  it('casts a padded key to its own type, without cutting it', () => {
    const { text } = postgresDialect.scopedRead({ table: ref, columns: [code], key: code, order_by: code, limit: 1 })
    expect(text).toContain('t."code" = $1::text::bpchar and')
  })

  it('is refused by a column whose values have more than one text', () => {
    const ratio = column('ratio', 'float', { type: 'double precision' })
    const read = () => postgresDialect.scopedRead({ table: ref, columns: [id], key: ratio, order_by: id, limit: 1 })
    expect(read).toThrow(expect.objectContaining({ code: 'PRECONDITION_FAILED' }))
  })
})

describe('an update in one statement', () => {
  const shape: UpdateShape = {
    table: ref,
    receipts,
    key: id,
    tenant,
    before: [fee],
    after: [fee],
    version: { column: at, advance: 'timestamp' },
  }

  it('names every value once, in one order', () => {
    const text = oneStatement(shape)
    const values = bindOneStatement(shape, {
      receipt: { key: 'k', proposal_hash: 'h', anchor: 'a' },
      identity: '{1}',
      key: '7',
      tenant: 'acme',
      version: 'v',
      before: ['1.00'],
      after: [null],
    })
    expect(values).toEqual(['k', 'h', 'a', '{1}', '7', 'acme', 'v', '1.00', null])
    const places = new Set(text.match(/\$\d+/g))
    expect([...places].map((place) => Number(place.slice(1))).sort((a, b) => a - b)).toEqual(
      values.map((_, i) => i + 1),
    )
  })

  it('locks, guards, checks and leaves a receipt, each in its place', () => {
    const text = oneStatement(shape)
    expect(text).toContain('for update')
    expect(text).toContain('from only "billing"."invoices" t')
    expect(text).toContain('t."tenant_id"::text collate "C" = $6::text')
    expect(text).toContain('t."updated_at"::text collate "C" is not distinct from $7::text')
    expect(text).toContain('t."fee"::text collate "C" is not distinct from $8::text')
    expect(text).toContain(`greatest(clock_timestamp(), t."updated_at" + interval '0.000001 second')`)
    expect(text).toContain('insert into "public"."synapsor_writeback_receipts"')
    expect(text).toContain('pg_trigger')
  })

  it('has no part for what is not there', () => {
    const bare: UpdateShape = { ...shape, receipts: null, tenant: null, version: null, before: [] }
    const text = oneStatement(bare)
    expect(text).not.toMatch(/synapsor|tenant_id|updated_at/)
    const nothing = { receipt: null, tenant: null, version: null, before: [] }
    expect(bindOneStatement(bare, { ...nothing, identity: '{1}', key: '7', after: ['2.00'] })).toEqual([
      '{1}',
      '7',
      '2.00',
    ])
  })

  it('checks the type of each column once', () => {
    expect(guardedColumns(shape).map(({ name }) => name)).toEqual(['id', 'tenant_id', 'updated_at', 'fee'])
  })

  it.each([
    ['integer', column('version', 'integer', { type: 'integer' }), '"version" = t."version" + 1'],
    ['timestamp', { ...at, fraction_digits: 0 }, `interval '1 second'`],
    ['timestamp', column('wall', 'datetime', { type: 'timestamp without time zone' }), `at time zone 'UTC'`],
  ] as const)('moves a version on: %s', (advance, versioned, expected) => {
    expect(oneStatement({ ...shape, version: { column: versioned, advance } })).toContain(expected)
  })
})

describe('what a person runs beforehand', () => {
  it('compares receipt keys byte by byte', () => {
    expect(createReceipts(receipts)).toContain('key text collate "C" primary key')
  })

  it('gives each role what it needs and no more', () => {
    const sql = grants({
      receipts,
      tables: [
        { ref, readable: ['id', 'fee'], writable: ['fee', 'updated_at'] },
        { ref: { table: 'notes' }, readable: ['id'], writable: [] },
      ],
      reader: 'app_reader',
      writer: 'app_writer',
    })
    expect(sql.split('\n')).toEqual([
      'grant usage on schema "billing" to "app_reader", "app_writer";',
      'grant usage on schema "public" to "app_reader", "app_writer";',
      'grant select ("id", "fee") on "billing"."invoices" to "app_reader";',
      'grant select ("id") on "public"."notes" to "app_reader";',
      'grant select, update ("fee", "updated_at") on "billing"."invoices" to "app_writer";',
      'grant select, insert on "public"."synapsor_writeback_receipts" to "app_writer";',
    ])
  })
})
