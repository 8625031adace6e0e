import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { builtCli } from '../build.js'
import type { Figure } from '../figure.js'
import { compare, describeEffort } from '../measure.js'
import { createShop } from '../worlds/sqlite.js'

const GOAL = 6

const FLAGS = [
  ...['init', '--path', 'shop.db', '--table', 'invoices', '--yes', '--force'],
  ...['--patch', 'late_fee_cents=fixed:0,waiver_reason=arg:reason', '--weak-guard', '--approver', 'dana'],
]

const run = promisify(execFile)

/** The command that writes a contract and what goes with it, checked against the database, against a process that does nothing. */
export const init: Figure = {
  name: 'init',
  measure: async (bench) => {
    const folder = bench.folder()
    await createShop(bench.library, join(folder, 'shop.db'), 1)
    const start = (args: readonly string[]) => run(process.execPath, [...args], { cwd: folder })

    await start([builtCli, ...FLAGS])
    if (!existsSync(join(folder, 'synapsor.runner.json'))) throw new Error('No contract was written.')
    const effort = bench.quick ? { calls: 20, times: 1, warmup: 2 } : { calls: 100, times: 2, warmup: 3 }
    const times = await compare({
      ...effort,
      ours: () => start([builtCli, ...FLAGS]),
      reference: () => start(['-e', '0']),
    })
    return [{ name: 'init', engine: 'sqlite', ...times, goal: GOAL, unit: 'ms', note: describeEffort(effort) }]
  },
}
