import type { Runner } from '../../src/index.js'
import { agent, contractOf } from '../contract.js'
import type { Bench, Figure } from '../figure.js'
import { compare, describeEffort, totalCalls } from '../measure.js'

/** Ten times the tools, and a little for what large lists cost. */
const GOAL = 12

/** Making the tools of 200 capabilities, against those of 20. Each runner makes its own once. */
export const createTools: Figure = {
  name: 'create-tools',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 20, times: 1, warmup: 5 } : { calls: 60, times: 1, warmup: 10 }
    const [many, few] = [200, 20].map((count) => runnersOf(bench, count, totalCalls(effort)))
    const create = (runner: Runner | undefined) => bench.library.createAISDKTools(runner?.session(agent) ?? never())
    const times = await compare({
      ...effort,
      ours: async (call) => create(many?.[call]),
      reference: async (call) => create(few?.[call]),
    })
    return [{ name: 'create-tools', engine: '-', ...times, goal: GOAL, unit: 'ms', note: describeEffort(effort) }]
  },
}

function runnersOf({ library }: Bench, capabilities: number, runners: number): readonly Runner[] {
  const contract = contractOf({ engine: 'sqlite', path: 'shop.db' })
  const [read] = contract.capabilities ?? []
  if (read === undefined) return never()
  const all = Array.from({ length: capabilities }, (_, number) => ({ ...read, name: `billing.inspect_${number}` }))
  return Array.from({ length: runners }, () =>
    library.createRunner({ ...contract, capabilities: all }, { ledger: ':memory:' }),
  )
}

function never(): never {
  throw new Error('There is nothing to make tools of.')
}
