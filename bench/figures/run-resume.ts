import type { Run, Runner } from '../../src/index.js'
import type { Bench, Figure, Measurement } from '../figure.js'
import { approve } from '../loop.js'
import { compare, describeEffort, type Effort, totalCalls } from '../measure.js'
import { proposalOf, resume, start, WAIVER } from '../workflows.js'
import { openRunWorld } from '../worlds/runs.js'

const GOAL = 1.2

/** An approved run goes on in a new runner, against the one that started it. */
export const runResume: Figure = {
  name: 'run-resume',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 200, times: 1, warmup: 50 } : { calls: 600, times: 2, warmup: 100 }
    const measurements: Measurement[] = []
    for (const [name, [openOurs, openReference]] of Object.entries(PAIRS)) {
      const times = await compareWays(bench, effort, openOurs, openReference)
      measurements.push({ name, engine: 'sqlite', ...times, goal: GOAL, unit: 'ms', note: describeEffort(effort) })
    }
    return measurements
  },
}

/** One way to do what remains after an approval. */
interface Way {
  /** Makes two approved changes ready, does the first, and leaves the second to {@link Way.finish}. */
  prepare(call: number): Promise<void>
  finish(): Promise<unknown>
  close(): Promise<void>
}

type Open = (bench: Bench, calls: number) => Promise<Way>

const PAIRS: Readonly<Record<string, readonly [ours: Open, reference: Open]>> = {
  'run-resume': [resumeAnew, resumeWhereStarted],
}

async function compareWays(bench: Bench, effort: Effort, openOurs: Open, openReference: Open) {
  const ours = await openOurs(bench, totalCalls(effort))
  const reference = await openReference(bench, totalCalls(effort))
  try {
    return await compare({
      ...effort,
      prepare: async (call) => {
        await ours.prepare(call)
        await reference.prepare(call)
      },
      ours: () => ours.finish(),
      reference: () => reference.finish(),
    })
  } finally {
    await ours.close()
    await reference.close()
  }
}

/** As after a kill: every run goes on in a runner of its own, which was opened after the run was approved. */
async function resumeAnew(bench: Bench, calls: number): Promise<Way> {
  const world = await openRunWorld(bench, 2 * calls)
  const starter = await world.open()
  let runner: Runner | undefined
  let run: Run | undefined
  return {
    prepare: async (call) => {
      await runner?.close()
      const first = await approvedRun(starter, 2 * call)
      run = await approvedRun(starter, 2 * call + 1)
      runner = await world.open()
      await resume(runner, first)
    },
    finish: () => resume(prepared(runner), prepared(run)),
    close: async () => {
      await runner?.close()
      await starter.close()
    },
  }
}

async function resumeWhereStarted(bench: Bench, calls: number): Promise<Way> {
  const runner = await (await openRunWorld(bench, 2 * calls)).open()
  let run: Run | undefined
  return {
    prepare: async (call) => {
      const first = await approvedRun(runner, 2 * call)
      run = await approvedRun(runner, 2 * call + 1)
      await resume(runner, first)
    },
    finish: () => resume(runner, prepared(run)),
    close: () => runner.close(),
  }
}

/** What remains of the run is an apply. This is one without a run. */
async function approvedRun(runner: Runner, number: number): Promise<Run> {
  const run = await start(runner, WAIVER, number)
  await approve(runner, await proposalOf(runner, run))
  return run
}

function prepared<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A call is made before it was prepared.')
  return value
}
