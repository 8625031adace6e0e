import { randomBytes } from 'node:crypto'
import type { Clock, Ids } from './ports.js'

const TIME_DIGITS = 12
const RANDOM_BYTES = 10
/** Random bytes are drawn in bulk: one system call for many ids. */
const POOL_BYTES = RANDOM_BYTES * 256

/**
 * Ids of 128 bits: 48 of time, so that later ones sort behind earlier ones and indexes stay local, and 80 random ones.
 */
export function createIds(clock: Clock): Ids {
  let pool = Buffer.alloc(0)
  let used = 0
  return {
    next: (prefix) => {
      if (used + RANDOM_BYTES > pool.length) {
        pool = randomBytes(POOL_BYTES)
        used = 0
      }
      const random = pool.toString('hex', used, used + RANDOM_BYTES)
      used += RANDOM_BYTES
      return `${prefix}_${clock.now().getTime().toString(16).padStart(TIME_DIGITS, '0')}${random}`
    },
  }
}
