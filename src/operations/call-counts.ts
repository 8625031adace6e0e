/** Calls of the last minute, by whatever they are counted under. */
export interface CallCounts {
  /**
   * Counts one call, or refuses to, and then tells how long to wait, in milliseconds. A refused call is not counted.
   */
  take(key: string, most: number, now: Date): number | undefined
}

/** Under so many keys calls are counted. Beyond them, further keys share one count: memory has an end. */
const MOST_KEYS = 20_000

const WINDOW_S = 60

/** Calls in one second. */
type Second = readonly [second: number, calls: number]

/** Sliding counts: at most so many calls in any 60 seconds, to the second. */
export function createCallCounts(): CallCounts {
  const counts = new Map<string, readonly Second[]>()

  const roomFor = (key: string, second: number): string => {
    if (counts.has(key) || counts.size < MOST_KEYS) return key
    for (const [each, seconds] of counts) if (recent(seconds, second).length === 0) counts.delete(each)
    return counts.size < MOST_KEYS ? key : ''
  }

  return {
    take: (asked, most, now) => {
      const second = Math.floor(now.getTime() / 1000)
      const key = roomFor(asked, second)
      const seconds = recent(counts.get(key) ?? [], second)
      const calls = seconds.reduce((sum, [, each]) => sum + each, 0)
      if (calls >= most) return waitFor(seconds, calls - most, now)
      counts.set(key, counted(seconds, second))
      return undefined
    },
  }
}

/** A second counts until a minute after its end. One that lies ahead is of a clock that was set back. */
function recent(seconds: readonly Second[], now: number): readonly Second[] {
  return seconds.filter(([second]) => second <= now && second >= now - WINDOW_S)
}

function counted(seconds: readonly Second[], second: number): readonly Second[] {
  const last = seconds.at(-1)
  if (last?.[0] !== second) return [...seconds, [second, 1]]
  return [...seconds.slice(0, -1), [second, last[1] + 1]]
}

/** Until so many calls have left the window that there is room for one. */
function waitFor(seconds: readonly Second[], surplus: number, now: Date): number {
  let left = 0
  for (const [second, calls] of seconds) {
    left += calls
    if (left > surplus) return (second + WINDOW_S + 1) * 1000 - now.getTime()
  }
  return WINDOW_S * 1000
}
