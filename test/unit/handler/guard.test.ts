import { describe, expect, it } from 'vitest'
import { exactRow, expectedOf, isSame, movedColumns, rowQueryOf } from '../../../src/handler/guard.js'
import { requestOf } from '../../integration/handler/requests.js'

describe('a value of a row and a value of a request', () => {
  it.each([
    ['bigint', '9007199254740993', '9007199254740993'],
    ['bigint', '7', 7],
    ['bigint', '7', '7'],
    ['numeric(12,2)', '12.50', '12.50'],
    ['double precision', '0.1', 0.1],
    ['boolean', 'true', true],
    ['text', 'née', 'née'],
    ['text', '', ''],
    ['null', null, null],
    ['timestamp with time zone', '2026-03-01 04:05:06.123456+00', '2026-03-01 04:05:06.123456+00'],
    ['timestamp with time zone', '2026-03-01 04:05:06.12+00', '2026-03-01T04:05:06.120Z'],
    ['timestamp(6)', '2026-03-01 04:05:06.120000', '2026-03-01T04:05:06.12Z'],
  ])('are the same: %s %s is %s', (type, text, value) => {
    expect(isSame({ type, text }, value)).toBe(true)
  })

  it.each([
    ['bigint', '9007199254740993', '9007199254740992'],
    ['bigint', '9007199254740993', 9007199254740992],
    ['numeric(12,2)', '12.50', '12.5'],
    ['text', 'acme', 'ACME'],
    ['text', 'acme', 'acme '],
    ['text', '', null],
    ['null', null, ''],
    ['null', null, 0],
    ['null', null, 'null'],
    ['timestamp with time zone', '2026-03-01 04:05:06.123456+00', '2026-03-01T04:05:06.123Z'],
    ['timestamp with time zone', '2026-03-01 04:05:06+00', '2026-03-01T04:05:06+01:00'],
    ['text', '2026-03-01 04:05:06', '2026-03-01T04:05:06Z'],
  ])('are not the same: %s %s is not %s', (type, text, value) => {
    expect(isSame({ type, text }, value)).toBe(false)
  })

  it('are not the same where the row has no such column', () => {
    expect(isSame(undefined, null)).toBe(false)
  })
})

describe('the row of a request', () => {
  const { target, ...request } = requestOf({ guards: { reviewed: { status: 'open' } } })
  const expected = expectedOf(request)
  const query = rowQueryOf(target ?? { table: '', primary_key: { column: '', value: '' }, tenant_key: null }, expected)
  const rowOf = (id: string, tenant: string, fee = '1500') =>
    new Map([
      ['id', { type: 'text', text: id }],
      ['tenant_id', { type: 'text', text: tenant }],
      ['late_fee', { type: 'integer', text: fee }],
      ['status', { type: 'text', text: 'open' }],
    ])

  it('is asked for with every column that is compared, once', () => {
    expect(query.columns).toEqual(['id', 'tenant_id', 'status', 'late_fee'])
  })

  it('is the one with the same bytes, and no other', () => {
    const row = rowOf('INV-1', 'acme')
    expect(exactRow([rowOf('inv-1', 'acme'), row, rowOf('INV-1', 'Acme')], query)).toBe(row)
    expect(exactRow([rowOf('INV-1', 'Acme')], query)).toBeUndefined()
    expect(exactRow([row, row], query)).toBeUndefined()
  })

  it('names what has moved on, and each column once', () => {
    expect(movedColumns(rowOf('INV-1', 'acme', '0'), [...expected, ['late_fee', 1]])).toEqual(['late_fee'])
    expect(movedColumns(rowOf('INV-1', 'acme'), expected)).toEqual([])
  })
})
