import { join } from 'node:path'
import type { Bench, Figure } from '../figure.js'
import { apply, approve, propose } from '../loop.js'
import { compare, describeEffort, totalCalls } from '../measure.js'
import { openSqliteWorld } from '../worlds/sqlite.js'

const GOAL = 2.5
/** About what one of the three steps leaves behind. */
const ROW = 'x'.repeat(400)

/** Propose, approve and apply with everything on disk, against three bare transactions on disk. */
export const cycle: Figure = {
  name: 'cycle',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 400, times: 2, warmup: 100 } : { calls: 1000, times: 3, warmup: 200 }
    const world = await openSqliteWorld(bench, totalCalls(effort))
    const bare = await openBare(bench, join(world.folder, 'bare.db'))
    try {
      const times = await compare({
        ...effort,
        ours: async (call) => {
          const proposal = await approve(world.runner, await propose(world.runner, call))
          await apply(world.runner, proposal)
        },
        reference: async () => {
          for (let step = 0; step < 3; step++) bare.insert()
        },
      })
      return [{ name: 'cycle', engine: 'sqlite', ...times, goal: GOAL, unit: 'ms', note: describeEffort(effort) }]
    } finally {
      bare.close()
      await world.close()
    }
  },
}

/** A file with one table, each insert into it a transaction of its own that waits for the disk. */
async function openBare({ library }: Bench, path: string) {
  const database = await library.openSqlite(path, { mode: 'create' })
  database.exec('pragma journal_mode = wal')
  database.exec('pragma synchronous = full')
  database.exec('create table bare (id integer primary key, body text not null)')
  const statement = database.prepare('insert into bare (body) values (?)')
  return { insert: () => statement.run(ROW), close: () => database.close() }
}
