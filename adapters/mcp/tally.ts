/** How much is being worked on. */
export interface Tally {
  readonly count: () => number
  /** Counts one more until the function that it gives is called. */
  begin(): () => void
  /** Resolves when nothing is left. */
  idle(): Promise<void>
}

export function createTally(): Tally {
  let count = 0
  let waiting: (() => void)[] = []
  return {
    count: () => count,
    begin: () => {
      count++
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        if (--count > 0) return
        const idle = waiting
        waiting = []
        for (const each of idle) each()
      }
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
  }
}

/** Waits, but not for ever. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
