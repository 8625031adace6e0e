import type { Bench } from '../figure.js'
import { openMysql } from './mysql.js'
import { openPostgres } from './postgres.js'
import type { World } from './world.js'

export type { World } from './world.js'

/** Does `work` with one engine after the other. */
export async function onEachServer<Result>(
  bench: Bench,
  rows: number,
  work: (world: World) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const open of [openPostgres, openMysql]) {
    const world = await open(bench, rows)
    try {
      results.push(await work(world))
    } finally {
      await world.close()
    }
  }
  return results
}
