import { setTimeout as sleep } from 'node:timers/promises'

/** How often the whole of an attempt is made before it is given up. */
export const ATTEMPTS = 3

/** Runs a whole transaction again when it lost a deadlock or a snapshot conflict, each time a little later. */
export async function repeated<Result>(
  hasLost: (error: unknown) => boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === ATTEMPTS || !hasLost(error)) throw error
      await sleep(attempt * 20 * (0.5 + Math.random()))
    }
  }
}
