/** A seed for one run: from `SEED`, else another each time. Printed by whoever uses it, so that a run can be repeated. */
export function seedOfRun(): number {
  const given = Number(process.env.SEED)
  return Number.isSafeInteger(given) && given > 0 ? given : Date.now() % 2 ** 31
}

/** Numbers from 0 to 1 that follow from the seed alone (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
