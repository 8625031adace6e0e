import { agent, INSPECT, invoiceId } from '../contract.js'
import type { Figure } from '../figure.js'
import { compare, describeEffort } from '../measure.js'
import { onEachServer } from '../worlds/index.js'

const ROWS = 10_000
const GOALS = { postgres: 1.8, mysql: 1.6 }

/** A read with its evidence on record, against the same SELECT on the bare client. */
export const inspect: Figure = {
  name: 'inspect',
  measure: (bench) =>
    onEachServer(bench, ROWS, async ({ engine, runner, select }) => {
      const session = runner.session(agent)
      const effort = { calls: 1000, times: bench.quick ? 2 : 5, warmup: 500 }
      const times = await compare({
        ...effort,
        ours: (call) => session.inspect(INSPECT, { invoice_id: invoiceId(rowOf(call)) }),
        reference: (call) => select(rowOf(call)),
      })
      return { name: 'inspect', engine, ...times, goal: GOALS[engine], unit: 'ms', note: describeEffort(effort) }
    }),
}

/** Jumps through the table, so that neighbours are not read one after the other. */
function rowOf(call: number): number {
  return (call * 7919) % ROWS
}
