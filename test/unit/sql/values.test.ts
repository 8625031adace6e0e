import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonScalar } from '../../../src/protocol/values.js'
import type { ColumnInfo, ColumnKind } from '../../../src/sql/dialect.js'
import { canBeKey, createToColumn, isCanonicalText, isPlainText, type ValueRules } from '../../../src/sql/values.js'

const rules: ValueRules = { booleans: ['f', 't'], instant_suffix: '+00', trims_fraction: true }
const fixed: ValueRules = { booleans: ['0', '1'], instant_suffix: '', trims_fraction: false }

function column(kind: ColumnKind, more: Partial<ColumnInfo> = {}): ColumnInfo {
  return { name: 'value', type: kind, kind, nullable: false, generated: false, ...more }
}

/** The text that comes of a value, or `undefined` when it is refused. */
function spelled(of: ColumnInfo, value: JsonScalar, by: ValueRules = rules): string | null | undefined {
  const answer = createToColumn(by)(of, value)
  return answer.ok ? answer.value.text : undefined
}

describe('NULL and columns that nobody sets', () => {
  it('takes NULL only where the column does', () => {
    expect(spelled(column('text', { nullable: true }), null)).toBeNull()
    expect(spelled(column('text'), null)).toBeUndefined()
  })

  it('refuses what the database sets itself', () => {
    expect(spelled(column('integer', { generated: true }), 1)).toBeUndefined()
  })

  it('says why without the value', () => {
    const answer = createToColumn(rules)(column('integer'), 'canary')
    expect(answer).toEqual({ ok: false, why: expect.not.stringContaining('canary') })
  })
})

describe('whole numbers', () => {
  const int8 = column('integer', { minimum: '-9223372036854775808', maximum: '9223372036854775807' })

  it('keeps every digit beyond 2^53 when they come as text', () => {
    expect(spelled(int8, '9007199254740993')).toBe('9007199254740993')
    expect(spelled(int8, '9223372036854775807')).toBe('9223372036854775807')
    expect(spelled(int8, '9223372036854775808')).toBeUndefined()
    expect(spelled(int8, '-9223372036854775808')).toBe('-9223372036854775808')
    expect(spelled(int8, '-9223372036854775809')).toBeUndefined()
  })

  it.each([
    1.5,
    -0,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '01',
    '-0',
    '+1',
    ' 1',
    '1 ',
    '1.0',
    '1e3',
    '',
    '٣',
    true,
  ])('refuses %j', (value) => {
    expect(spelled(int8, value)).toBeUndefined()
  })
})

describe('decimals', () => {
  const money = column('decimal', { precision: 6, scale: 2 })

  it.each([
    [0, '0.00'],
    [12.5, '12.50'],
    [-12.5, '-12.50'],
    ['9999.99', '9999.99'],
    ['0.01', '0.01'],
    [1e3, '1000.00'],
    [0.1, '0.10'],
  ])('writes %j as %s', (value, text) => {
    expect(spelled(money, value)).toBe(text)
  })

  it.each(['1.005', '10000', '-10000.00', '01', '.5', '5.', '+1', '1e3', 'NaN', '-0.00', '', -0, 1e21, 2 ** 53, false])(
    'refuses %j',
    (value) => {
      expect(spelled(money, value)).toBeUndefined()
    },
  )

  it('keeps the digits of a column without limits as they are', () => {
    expect(spelled(column('decimal'), '12345678901234567890.0123456789')).toBe('12345678901234567890.0123456789')
    expect(spelled(column('decimal'), '1'.repeat(1001))).toBeUndefined()
  })

  it('counts digits behind the point that lie before the first one that counts', () => {
    const small = column('decimal', { precision: 3, scale: 5 })
    expect(spelled(small, '0.00999')).toBe('0.00999')
    expect(spelled(small, '0.01')).toBeUndefined()
  })

  it('never changes a value that it accepts', () => {
    const cents = fc.integer({ min: -999_999, max: 999_999 })
    fc.assert(
      fc.property(cents, (amount) => {
        const text = spelled(money, (amount / 100).toFixed(2))
        expect(amount === 0 || Math.round(Number(text) * 100) === amount).toBe(true)
      }),
    )
  })
})

