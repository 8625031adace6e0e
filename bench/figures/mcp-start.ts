import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { mcpEchoProgram } from '../build.js'
import type { Figure } from '../figure.js'
import { compare, describeEffort } from '../measure.js'
import { connectStdio, type Program, writeContract } from '../worlds/mcp.js'
import { createShop } from '../worlds/sqlite.js'

const GOAL = 1.3

/** From the spawn of the server to the list of its tools, against a server with one tool that repeats a text. */
export const mcpStart: Figure = {
  name: 'mcp-start',
  measure: async (bench) => {
    const path = join(bench.folder(), 'shop.db')
    await createShop(bench.library, path, 1)
    const serve = writeContract(bench, { engine: 'sqlite', path }).program('mcp', 'serve')
    const effort = bench.quick ? { calls: 20, times: 1, warmup: 2 } : { calls: 60, times: 2, warmup: 3 }
    const started: Client[] = []
    const start = async (program: Program) => {
      started.push(await connectStdio(program))
    }
    const end = () => Promise.all(started.splice(0).map((client) => client.close()))
    try {
      const times = await compare({
        ...effort,
        prepare: end,
        ours: () => start(serve),
        reference: () => start({ args: [mcpEchoProgram], env: {} }),
      })
      return [{ name: 'mcp-start', engine: '-', ...times, goal: GOAL, unit: 'ms', note: describeEffort(effort) }]
    } finally {
      await end()
    }
  },
}
