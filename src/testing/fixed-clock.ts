/** A clock that stands still until it is told to go on. */
export interface FixedClock {
  now(): Date
  /** Moves the clock, backwards when negative. */
  advance(milliseconds: number): void
}

/**
 * Makes a clock that stands still, for `runtime.clock`.
 *
 * @param start - Where it stands at first.
 *
 * @example
 * ```ts
 * import { fixedClock } from '@synapsor/runner/testing'
 *
 * const clock = fixedClock('2030-01-01T00:00:00Z')
 * clock.advance(60 * 60 * 1000)
 * console.log(clock.now().toISOString()) // 2030-01-01T01:00:00.000Z
 * ```
 */
export function fixedClock(start: Date | string = '2026-01-01T00:00:00.000Z'): FixedClock {
  let time = new Date(start).getTime()
  return {
    now: () => new Date(time),
    advance: (milliseconds) => {
      time += milliseconds
    },
  }
}
