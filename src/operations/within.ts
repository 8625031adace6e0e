import { setTimeout as sleep } from 'node:timers/promises'

/** What `work` gives, or what `late` makes when that takes longer than `limit_ms`. The work itself is not stopped. */
export async function within<Result>(
  work: Promise<Result>,
  { limit_ms, late }: { readonly limit_ms: number; readonly late: () => Result },
): Promise<Result> {
  const stop = new AbortController()
  const limit = sleep(limit_ms, undefined, { signal: stop.signal }).then(late)
  // Whichever loses must not end the process.
  work.catch(() => undefined)
  limit.catch(() => undefined)
  try {
    return await Promise.race([work, limit])
  } finally {
    stop.abort()
  }
}
