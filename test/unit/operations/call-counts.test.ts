import { describe, expect, it } from 'vitest'
import { createCallCounts } from '../../../src/operations/call-counts.js'

const at = (seconds: number) => new Date(1_900_000_000_000 + seconds * 1000)

describe('calls counted by the minute', () => {
  it('are let through up to the limit, and not beyond', () => {
    const counts = createCallCounts()
    expect([1, 2, 3, 4].map(() => counts.take('a', 3, at(0)))).toEqual([undefined, undefined, undefined, 61_000])
  })

  it('are counted under their own key alone', () => {
    const counts = createCallCounts()
    counts.take('a', 1, at(0))
    expect(counts.take('b', 1, at(0))).toBeUndefined()
    expect(counts.take('a', 1, at(0))).toBeGreaterThan(0)
  })

  it('are never more than the limit in any 60 seconds', () => {
    const counts = createCallCounts()
    const passed: number[] = []
    for (let second = 0; second < 600; second += 0.25) {
      if (counts.take('a', 7, at(second)) === undefined) passed.push(second)
    }
    for (const [place, second] of passed.entries()) {
      expect(passed.slice(place).filter((later) => later < second + 60).length).toBeLessThanOrEqual(7)
    }
    expect(passed.length).toBeGreaterThan(60)
  })

  it('have room again after the time that is told', () => {
    const counts = createCallCounts()
    for (const second of [0, 30, 50]) counts.take('a', 3, at(second))
    const wait = counts.take('a', 3, at(55)) ?? 0

    expect(counts.take('a', 3, new Date(at(55).getTime() + wait - 1))).toBe(1)
    expect(counts.take('a', 3, new Date(at(55).getTime() + wait))).toBeUndefined()
  })

  it('are not put off by calls that are refused', () => {
    const counts = createCallCounts()
    counts.take('a', 1, at(0))
    for (let second = 1; second < 61; second++) counts.take('a', 1, at(second))
    expect(counts.take('a', 1, at(61))).toBeUndefined()
  })

  it('are let through when the limit is raised, and wait longer when it is lowered', () => {
    const counts = createCallCounts()
    for (const second of [0, 10, 20]) counts.take('a', 3, at(second))
    expect(counts.take('a', 1, at(20))).toBe(61_000)
    expect(counts.take('a', 4, at(20))).toBeUndefined()
  })

  it('are not held up for ever by a clock that is set back', () => {
    const counts = createCallCounts()
    counts.take('a', 1, at(100_000))
    expect(counts.take('a', 1, at(0))).toBeUndefined()
  })

  it('share one count when there are too many keys, and have their own again once there is room', () => {
    const counts = createCallCounts()
    for (let key = 0; key < 20_000; key++) counts.take(`k${key}`, 1, at(0))

    expect(counts.take('one more', 1, at(0))).toBeUndefined()
    expect(counts.take('another', 1, at(0))).toBeGreaterThan(0)
    expect(counts.take('k7', 1, at(0))).toBeGreaterThan(0)
    expect(counts.take('another', 1, at(61))).toBeUndefined()
  })
})
