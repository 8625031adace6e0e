import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SurveyedColumn, SurveyedTable } from '../../../src/drivers/survey.js'
import { suggestLimits } from '../../../src/onboarding/suggest-limits.js'

function column(name: string, kind: SurveyedColumn['kind'], more: Partial<SurveyedColumn> = {}): SurveyedColumn {
  return { name, type: kind, kind, nullable: true, generated: false, default_text: null, comment: null, ...more }
}

const COLUMNS = [
  column('fee', 'integer'),
  column('amount', 'decimal'),
  column('status', 'text'),
  column('Name', 'text'),
  column('size', 'integer', { type: 'int unsigned', minimum: '0', maximum: '4294967295' }),
  column('code', 'text', { max_length: 20 }),
  column('mood', 'enum', { labels: ['calm', "it's"] }),
]

function limitsOf(...expressions: readonly string[]) {
  const checks = expressions.map((expression) => ({ columns: [], expression }))
  const table: SurveyedTable = {
    schema: null,
    table: 'orders',
    kind: 'table',
    comment: null,
    columns: COLUMNS,
    primary_key: [],
    unique_keys: [],
    foreign_keys: [],
    checks,
    indexes: [],
    triggers: [],
    row_security: 'none',
    problems: [],
  }
  return suggestLimits(table)
}

describe('as PostgreSQL prints a check', () => {
  it.each([
    ['CHECK ((fee >= 0) AND (fee <= 10000))', 'fee', { minimum: '0', maximum: '10000' }],
    ['((fee >= 0) AND (fee <= 10000))', 'fee', { minimum: '0', maximum: '10000' }],
    ["(fee > '-5'::integer)", 'fee', { minimum: '-4' }],
    ['(fee < 5)', 'fee', { maximum: '4' }],
    ['((fee)::numeric >= 0.5)', 'fee', { minimum: '1' }],
    ['(amount >= (0)::numeric)', 'amount', { minimum: '0' }],
    ['(amount > 0.25)', 'amount', { minimum: '0.25' }],
    ["(status = ANY (ARRAY['open'::text, 'it''s'::text]))", 'status', { values: ['open', "it's"] }],
    [
      "((status)::text = ANY ((ARRAY['open'::character varying, 'shut'::character varying])::text[]))",
      'status',
      { values: ['open', 'shut'] },
    ],
    ["((status = 'open'::text) OR (status = 'shut'::text))", 'status', { values: ['open', 'shut'] }],
    ['((fee IS NULL) OR (fee >= 3))', 'fee', { minimum: '3' }],
    ['(length(status) <= 12)', 'status', { max_length: 12 }],
    ['(char_length("Name") < 12)', 'Name', { max_length: 11 }],
    ['((amount >= 1) AND my_rule(status) AND (amount <= 9))', 'amount', { minimum: '1', maximum: '9' }],
    ["(mood <> 'calm'::moods)", 'mood', { values: ['calm', "it's"], from: 'enum' }],
  ])('reads %s', (expression, name, limits) => {
    expect(limitsOf(expression).get(name)).toEqual({ from: 'check', ...limits })
  })
})

describe('as MySQL and MariaDB print one', () => {
  it.each([
    ['`fee` between 0 and 10000', 'fee', { minimum: '0', maximum: '10000' }],
    ['((`fee` >= 0) and (`fee` <= 10))', 'fee', { minimum: '0', maximum: '10' }],
    ["`status` in ('open','it''s')", 'status', { values: ['open', "it's"] }],
    ["(`status` in (_utf8mb4'open',_utf8mb4'shut'))", 'status', { values: ['open', 'shut'] }],
    ["(`status` in (_utf8mb4\\'open\\',_utf8mb4\\'shut\\'))", 'status', { values: ['open', 'shut'] }],
    ['`size` <= 10', 'size', { minimum: '0', maximum: '10' }],
    ['char_length(`code`) <= 30', 'code', { max_length: 20 }],
  ])('reads %s', (expression, name, limits) => {
    expect(limitsOf(expression).get(name)).toEqual({ from: 'check', ...limits })
  })
})

describe('as SQLite keeps one', () => {
  it.each([
    ['FEE>=0 AND Fee<=10 -- not more', 'fee', { minimum: '0', maximum: '10' }],
    ['0 <= [fee]', 'fee', { minimum: '0' }],
    ['0 <= fee /* never */', 'fee', { minimum: '0' }],
    ["\"status\" IN ('open', 'shut')", 'status', { values: ['open', 'shut'] }],
    ["name = 'x'", 'Name', { values: ['x'] }],
  ])('reads %s', (expression, name, limits) => {
    expect(limitsOf(expression).get(name)).toEqual({ from: 'check', ...limits })
  })
})