describe('text', () => {
  it('counts characters, not halves of them', () => {
    const five = column('text', { max_length: 5 })
    expect(spelled(five, '😀😀😀😀😀')).toBe('😀😀😀😀😀')
    expect(spelled(five, '😀😀😀😀😀😀')).toBeUndefined()
  })

  it('counts bytes where the column does', () => {
    const bytes = column('text', { max_bytes: 4 })
    expect(spelled(bytes, 'ää')).toBe('ää')
    expect(spelled(bytes, 'äää')).toBeUndefined()
  })

  it('refuses trailing blanks only where they are not kept', () => {
    expect(spelled(column('text'), 'a ')).toBe('a ')
    expect(spelled(column('text', { blank_padded: true }), 'a ')).toBeUndefined()
  })

  it('normalises nothing', () => {
    expect(spelled(column('text'), 'e\u0301')).toBe('e\u0301')
  })

  it.each(['\ud800', 'a\udc00', '\u0000', 'a\u0000b'])('refuses what is not plain text: %j', (value) => {
    expect(isPlainText(value)).toBe(false)
    expect(spelled(column('text'), value)).toBeUndefined()
  })

  it.each([1, 0, true, false])('refuses %j, which some engines would compare as a number', (value) => {
    expect(spelled(column('text'), value)).toBeUndefined()
  })
})

describe('labels, UUIDs, booleans, JSON', () => {
  it('takes the labels of an enum as they are spelled', () => {
    const mood = column('enum', { labels: ['sad', 'glad'] })
    expect(spelled(mood, 'glad')).toBe('glad')
    expect(spelled(mood, 'Glad')).toBeUndefined()
  })

  it('takes a UUID as the database writes it', () => {
    const id = 'c0ffee00-0000-4000-8000-0000000000aa'
    expect(spelled(column('uuid'), id)).toBe(id)
    expect(spelled(column('uuid'), id.toUpperCase())).toBeUndefined()
    expect(spelled(column('uuid'), `{${id}}`)).toBeUndefined()
  })

  it('takes true and false and nothing like them', () => {
    expect([true, false].map((value) => spelled(column('boolean'), value))).toEqual(['t', 'f'])
    for (const value of ['true', 1, 0, 't']) expect(spelled(column('boolean'), value)).toBeUndefined()
  })

  it('takes JSON only where it comes back as it went', () => {
    expect(spelled(column('json'), '{}')).toBeUndefined()
    const kept = { ...rules, keeps_json: () => true }
    expect(spelled(column('json'), '{"a": 1.10}', kept)).toBe('{"a": 1.10}')
    expect(spelled(column('json'), '{a: 1}', kept)).toBeUndefined()
  })

  it('writes no floats, bytes and oddities by itself', () => {
    for (const kind of ['float', 'binary', 'other'] as const) expect(spelled(column(kind), 1)).toBeUndefined()
  })
})

