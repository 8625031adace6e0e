import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLaterMoment, laterMoment } from '../../../src/protocol/versions.js'

/** 2026-01-02T03:04:05.678901Z */
const NOW = 1_767_323_045_678_901n

describe('a version that is a time', () => {
  it.each([
    ['2026-01-01 00:00:00', '2026-01-02 03:04:05'],
    ['2026-01-01T00:00:00Z', '2026-01-02T03:04:05Z'],
    ['2026-01-01 00:00:00.000000', '2026-01-02 03:04:05.678901'],
    ['2026-01-01T00:00:00.000+05:30', '2026-01-02T08:34:05.678+05:30'],
    ['2026-01-02 03:04:05.678901', '2026-01-02 03:04:05.678902'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:06Z'],
    ['2999-12-31T23:59:59.999Z', '3000-01-01T00:00:00.000Z'],
  ])('follows %s in the same form', (before, after) => expect(laterMoment(before, NOW)).toBe(after))

  it.each(['', 'now', '2026-01-01', '1767323045', '2026-13-01 00:00:00'])('cannot follow %j', (text) => {
    expect(laterMoment(text, NOW)).toBeUndefined()
  })

  it('is later, whatever the clock says', () => {
    const times = fc.date({ min: new Date('1971-01-01'), max: new Date('9000-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(times, times, (before, now) => {
        const text = before.toISOString()
        const later = laterMoment(text, BigInt(now.getTime()) * 1000n) ?? ''
        expect(isLaterMoment(text, later)).toBe(true)
        expect(later > text).toBe(true)
      }),
    )
  })

  it('compares across offsets', () => {
    expect(isLaterMoment('2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00Z')).toBe(false)
    expect(isLaterMoment('2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00.001Z')).toBe(true)
    expect(isLaterMoment('2026-01-01T00:00:00Z', 'soon')).toBeUndefined()
  })
})
