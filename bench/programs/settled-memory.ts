import { setTimeout as sleep } from 'node:timers/promises'

const MEGABYTE = 1024 * 1024

/** Megabytes that stay in memory once garbage is collected and given back. Needs `--expose-gc`. */
export async function settledMemory(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.()
    await sleep(50)
  }
  return process.memoryUsage.rss() / MEGABYTE
}
