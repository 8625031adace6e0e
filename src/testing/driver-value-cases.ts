import assert from 'node:assert/strict'
import type { JsonScalar } from '../protocol/values.js'
import {
  addRow,
  type ColumnPurpose,
  changeOf,
  columnOf,
  type DriverCase,
  makeTable,
  outcomeOf,
  readRow,
} from './driver-world.js'

/** Values that are stored exactly as they are, by what the column is for. */
const KEPT: Readonly<Partial<Record<ColumnPurpose, readonly JsonScalar[]>>> = {
  text: ['', ' ', 'plain', ' blanks at both ends ', "it's", 'ünï 😀', 'line\nbreak\ttab', '0', 'null', 'e\u0301'],
  short_text: ['', 'abcde', 'ünïçø', '😀😀😀😀😀'],
  padded_text: ['abcde', 'ab'],
  integer: [0, 1, -1, 2_147_483_647, -2_147_483_648, '42'],
  bigint: ['9223372036854775807', '-9223372036854775808', 9_007_199_254_740_991, '9007199254740993'],
  decimal: [0, 0.1, '0.10', -12.5, '9999999999.99', 100, '0.01'],
  instant: [
    '2026-03-29T02:30:00.123456Z',
    '2026-01-01T00:30:00+02:00',
    '1999-12-31T23:59:59.9Z',
    '2024-02-29T12:00:00.000Z',
  ],
  wall_clock: ['2026-03-29T02:30:00.123456', '2026-01-01 00:00:00'],
  date: ['2026-03-29', '2024-02-29', '1999-12-31'],
  boolean: [true, false],
}

/** Values that a column would round, cut, turn into something else, or cannot hold. */
const REFUSED: Readonly<Partial<Record<ColumnPurpose, readonly JsonScalar[]>>> = {
  text: ['with \u0000 inside', 'lone \ud800', '\udc00', 1, true],
  short_text: ['abcdef', 'abcde ', 'ünïçøé'],
  padded_text: ['ab ', 'abcdef'],
  integer: [1.5, -0, '01', '+1', ' 1', '1 ', '1.0', '1e3', '', 'NaN', true, 2 ** 53],
  bigint: ['9223372036854775808', '-9223372036854775809', 2 ** 53, '0x10', '1_000'],
  decimal: ['1.005', 1.005, '10000000000', '01', '+1', '1e3', 'NaN', 'Infinity', '-0', -0, '', '.5', '5.', 1e21, true],
  instant: [
    'now',
    'today',
    'infinity',
    '2026-02-30T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T00:00:00.1234567Z',
    0,
  ],
  wall_clock: ['now', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00+02:00', '2026-13-01 00:00:00'],
  date: ['today', '2026-02-29', '2026-1-1', '20260101', '2026-01-01T00:00:00Z', '0000-00-00', ''],
  boolean: ['true', 1, 0, 't', ''],
}

function keptCase([purpose, values]: [string, readonly JsonScalar[]]): DriverCase {
  return {
    name: `gives back what it said it would: ${purpose}`,
    needs: purposes(purpose),
    async run(world) {
      const [kind = 'text'] = purposes(purpose)
      const table = await makeTable(world, { value: kind })
      await addRow(table, 'INV-1')
      for (const value of values) {
        const change = await changeOf(table, 'INV-1', { set: { value } })
        assert.equal(await outcomeOf(world, change), 'applied', `${purpose}: ${JSON.stringify(value)}`)
        assert.deepEqual((await readRow(table, 'INV-1')).value, change.after[0]?.value)
      }
    },
  }
}

function refusedCase([purpose, values]: [string, readonly JsonScalar[]]): DriverCase {
  return {
    name: `refuses beforehand what the column would not keep: ${purpose}`,
    needs: purposes(purpose),
    async run(world) {
      const [kind = 'text'] = purposes(purpose)
      const { info } = await makeTable(world, { value: kind })
      for (const value of values) {
        const { ok } = world.driver.dialect.toColumn(columnOf(info, 'value'), value)
        assert.equal(ok, false, `${purpose}: ${JSON.stringify(value)}`)
      }
    },
  }
}

const PURPOSES: readonly ColumnPurpose[] = [
  'text',
  'short_text',
  'padded_text',
  'integer',
  'bigint',
  'decimal',
  'instant',
  'wall_clock',
  'date',
  'boolean',
]

function purposes(name: string): readonly ColumnPurpose[] {
  return PURPOSES.filter((purpose) => purpose === name)
}

/** What the texts of values must promise. */
export const valueCases: readonly DriverCase[] = [
  ...Object.entries(KEPT).map(keptCase),
  ...Object.entries(REFUSED).map(refusedCase),
  {
    name: 'stores NULL, the empty text and a blank as three things',
    async run(world) {
      const table = await makeTable(world, { note: 'text' })
      await addRow(table, 'INV-1', { note: 'x' })
      for (const note of [null, '', ' ', null]) {
        const change = await changeOf(table, 'INV-1', { set: { note } })
        assert.equal(await outcomeOf(world, change), 'applied')
        assert.equal((await readRow(table, 'INV-1')).note?.text, note)
      }
    },
  },
  {
    name: 'refuses a number beyond the range of its column',
    needs: ['integer'],
    async run(world) {
      const { info } = await makeTable(world, { value: 'integer' })
      const column = columnOf(info, 'value')
      const { minimum = '', maximum = '' } = column
      for (const value of [BigInt(minimum) - 1n, BigInt(maximum) + 1n]) {
        assert.equal(world.driver.dialect.toColumn(column, String(value)).ok, false)
      }
    },
  },
  {
    name: 'gives back the same row read twice',
    needs: ['instant', 'decimal'],
    async run(world) {
      const table = await makeTable(world, { at: 'instant', fee: 'decimal', note: 'text' })
      await addRow(table, 'INV-1', { at: '2026-01-02T03:04:05.000006Z', fee: '1.50', note: null })
      assert.deepEqual(await readRow(table, 'INV-1'), await readRow(table, 'INV-1'))
    },
  },
]