describe('what it does not understand', () => {
  it.each([
    "fee >= 0 OR status = 'open'",
    'NOT fee >= 0',
    'NOT (fee >= 0)',
    '(fee >= 0) IS FALSE',
    '(fee >= 0) = false',
    'fee + 1 >= 0',
    '- fee >= 0',
    'abs(fee) >= 0',
    'fee >= size',
    'CASE WHEN size = 1 AND fee >= 0 AND size = 2 THEN true ELSE false END',
    'size = 1 XOR fee >= 0 AND size = 2',
    'size = 1 || fee >= 0 AND fee >= 0',
    'fee IN (1, NULL)',
    'fee NOT IN (1, 2)',
    'fee NOT BETWEEN 1 AND 2',
    'fee BETWEEN SYMMETRIC 9 AND 1',
    'fee <> 5',
    'fee <=> 5',
    'fee IS NOT NULL',
    'fee IS NULL',
    '(fee)::smallint >= 0',
    '(fee >= 0) COLLATE x',
    "fee >= 'a'",
    'fee >= 0x10',
    'fee >= 1e3',
    'fee >= .5',
    'fee >= 5 % 3',
    'other.fee >= 0',
    'fee >= (select 0)',
    "status <> 'a\\' and fee >= 5 and status <> \\'b'",
    'fee >= 0)',
    '(fee >= 0',
    "status = 'open and fee >= 0",
    '',
  ])('says nothing of fee: %s', (expression) => {
    expect(limitsOf(expression).has('fee')).toBe(false)
  })

  it.each([
    "(status)::character varying(2) = 'ab'",
    "status = 'abc'::character varying(2)",
    'status = 5',
    'status IN (1, 2)',
    "lower(status) = 'open'",
    "status LIKE 'a%'",
    "status ~ '^[a-z]$'",
    'length(status) >= 2',
    'length(status || status) <= 4',
  ])('says nothing of status: %s', (expression) => {
    expect(limitsOf(expression).has('status')).toBe(false)
  })
})

it('puts together what several checks and the type say', () => {
  const limits = limitsOf('fee >= 0', 'fee <= 100', 'fee >= 5', "mood IN ('calm')")
  expect(limits.get('fee')).toEqual({ minimum: '5', maximum: '100', from: 'check' })
  expect(limits.get('mood')).toEqual({ values: ['calm'], from: 'check' })
  expect(limits.get('size')).toEqual({ minimum: '0', from: 'type' })
  expect(limits.get('code')).toEqual({ max_length: 20, from: 'type' })
  expect(limits.has('status')).toBe(false)
})

/** A condition, with how a database would judge a row. */
interface Rule {
  readonly text: string
  readonly holds: (row: Row) => boolean
}

interface Row {
  readonly fee: number
  readonly amount: number
}

const SIGNS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
}

const number = fc.integer({ min: -9, max: 9 })
const name = fc.constantFrom('fee' as const, 'amount' as const)

const atom: fc.Arbitrary<Rule> = fc.oneof(
  fc.tuple(name, fc.constantFrom(...Object.keys(SIGNS)), number, fc.boolean()).map(([of, sign, value, turned]) => ({
    text: turned ? `${value} ${sign} ${of}` : `(${of})::numeric ${sign} (${value})`,
    holds: (row: Row) => SIGNS[sign]?.(turned ? value : row[of], turned ? row[of] : value) === true,
  })),
  fc.tuple(name, number, number).map(([of, low, high]) => ({
    text: `${of} between ${low} and ${high}`,
    holds: (row: Row) => row[of] >= low && row[of] <= high,
  })),
  fc.tuple(name, fc.array(number, { minLength: 1, maxLength: 4 })).map(([of, values]) => ({
    text: `${of} in (${values.join(', ')})`,
    holds: (row: Row) => values.includes(row[of]),
  })),
  fc
    .tuple(name, number)
    .map(([of, value]) => ({ text: `abs(${of}) > ${value}`, holds: (row: Row) => Math.abs(row[of]) > value })),
)

const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4 },
    atom,
    fc
      .tuple(tie('rule'), tie('rule'))
      .map(([a, b]) => ({ text: `(${a.text}) and (${b.text})`, holds: (row: Row) => a.holds(row) && b.holds(row) })),
    fc
      .tuple(tie('rule'), tie('rule'))
      .map(([a, b]) => ({ text: `(${a.text}) or (${b.text})`, holds: (row: Row) => a.holds(row) || b.holds(row) })),
    tie('rule').map((a) => ({ text: `not (${a.text})`, holds: (row: Row) => !a.holds(row) })),
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => ({
      text: `case when (${a.text}) and (${b.text}) then false else true end`,
      holds: (row: Row) => !(a.holds(row) && b.holds(row)),
    })),
  ),
}))

it('never gives a bound that the check does not imply', () => {
  const everyRow = Array.from({ length: 23 }, (_, fee) =>
    Array.from({ length: 23 }, (_, amount) => ({ fee: fee - 11, amount: amount - 11 })),
  ).flat()
  fc.assert(
    fc.property(rule, ({ text, holds }) => {
      const limits = limitsOf(text)
      const outside = everyRow.filter((row) =>
        (['fee', 'amount'] as const).some((of) => {
          const { minimum = '-99', maximum = '99', values } = limits.get(of) ?? {}
          const isInside = row[of] >= Number(minimum) && row[of] <= Number(maximum)
          return !isInside || values?.includes(String(row[of])) === false
        }),
      )
      expect(outside.filter(holds)).toEqual([])
    }),
    { numRuns: 1000 },
  )
})

it('ends in time, whatever it is given', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => void limitsOf(text)))
  for (const text of ['('.repeat(5000), "'".repeat(9999), '"'.repeat(9999), '-- '.repeat(6000), '/*'.repeat(9000)])
    limitsOf(text)
})
