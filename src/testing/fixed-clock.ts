/** A clock that stands still until it is told to go on. */
export interface FixedClock {
  now(): Date
  /** Moves the clock, backwards when negative. */
  advance(milliseconds: number): void
}

/** @param start - Where the clock stands at first. */
export function fixedClock(start: Date | string = '2026-01-01T00:00:00.000Z'): FixedClock {
  let time = new Date(start).getTime()
  return {
    now: () => new Date(time),
    advance: (milliseconds) => {
      time += milliseconds
    },
  }
}
