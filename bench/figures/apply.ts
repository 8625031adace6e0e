import type { Figure } from '../figure.js'
import { apply as applyOne, approvedProposals } from '../loop.js'
import { compare, describeEffort, totalCalls } from '../measure.js'
import { onEachServer } from '../worlds/index.js'

const GOALS = { postgres: 1.8, mysql: 2.4 }

/** A whole apply with its ledger, of a proposal that was approved before, against a bare UPDATE by primary key. */
export const apply: Figure = {
  name: 'apply',
  measure: (bench) => {
    const effort = bench.quick ? { calls: 200, times: 2, warmup: 100 } : { calls: 1000, times: 3, warmup: 200 }
    const each = totalCalls(effort)
    return onEachServer(bench, 2 * each, async ({ engine, runner, update }) => {
      const proposals = (await approvedProposals(runner, each)).values()
      const times = await compare({
        ...effort,
        ours: () => applyOne(runner, next(proposals)),
        reference: (call) => update(each + call),
      })
      return { name: 'apply', engine, ...times, goal: GOALS[engine], unit: 'ms', note: describeEffort(effort) }
    })
  },
}

function next<Item>(items: Iterator<Item, unknown>): Item {
  const item = items.next()
  if (item.done === true) throw new Error('There are fewer proposals than calls.')
  return item.value
}
