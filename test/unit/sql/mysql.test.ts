import { describe, expect, it } from 'vitest'
import type { ColumnInfo } from '../../../src/sql/dialect.js'
import { mysqlDialect } from '../../../src/sql/mysql.js'
import { columnInfo } from '../../../src/sql/mysql-columns.js'

const column = (name: string, type: string, limits: Partial<Parameters<typeof columnInfo>[0]> = {}): ColumnInfo =>
  columnInfo({
    name,
    type,
    nullable: true,
    generated: false,
    fraction_digits: undefined,
    precision: undefined,
    scale: undefined,
    length: undefined,
    ...limits,
  })

const id = column('id', 'bigint unsigned')
const tenant = column('tenant_id', 'varchar(40)', { length: 40 })
const fee = column('fee', 'decimal(10,2)', { precision: 10, scale: 2 })

describe('mysql dialect', () => {
  const read = mysqlDialect.scopedRead({
    table: { table: 'invoices' },
    columns: [id, fee, column('data', 'blob')],
    key: id,
    tenant,
    order_by: id,
    limit: 2,
  })

  it('compares a tenant by value, for the index, and by bytes, for everybody else', () => {
    expect(read.text).toBe(
      'select cast(`id` as char), cast(`fee` as char), hex(`data`) from `invoices`' +
        ' where `id` = cast(? as unsigned) and `tenant_id` = ?' +
        ' and cast(convert(`tenant_id` using utf8mb4) as binary) <=> cast(? as binary)' +
        ' order by `id` limit 2',
    )
  })

  it('binds texts only, as many as the statement names', () => {
    expect(read.bind({ key: '18446744073709551615', tenant: '0' })).toEqual(['18446744073709551615', '0', '0'])
    expect(read.text.split('?')).toHaveLength(4)
  })

  it.each(['01', '+1', '-1', ' 1', '1.0', '1e3', '', 'x', '18446744073709551616', '١'])(
    'says beforehand that no row has the key %j',
    (key) => expect(read.bind({ key, tenant: 'acme' })).toBeUndefined(),
  )

  it('asks for all of the scope', () => {
    expect(read.bind({ key: '1' })).toBeUndefined()
    expect(read.bind({ tenant: 'acme' })).toBeUndefined()
  })

  it('finds no rows by a column whose values have many texts', () => {
    const by = (key: ColumnInfo) => () =>
      mysqlDialect.scopedRead({ table: { table: 't' }, columns: [id], key, order_by: id, limit: 1 })
    expect(by(column('f', 'float'))).toThrow(expect.objectContaining({ code: 'PRECONDITION_FAILED' }))
    expect(by(column('b', 'varbinary(5)'))).toThrow(expect.objectContaining({ code: 'PRECONDITION_FAILED' }))
  })

  it('quotes whatever a name holds', () => {
    expect(mysqlDialect.quote('a`b')).toBe('`a``b`')
    expect(mysqlDialect.table({ schema: 's', table: 't' })).toBe('`s`.`t`')
    for (const name of ['', 'a\0', 'x'.repeat(65)]) {
      expect(() => mysqlDialect.quote(name)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    }
  })

  it.each([
    ['tinyint unsigned', 255, '255'],
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['tinyint(1)', true, '1'],
    ['decimal(10,2)', 12.5, '12.50'],
    ['double', 0.1, '0.1'],
    ["enum('a','it''s')", "it's", "it's"],
    ['datetime(6)', '2026-01-02T03:04:05.6', '2026-01-02 03:04:05.600000'],
    ['timestamp(3)', '2026-01-02T03:04:05+02:00', '2026-01-02 01:04:05.000'],
    ['date', '2026-01-02', '2026-01-02'],
    ['uuid', '0190a8f0-0000-7000-8000-000000000000', '0190a8f0-0000-7000-8000-000000000000'],
  ])('spells what %s gives back for %j', (type, value, text) => {
    const [, digits] = /\((\d)\)/.exec(type) ?? []
    const limits = { precision: 10, scale: 2, ...(digits === undefined ? {} : { fraction_digits: Number(digits) }) }
    expect(mysqlDialect.toColumn(column('c', type, limits), value)).toEqual({ ok: true, value: { type, text } })
  })

  it.each([
    ['tinyint', 128],
    ['tinyint unsigned', -1],
    ['tinyint(1)', 1],
    ['decimal(10,2)', '1.005'],
    ['float', 1],
    ['double', 1e15],
    ['json', '{}'],
    ['blob', 'x'],
    ['bit(1)', 1],
    ['int(5) zerofill', 5],
    ["enum('a')", 'A'],
    ['timestamp(6)', '2038-01-19T03:14:08Z'],
    ['datetime(0)', '2026-01-01T00:00:00.5'],
    ['char(5)', 'ab '],
  ])('refuses for %s what it would change: %j', (type, value) => {
    const limits = { precision: 10, scale: 2, length: 5, fraction_digits: Number(/\((\d)\)/.exec(type)?.[1] ?? 0) }
    expect(mysqlDialect.toColumn(column('c', type, limits), value).ok).toBe(false)
  })
})
