import { describe, expect, it } from 'vitest'
import type { ColumnInfo } from '../../../src/sql/dialect.js'
import { affinityOf, kindOf, realText, sqliteDialect } from '../../../src/sql/sqlite.js'

const column = (name: string, type: string): ColumnInfo => ({
  name,
  type,
  kind: kindOf(type),
  nullable: true,
  generated: false,
})
const id = column('id', 'text')
const tenant = column('tenant_id', 'text')

describe('sqlite dialect', () => {
  const read = sqliteDialect.scopedRead({
    table: { table: 'invoices' },
    columns: [id],
    key: id,
    tenant,
    order_by: id,
    limit: 2,
  })

  it('names its schema, compares bytes, and holds no value', () => {
    expect(read.text).toBe(
      "select case typeof(`id`) when 'text' then cast(`id` as blob) when 'blob' then hex(`id`) else `id` end as c0" +
        ' from `main`.`invoices`' +
        " where (`id` = ? and typeof(`id`) in ('text', 'integer') and cast(cast(`id` as text) as blob) = cast(? as blob))" +
        " and (`tenant_id` = ? and typeof(`tenant_id`) in ('text', 'integer')" +
        ' and cast(cast(`tenant_id` as text) as blob) = cast(? as blob)) order by `id` limit 2',
    )
  })

  it('binds key and tenant twice each, and only both', () => {
    expect(read.bind({ key: 'A', tenant: 'b' })).toEqual(['A', 'A', 'b', 'b'])
    expect(read.bind({ key: 'A' })).toBeUndefined()
    expect(read.bind({ key: 'A\u0000', tenant: 'b' })).toBeUndefined()
    expect(read.bind({ key: 'A', tenant: '\ud800' })).toBeUndefined()
  })

  it('quotes so that nothing can be taken for a string', () => {
    expect(sqliteDialect.quote('a`b"c]')).toBe('`a``b"c]`')
  })

  it('finds no rows by bytes or by floating numbers', () => {
    for (const type of ['blob', 'real']) {
      const key = column('k', type)
      const render = () =>
        sqliteDialect.scopedRead({ table: { table: 't' }, columns: [id], key, order_by: id, limit: 1 })
      expect(render).toThrow(expect.objectContaining({ code: 'PRECONDITION_FAILED' }))
    }
  })

  it.each([
    ['INTEGER', 'integer', 'integer'],
    ['FLOATING POINT', 'integer', 'integer'],
    ['VARCHAR(20)', 'text', 'text'],
    ['DOUBLE', 'real', 'float'],
    ['BLOB', 'blob', 'binary'],
    ['', 'blob', 'text'],
    ['ANY', 'blob', 'text'],
    ['STRING', 'numeric', 'text'],
    ['DECIMAL(10,2)', 'numeric', 'decimal'],
    ['BOOLEAN', 'numeric', 'boolean'],
    ['TIMESTAMP', 'numeric', 'timestamp'],
  ])('knows what the declared type %j does', (type, affinity, kind) => {
    expect([affinityOf(type), kindOf(type)]).toEqual([affinity, kind])
  })

  it.each([
    [1, '1.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('writes %d so that it is not taken for an integer', (value, text) => expect(realText(value)).toBe(text))
})
