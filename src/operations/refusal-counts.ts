import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Ledger, Refusal } from '../ledger/ledger.js'

/** Refusals that are counted here until the ledger has them: no answer waits for it. */
export interface RefusalCounts {
  /** Never throws, and writes nothing before the caller has gone on. */
  add(refusal: Refusal): void
  /** Resolves when the ledger has been given all of them, or has kept them waiting for too long. */
  flush(): Promise<void>
}

/** Beyond so many the name of what was refused is left out, and beyond twice as many the refusal: memory has an end. */
const MAX_KEPT = 1000

/** How long a ledger that does not answer holds up whoever closes it. */
const LONGEST_FLUSH_MS = 6000

/** One write at a time. What the ledger did not take is given to it again with the next refusal. */
export function createRefusalCounts(ledger: Pick<Ledger, 'countRefusal'>): RefusalCounts {
  const kept = new Map<string, { readonly refusal: Refusal; count: number }>()
  let writing: Promise<void> | undefined

  const keep = (refusal: Refusal, count: number): void => {
    const key = keyOf(refusal)
    const found = kept.get(key)
    if (found !== undefined) found.count += count
    else if (kept.size < MAX_KEPT || (refusal.capability === '' && kept.size < 2 * MAX_KEPT)) {
      kept.set(key, { refusal, count })
    } else if (refusal.capability !== '') keep({ ...refusal, capability: '' }, count)
  }

  const write = async (): Promise<void> => {
    for (;;) {
      // Each in a turn of its own: a ledger of this process works within it.
      await nextTurn()
      const [first] = kept
      if (first === undefined) break
      const [key, { refusal, count }] = first
      kept.delete(key)
      try {
        await ledger.countRefusal(refusal, count)
      } catch {
        keep(refusal, count)
        break
      }
    }
    writing = undefined
  }

  const start = (): Promise<void> => {
    writing ??= write()
    return writing
  }

  return {
    add: (refusal) => {
      keep(refusal, 1)
      void start()
    },
    flush: async () => {
      if (kept.size === 0 && writing === undefined) return
      const stop = new AbortController()
      const tooLong = sleep(LONGEST_FLUSH_MS, undefined, { signal: stop.signal }).catch(() => undefined)
      await Promise.race([start(), tooLong])
      stop.abort()
    },
  }
}

function keyOf({ minute, tenant_id, capability, code }: Refusal): string {
  return JSON.stringify([minute, tenant_id, capability, code])
}
