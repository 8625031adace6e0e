import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestString, identifier, rowToJson, sameValue, timestamp, toJson } from '../../../src/protocol/values.js'

describe('a database value as JSON', () => {
  it.each([
    ['integer', '5500', 5500],
    ['INTEGER', '-1', -1],
    ['int4', '0', 0],
    ['bigint', '9007199254740991', 9007199254740991],
    ['bigint unsigned', '42', 42],
    ['int(11)', '7', 7],
    ['tinyint(1)', '1', 1],
    ['boolean', 'true', true],
    ['bool', 'false', false],
    ['double precision', '0.1', 0.1],
    ['float', '1e+30', 1e30],
    ['real', '-0.5', -0.5],
  ])('of type %s with text %s is the number or truth value', (type, text, json) => {
    expect(toJson({ type, text })).toBe(json)
  })

  it.each([
    ['bigint', '9007199254740992'],
    ['bigint', '9223372036854775807'],
    ['bigint unsigned', '18446744073709551615'],
    ['integer', '007'],
    ['integer', '-0'],
    ['numeric(12,2)', '120.50'],
    ['decimal(12,2)', '1'],
    ['double precision', 'NaN'],
    ['double precision', 'Infinity'],
    ['boolean', 't'],
    ['text', '5'],
    ['varchar(20)', 'true'],
    ['timestamp with time zone', '2026-01-01 00:00:00.123456+00'],
    ['point', '(1,2)'],
  ])('of type %s with text %s stays text, so that nothing is lost', (type, text) => {
    expect(toJson({ type, text })).toBe(text)
  })

  it('is null for NULL, of every type', () => {
    expect(rowToJson({ a: { type: 'integer', text: null }, b: { type: 'text', text: null } })).toEqual({
      a: null,
      b: null,
    })
  })

  it('keeps every digit of every whole number', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 64n), 2n ** 64n), (value) => {
        expect(String(toJson({ type: 'bigint', text: String(value) }))).toBe(String(value))
      }),
    )
  })
})

describe('two values', () => {
  it('are the same with the same type and text, NULL with NULL', () => {
    expect(sameValue({ type: 'text', text: 'a' }, { type: 'text', text: 'a' })).toBe(true)
    expect(sameValue({ type: 'text', text: null }, { type: 'text', text: null })).toBe(true)
  })

  it.each([
    [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'A' },
    ],
    [
      { type: 'text', text: '5' },
      { type: 'integer', text: '5' },
    ],
    [
      { type: 'text', text: '' },
      { type: 'text', text: null },
    ],
    [{ type: 'text', text: 'a' }, undefined],
    [undefined, undefined],
  ])('are not the same: %j and %j', (a, b) => {
    expect(sameValue(a, b)).toBe(false)
  })
})

describe('a name, a digest and a time', () => {
  it.each(['id', '_id', 'Id9'])('%j is a name', (name) => {
    expect(identifier().safeParse(name).success).toBe(true)
  })

  it.each(['', '9a', 'a-b', 'a b', 'a"', 'ä', 'a\n', 'a.b'])('%j is none', (name) => {
    expect(identifier().safeParse(name).success).toBe(false)
  })

  it('are in one form', () => {
    expect(digestString().safeParse(`sha256:${'a'.repeat(64)}`).success).toBe(true)
    for (const other of [
      `sha256:${'A'.repeat(64)}`,
      `sha256:${'a'.repeat(63)}`,
      'a'.repeat(64),
      `sha256:${'a'.repeat(64)}\n`,
    ]) {
      expect(digestString().safeParse(other).success).toBe(false)
    }
    expect(timestamp().safeParse('2026-01-01T00:00:00.000Z').success).toBe(true)
    for (const other of ['2026-01-01', 'now', '2026-01-01 00:00:00', '2026-02-30T00:00:00Z']) {
      expect(timestamp().safeParse(other).success).toBe(false)
    }
  })
})
