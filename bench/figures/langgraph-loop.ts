import { join } from 'node:path'
import { Annotation, Command, END, interrupt, START, StateGraph } from '@langchain/langgraph'
import type { Runner } from '../../src/index.js'
import { agent, invoiceId, PROPOSE } from '../contract.js'
import type { Bench, Figure, Measurement } from '../figure.js'
import { apply, approve } from '../loop.js'
import { compare, describeEffort, type Effort, totalCalls } from '../measure.js'
import { openSqliteWorld } from '../worlds/sqlite.js'
import { CHECKPOINTERS, openCheckpointer, type SqliteCheckpointer } from './langgraph-checkpointer.js'

const GOAL = 0.6
const WIRE = PROPOSE.replaceAll('.', '__')
const LATE_FEES = 10_000

/** What both sides are asked for. */
interface Request {
  readonly invoice_id: string
  readonly reason: string
  readonly fee: number
}

/** A change proposed by a LangGraph tool, approved and written, against a graph that waits for an answer and writes none. */
export const langgraphLoop: Figure = {
  name: 'langgraph-loop',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 200, times: 2, warmup: 200 } : { calls: 1000, times: 3, warmup: 300 }
    const measurements: Measurement[] = []
    for (const [suffix, prepare] of Object.entries(CHECKPOINTERS)) {
      const times = await compareLoops(bench, effort, prepare)
      const note = describeEffort(effort)
      measurements.push({ name: `langgraph-loop${suffix}`, engine: 'sqlite', ...times, goal: GOAL, unit: 'ms', note })
    }
    return measurements
  },
}

async function compareLoops(bench: Bench, effort: Effort, prepare: (checkpointer: SqliteCheckpointer) => void) {
  const folder = bench.folder()
  const checkpointer = await openCheckpointer(join(folder, 'checkpoints.db'))
  const world = await openSqliteWorld(bench, totalCalls(effort))
  try {
    prepare(checkpointer)
    const ours = toolLoop(bench, world.runner)
    const reference = graphLoop(checkpointer)
    return await compare({
      ...effort,
      ours: (call) => ours(requestOf(call)),
      reference: (call) => reference(requestOf(call)),
    })
  } finally {
    checkpointer.db.close()
    await world.close()
  }
}

/** Every call asks for another invoice. */
function requestOf(call: number): Request {
  return { invoice_id: invoiceId(call), reason: 'outage', fee: call % LATE_FEES }
}

type Loop = (request: Request) => Promise<void>

/** Proposes as a model does, by the call of a tool; a person approves what its message shows, and it is applied. */
function toolLoop({ library }: Bench, runner: Runner): Loop {
  const [tool] = library.createLangGraphTools(runner.session(agent), { only: [PROPOSE] })
  return async (args) => {
    const message = await tool?.invoke({ name: WIRE, args, id: 'call_1', type: 'tool_call' })
    await apply(runner, await approve(runner, message.artifact.proposal))
  }
}

const State = Annotation.Root({
  invoice_id: Annotation<string>,
  reason: Annotation<string>,
  fee: Annotation<number>,
  status: Annotation<string>,
})

/** The same three steps as a graph takes them alone, one thread for every request. */
function graphLoop(checkpointer: SqliteCheckpointer): Loop {
  const graph = new StateGraph(State)
    .addNode('propose', () => ({ status: 'proposed' }))
    .addNode('approve', ({ invoice_id, fee }) => ({ status: interrupt({ invoice_id, fee }) }))
    .addNode('apply', ({ status }) => ({ status: status === 'approved' ? 'applied' : status }))
    .addEdge(START, 'propose')
    .addEdge('propose', 'approve')
    .addEdge('approve', 'apply')
    .addEdge('apply', END)
    .compile({ checkpointer })
  return async (request) => {
    const config = { configurable: { thread_id: request.invoice_id } }
    await graph.invoke(request, config)
    const { status } = await graph.invoke(new Command({ resume: 'approved' }), config)
    if (status !== 'applied') throw new Error(`The graph of ${request.invoice_id} ended otherwise: ${status}.`)
  }
}
