import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { memoryProgram } from '../build.js'
import type { Figure } from '../figure.js'

const GOAL = 1.1
const INSPECTS_PER_CYCLE = 10
const printed = z.object({ early_mb: z.number(), late_mb: z.number() })
const run = promisify(execFile)

/** The memory of a process after many calls, against after a tenth of them. */
export const memory: Figure = {
  name: 'memory',
  measure: async (bench) => {
    const cycles = bench.quick ? { early: 500, late: 1200 } : { early: 500, late: 5000 }
    const { stdout } = await run(process.execPath, [
      '--expose-gc',
      memoryProgram,
      bench.folder(),
      String(cycles.early),
      String(cycles.late),
    ])
    const { early_mb, late_mb } = printed.parse(JSON.parse(stdout))
    const note = `after ${calls(cycles.late)}, against ${calls(cycles.early)}`
    return [{ name: 'memory', engine: 'sqlite', ours: late_mb, reference: early_mb, goal: GOAL, unit: 'MB', note }]
  },
}

function calls(cycles: number): string {
  return `${cycles * INSPECTS_PER_CYCLE} inspects and ${cycles} cycles`
}
