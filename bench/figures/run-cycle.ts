import { join } from 'node:path'
import { Annotation, Command, END, interrupt, START, StateGraph } from '@langchain/langgraph'
import type { Runner } from '../../src/index.js'
import type { Library } from '../build.js'
import { TENANT, VISIBLE_COLUMNS } from '../contract.js'
import type { Bench, Figure, Measurement } from '../figure.js'
import { approve } from '../loop.js'
import { compare, describeEffort, type Effort, totalCalls } from '../measure.js'
import { proposalOf, requestOf, resume, start, WAIVER } from '../workflows.js'
import { openRunWorld } from '../worlds/runs.js'
import { createShop } from '../worlds/sqlite.js'
import { CHECKPOINTERS, openCheckpointer, type SqliteCheckpointer } from './langgraph-checkpointer.js'

const GOAL = 1

/** A run from its start to its written change, against a graph of the same steps that writes by itself. */
export const runCycle: Figure = {
  name: 'run-cycle',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 200, times: 2, warmup: 200 } : { calls: 1000, times: 2, warmup: 300 }
    const measurements: Measurement[] = []
    for (const [suffix, prepare] of Object.entries(CHECKPOINTERS)) {
      const name = `run-cycle${suffix}`
      const times = await compareCycles(bench, effort, prepare)
      measurements.push({ name, engine: 'sqlite', ...times, goal: GOAL, unit: 'ms', note: describeEffort(effort) })
    }
    return measurements
  },
}

async function compareCycles(bench: Bench, effort: Effort, prepare: (checkpointer: SqliteCheckpointer) => void) {
  const folder = bench.folder()
  const checkpointer = await openCheckpointer(join(folder, 'checkpoints.db'))
  const shop = await openBareShop(bench.library, join(folder, 'shop.db'), totalCalls(effort))
  const runner = await (await openRunWorld(bench, totalCalls(effort))).open()
  try {
    prepare(checkpointer)
    const reference = graphCycle(checkpointer, shop)
    return await compare({ ...effort, ours: (call) => runCycleOf(runner, call), reference })
  } finally {
    checkpointer.db.close()
    shop.close()
    await runner.close()
  }
}

/** A run gives no hash: whoever approves looks at the proposal. */
async function runCycleOf(runner: Runner, call: number): Promise<void> {
  const run = await start(runner, WAIVER, call)
  await approve(runner, await proposalOf(runner, run))
  await resume(runner, run)
}

type Request = ReturnType<typeof requestOf>

interface BareShop {
  read(request: Request): unknown
  /** One transaction, which waits for the disk. */
  write(request: Request): void
  close(): void
}

async function openBareShop(library: Library, path: string, rows: number): Promise<BareShop> {
  await createShop(library, path, rows)
  const database = await library.openSqlite(path, { mode: 'write' })
  database.exec('pragma synchronous = full')
  const select = database.prepare(`select ${VISIBLE_COLUMNS.join(', ')} from invoices where id = ? and tenant_id = ?`)
  const update = database.prepare(`update invoices
    set late_fee_cents = ?, waiver_reason = ?, updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    where id = ? and tenant_id = ?`)
  return {
    read: ({ invoice_id }) => ({ ...Object(select.get(invoice_id, TENANT)) }),
    write: ({ invoice_id, reason, fee }) => {
      if (Number(update.run(fee, reason, invoice_id, TENANT).changes) !== 1)
        throw new Error(`${invoice_id} is missing.`)
    },
    close: () => database.close(),
  }
}

const State = Annotation.Root({
  invoice_id: Annotation<string>,
  reason: Annotation<string>,
  fee: Annotation<number>,
  invoice: Annotation<unknown>,
  status: Annotation<string>,
})

/** The same four steps as a graph takes them alone, one thread for every request. */
function graphCycle(checkpointer: SqliteCheckpointer, shop: BareShop): (call: number) => Promise<void> {
  const graph = new StateGraph(State)
    .addNode('read', (request) => ({ invoice: shop.read(request) }))
    .addNode('propose', () => ({ status: 'proposed' }))
    .addNode('decide', ({ invoice, fee }) => ({ status: interrupt({ invoice, fee }) }))
    .addNode('write', (request) => {
      if (request.status !== 'approved') return {}
      shop.write(request)
      return { status: 'applied' }
    })
    .addEdge(START, 'read')
    .addEdge('read', 'propose')
    .addEdge('propose', 'decide')
    .addEdge('decide', 'write')
    .addEdge('write', END)
    .compile({ checkpointer })
  return async (call) => {
    const request = requestOf(call)
    const config = { configurable: { thread_id: request.invoice_id } }
    await graph.invoke(request, config)
    const { status } = await graph.invoke(new Command({ resume: 'approved' }), config)
    if (status !== 'applied') throw new Error(`The graph of ${request.invoice_id} ended otherwise: ${status}.`)
  }
}