describe('times', () => {
  const instant = column('timestamp')

  it.each([
    ['2026-03-29T02:30:00.123456Z', '2026-03-29 02:30:00.123456+00'],
    ['2026-03-29T02:30:00.120Z', '2026-03-29 02:30:00.12+00'],
    ['2026-03-29T02:30:00.000Z', '2026-03-29 02:30:00+00'],
    ['2026-01-01T00:30:00+02:00', '2025-12-31 22:30:00+00'],
    ['2026-12-31T23:30:00-05:30', '2027-01-01 05:00:00+00'],
    ['2026-03-29 02:30:00.5+00', '2026-03-29 02:30:00.5+00'],
    ['0001-01-01T00:00:00Z', '0001-01-01 00:00:00+00'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31 23:59:59.999999+00'],
  ])('writes the instant %s as %s', (value, text) => {
    expect(spelled(instant, value)).toBe(text)
  })

  it.each([
    'now',
    'infinity',
    '2026-03-29T02:30:00',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00.1234567Z',
    '2026-01-01T00:00:00+16:00',
    '9999-12-31T23:59:59-01:00',
    '0001-01-01T00:00:00+01:00',
    '0000-01-01T00:00:00Z',
    '20260101T000000Z',
    'Thu, 01 Jan 2026 00:00:00 GMT',
    1_767_225_600_000,
  ])('refuses the instant %j', (value) => {
    expect(spelled(instant, value)).toBeUndefined()
  })

  it('writes every digit of the column where the engine does', () => {
    const coarse = column('timestamp', { fraction_digits: 3 })
    expect(spelled(coarse, '2026-01-01T00:00:00.5Z', fixed)).toBe('2026-01-01 00:00:00.500')
    expect(spelled(coarse, '2026-01-01 00:00:00.500', fixed)).toBe('2026-01-01 00:00:00.500')
    expect(spelled(coarse, '2026-01-01T00:00:00.1234Z', fixed)).toBeUndefined()
    expect(spelled(column('timestamp', { fraction_digits: 0 }), '2026-01-01T00:00:00Z', fixed)).toBe(
      '2026-01-01 00:00:00',
    )
  })

  it('keeps wall-clock times free of offsets', () => {
    expect(spelled(column('datetime'), '2026-03-29T02:30:00')).toBe('2026-03-29 02:30:00')
    expect(spelled(column('datetime'), '2026-03-29T02:30:00Z')).toBeUndefined()
  })

  it('keeps to the range of the column', () => {
    const unix = column('timestamp', { minimum: '1970-01-01 00:00:01', maximum: '2038-01-19 03:14:07' })
    expect(spelled(unix, '2038-01-19T03:14:07Z')).toBeDefined()
    expect(spelled(unix, '2038-01-19T03:14:08Z')).toBeUndefined()
    expect(spelled(unix, '1970-01-01T00:00:00Z')).toBeUndefined()
  })

  it('agrees with the calendar about every day', () => {
    const day = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, (date) => {
        const text = date.toISOString().slice(0, 10)
        expect(spelled(column('date'), text)).toBe(text)
        expect(spelled(instant, date.toISOString())?.slice(0, 19)).toBe(
          date.toISOString().slice(0, 19).replace('T', ' '),
        )
      }),
    )
  })

  it.each(['2026-02-29', '1900-02-29', '2026-04-31', '2026-00-01', '2026-1-1', 'today', '2026-01-01T00:00:00Z'])(
    'refuses the date %s',
    (value) => {
      expect(spelled(column('date'), value)).toBeUndefined()
    },
  )
})

describe('a text that finds a row', () => {
  it('is the one that the column gives back', () => {
    const int4 = column('integer', { minimum: '-2147483648', maximum: '2147483647' })
    expect(isCanonicalText(int4, '7', rules)).toBe(true)
    for (const text of ['07', '7.0', ' 7', '2147483648', 'x']) expect(isCanonicalText(int4, text, rules)).toBe(false)
    expect(isCanonicalText(column('decimal', { precision: 4, scale: 2 }), '1.5', rules)).toBe(false)
  })

  it('belongs to a column that may even set itself, such as an identity', () => {
    expect(isCanonicalText(column('integer', { generated: true }), '7', rules)).toBe(true)
  })

  it('belongs to a column whose values have one text each', () => {
    const kinds: readonly ColumnKind[] = ['integer', 'decimal', 'text', 'enum', 'uuid', 'date']
    expect(kinds.every((kind) => canBeKey(column(kind)))).toBe(true)
    const others: readonly ColumnKind[] = ['float', 'boolean', 'timestamp', 'datetime', 'json', 'binary', 'other']
    expect(others.some((kind) => canBeKey(column(kind)))).toBe(false)
  })
})
