import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Figure } from '../figure.js'
import { compare, describeEffort } from '../measure.js'
import { type Program, writeContract } from '../worlds/mcp.js'
import { createShop } from '../worlds/sqlite.js'
import { fillLedger } from './growth-ledger.js'

const GOAL = 3.5
/** One in so many records of a ledger is a proposal. */
const RECORDS_PER_PROPOSAL = 20
const PAGE = 50

const listed = z.object({ items: z.array(z.unknown()).length(PAGE) })
const run = promisify(execFile)

/** The command that lists proposals, as a whole process, against one that does nothing. */
export const cliList: Figure = {
  name: 'cli-list',
  measure: async (bench) => {
    const proposals = bench.quick ? 1000 : 10_000
    const path = join(bench.folder(), 'shop.db')
    await createShop(bench.library, path, 1)
    const commands = writeContract(bench, { engine: 'sqlite', path })
    await fillLedger(bench.library, commands.ledger, proposals * RECORDS_PER_PROPOSAL)

    const list = commands.program('proposals', 'list', '--json')
    listed.parse(JSON.parse(await output(list)))
    const effort = bench.quick ? { calls: 20, times: 1, warmup: 2 } : { calls: 100, times: 2, warmup: 3 }
    const times = await compare({
      ...effort,
      ours: () => output(list),
      reference: () => output({ args: ['-e', '0'], env: {} }),
    })
    const note = `${describeEffort(effort)}, ${proposals} proposals`
    return [{ name: 'cli-list', engine: 'sqlite', ...times, goal: GOAL, unit: 'ms', note }]
  },
}

/** Fails where the process does. */
async function output({ args, env }: Program): Promise<string> {
  const { stdout } = await run(process.execPath, [...args], { env: { ...process.env, ...env } })
  return stdout
}
