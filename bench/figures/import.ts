import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { builtPackage } from '../build.js'
import type { Figure } from '../figure.js'
import { describeEffort, medians, quietest, type Turn, totalCalls } from '../measure.js'

const GOAL = 1.5
const run = promisify(execFile)

/** Loading the package into a fresh process, against loading its largest dependency. */
export const importPackage: Figure = {
  name: 'import',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 10, times: 2, warmup: 1 } : { calls: 1000, times: 1, warmup: 2 }
    const zod = import.meta.resolve('zod')
    const turns: Turn[] = []
    for (let call = 0; call < totalCalls(effort); call++) {
      const turn = { ours: await timeImport(builtPackage), reference: await timeImport(zod) }
      if (call >= effort.warmup) turns.push(turn)
    }
    const times = medians(quietest(turns, effort.calls))
    return [{ name: 'import', engine: '-', ...times, goal: GOAL, unit: 'ms', note: describeEffort(effort) }]
  },
}

const ADAPTER_GOAL = 1.1

/** The module that each adapter adds to, as an app imports it. */
const FRAMEWORKS = {
  ai: 'ai',
  'openai-agents': '@openai/agents',
  langgraph: '@langchain/langgraph',
  mcp: '@modelcontextprotocol/sdk/server/mcp.js',
} as const

/** Loading an adapter with its framework, against loading the framework alone. */
export const importAdapters: Figure = {
  name: 'import-adapters',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 4, times: 1, warmup: 1 } : { calls: 100, times: 1, warmup: 2 }
    const measurements = []
    for (const [adapter, framework] of Object.entries(FRAMEWORKS)) {
      const [alone, together] = [import.meta.resolve(framework), new URL(`${adapter}.js`, builtPackage).href]
      const turns: Turn[] = []
      for (let call = 0; call < totalCalls(effort); call++) {
        const turn = { ours: await timeImport(alone, together), reference: await timeImport(alone) }
        if (call >= effort.warmup) turns.push(turn)
      }
      const times = medians(quietest(turns, effort.calls))
      const note = describeEffort(effort)
      measurements.push({
        name: `import:${adapter}`,
        engine: '-',
        ...times,
        goal: ADAPTER_GOAL,
        unit: 'ms',
        note,
      } as const)
    }
    return measurements
  },
}

/** Milliseconds that a fresh process takes for the import alone, without its own start. */
async function timeImport(...urls: readonly string[]): Promise<number> {
  const program = `const began = performance.now()
    for (const url of ${JSON.stringify(urls)}) await import(url)
    console.log(performance.now() - began)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program])
  return Number(stdout)
}
