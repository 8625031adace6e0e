import type { Run, Runner } from '../../src/index.js'
import type { Ledger } from '../../src/ledger/ledger.js'
import type { Bench, Figure } from '../figure.js'
import { compare, describeEffort, totalCalls } from '../measure.js'
import { REVIEW, start } from '../workflows.js'
import { openRunWorld } from '../worlds/runs.js'

const GOAL = 1.2

/** The start of a run while many others are open, against one while none is. */
export const runOpen: Figure = {
  name: 'run-open',
  measure: async (bench) => {
    const open = bench.quick ? 2000 : 10_000
    const effort = bench.quick ? { calls: 400, times: 2, warmup: 200 } : { calls: 1000, times: 2, warmup: 300 }
    const many = await openWithRuns(bench, open, totalCalls(effort))
    const none = await openWithRuns(bench, 0, totalCalls(effort))
    try {
      const times = await compare({
        ...effort,
        prepare: async () => {
          await many.endLast()
          await none.endLast()
        },
        ours: (call) => many.start(call),
        reference: (call) => none.start(call),
      })
      const note = `${describeEffort(effort)}, ${open} open runs against none`
      return [{ name: 'run-open', engine: 'sqlite', ...times, goal: GOAL, unit: 'ms', note }]
    } finally {
      await many.close()
      await none.close()
    }
  },
}

interface WithRuns {
  start(call: number): Promise<void>
  /** Cancels the run that was started last, so that as many are open as before. */
  endLast(): Promise<unknown>
  close(): Promise<void>
}

/** A runner on a ledger with so many open runs, each of an invoice of its own and at its approval. */
async function openWithRuns(bench: Bench, open: number, calls: number): Promise<WithRuns> {
  const world = await openRunWorld(bench, calls + open)
  const filling = await world.open(relaxed(bench.library.openSqliteLedger({ path: world.ledger })))
  for (let number = 0; number < open; number++) await start(filling, REVIEW, calls + number)
  await filling.close()

  const runner: Runner = await world.open()
  let last: Run | undefined
  return {
    start: async (call) => {
      last = await start(runner, REVIEW, call)
    },
    endLast: async () => last && runner.cancel(last.run_id),
    close: () => runner.close(),
  }
}

/** The same records, without waiting for the disk. */
function relaxed(ledger: Ledger): Ledger {
  return { ...ledger, append: (request) => ledger.append({ ...request, durability: 'relaxed' }) }
}
