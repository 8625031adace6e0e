import { expect, it } from 'vitest'
import { age, isSoon, span, until } from '../../../src/cli/text/time.js'

const now = new Date('2026-03-01T12:00:00Z')

it.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [47 * 3_600_000, '47 h'],
  [48 * 3_600_000, '2 d'],
])('says %i milliseconds as %s', (length, words) => {
  expect(span(length)).toBe(words)
})

it('says how long ago and how long until', () => {
  expect(age('2026-03-01T11:58:00Z', now)).toBe('2 min')
  expect(until('2026-03-01T13:00:00Z', now)).toBe('in 1 h')
  expect(until('2026-03-01T11:00:00Z', now)).toBe('1 h ago')
})

it('calls soon what comes within the hour and has not passed', () => {
  expect(isSoon('2026-03-01T12:59:59Z', now)).toBe(true)
  expect(isSoon('2026-03-01T13:00:00Z', now)).toBe(false)
  expect(isSoon('2026-03-01T11:59:59Z', now)).toBe(false)
})
