import type { Runner } from '../../src/index.js'
import { agent, INSPECT, PROPOSE } from '../contract.js'
import type { Bench, Figure, Measurement } from '../figure.js'
import { compare, describeEffort, type Effort, totalCalls } from '../measure.js'
import { REVIEW, requestOf, start, WRITTEN_REVIEW } from '../workflows.js'
import { openRunWorld } from '../worlds/runs.js'

const GOAL = 1.3

const WORKFLOWS: Readonly<Record<string, string>> = {
  'run-start': REVIEW,
  'run-start:function': WRITTEN_REVIEW,
}

/** A run from its start to its wait for an approval, against its read and its proposal called directly. */
export const runStart: Figure = {
  name: 'run-start',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 400, times: 2, warmup: 200 } : { calls: 1000, times: 3, warmup: 300 }
    const measurements: Measurement[] = []
    for (const [name, workflow] of Object.entries(WORKFLOWS)) {
      const times = await compareStarts(bench, effort, workflow)
      measurements.push({ name, engine: 'sqlite', ...times, goal: GOAL, unit: 'ms', note: describeEffort(effort) })
    }
    return measurements
  },
}

/** Each side has a ledger and invoices of its own. */
async function compareStarts(bench: Bench, effort: Effort, workflow: string) {
  const rows = totalCalls(effort)
  const runs = await (await openRunWorld(bench, rows)).open()
  const verbs = await (await openRunWorld(bench, rows)).open()
  try {
    return await compare({
      ...effort,
      ours: (call) => start(runs, workflow, call),
      reference: (call) => inspectAndPropose(verbs, call),
    })
  } finally {
    await runs.close()
    await verbs.close()
  }
}

async function inspectAndPropose(runner: Runner, call: number): Promise<void> {
  const { invoice_id, reason, fee } = requestOf(call)
  const session = runner.session(agent)
  await session.inspect(INSPECT, { invoice_id })
  await session.propose(PROPOSE, { invoice_id, reason, fee })
}
