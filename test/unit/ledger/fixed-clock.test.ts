import { expect, it } from 'vitest'
import { fixedClock } from '../../../src/testing/fixed-clock.js'

it('stands still until it is told to go on', () => {
  const clock = fixedClock('2026-02-03T04:05:06.007Z')
  clock.now().setFullYear(1999)
  expect(clock.now().toISOString()).toBe('2026-02-03T04:05:06.007Z')

  clock.advance(60_000)
  expect(clock.now().toISOString()).toBe('2026-02-03T04:06:06.007Z')
  clock.advance(-60_000)
  expect(clock.now()).toEqual(new Date('2026-02-03T04:05:06.007Z'))
})
