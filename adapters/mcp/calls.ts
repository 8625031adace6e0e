/** How many requests of each subject are worked on. */
export interface Calls {
  /** The function that ends it; `undefined` where the subject has too many. */
  begin(subject: string): (() => void) | undefined
}

export function createCalls(most: number): Calls {
  const counts = new Map<string, number>()
  return {
    begin: (subject) => {
      const count = counts.get(subject) ?? 0
      if (count >= most) return undefined
      counts.set(subject, count + 1)
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        const left = (counts.get(subject) ?? 1) - 1
        if (left === 0) counts.delete(subject)
        else counts.set(subject, left)
      }
    },
  }
}
