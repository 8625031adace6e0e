import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { mcpSelectProgram } from '../build.js'
import { invoiceId, READ_TOOL } from '../contract.js'
import type { Bench, Figure, Measurement } from '../figure.js'
import { type Comparison, compare, describeEffort, type Effort } from '../measure.js'
import { callTool, connectStdio, type McpWorld, openMcpWorld } from '../worlds/mcp.js'
import { serveHttp } from '../worlds/mcp-http.js'

const ROWS = 10_000
const STDIO_GOAL = 1.15
const HTTP_GOAL = 2.4
const PARALLEL_GOAL = 1

/** A process that is called only now and then is slower, whatever it does. */
const IN_A_ROW = 20
const IN_FLIGHT = 16
/** So many calls, with {@link IN_FLIGHT} of them open all the time, are timed together. */
const BATCH = 320

/** A read over stdio, its evidence on record, against one prepared SELECT behind the same SDK. */
export const mcpReadStdio: Figure = {
  name: 'mcp-read-stdio',
  measure: (bench) =>
    withServers(bench, async ({ world, reference }) => {
      const ours = await connectStdio(world.program('mcp', 'serve'))
      try {
        const effort = readEffort(bench)
        return toMeasurement('mcp-read-stdio', STDIO_GOAL, effort, await compareReads(effort, ours, reference))
      } finally {
        await ours.close()
      }
    }),
}

/** The same read over Streamable HTTP, against the same SELECT over stdio. */
export const mcpReadHttp: Figure = {
  name: 'mcp-read-http',
  measure: (bench) =>
    withServers(bench, async ({ world, reference }) => {
      const server = await serveHttp(world)
      try {
        const effort = readEffort(bench)
        const times = await compareReads(effort, await server.connect(), reference)
        return toMeasurement('mcp-read-http', HTTP_GOAL, effort, times)
      } finally {
        await server.close()
      }
    }),
}

/** Many calls of one client at once, over stdio: the time of a call where the others do not stop. */
export const mcpParallel: Figure = {
  name: 'mcp-parallel',
  measure: (bench) =>
    withServers(bench, async ({ world, reference }) => {
      const ours = await connectStdio(world.program('mcp', 'serve'))
      try {
        const effort = bench.quick ? { calls: 20, times: 2, warmup: 4 } : { calls: 60, times: 4, warmup: 6 }
        const batches = await compare({
          ...effort,
          ours: (batch) => callBatch(ours, batch),
          reference: (batch) => callBatch(reference, batch),
        })
        const times = { ours: batches.ours / BATCH, reference: batches.reference / BATCH }
        const { note, ...rest } = toMeasurement('mcp-parallel', PARALLEL_GOAL, effort, times)
        return { ...rest, note: `${note.replace('calls', 'batches')} of ${BATCH} calls, ${IN_FLIGHT} in flight` }
      } finally {
        await ours.close()
      }
    }),
}

interface Servers {
  readonly world: McpWorld
  readonly reference: Client
}

async function withServers(
  bench: Bench,
  work: (servers: Servers) => Promise<Measurement>,
): Promise<readonly Measurement[]> {
  const world = await openMcpWorld(bench, ROWS)
  try {
    const reference = await connectStdio({ args: [mcpSelectProgram, world.reader_url], env: {} })
    try {
      return [await work({ world, reference })]
    } finally {
      await reference.close()
    }
  } finally {
    await world.close()
  }
}

function readEffort({ quick }: Bench): Effort {
  return { calls: 1000, times: quick ? 2 : 5, warmup: 1000 }
}

function compareReads(effort: Effort, ours: Client, reference: Client): Promise<Comparison> {
  return compare({
    ...effort,
    in_a_row: IN_A_ROW,
    ours: (call) => read(ours, call),
    reference: (call) => read(reference, call),
  })
}

async function callBatch(client: Client, batch: number): Promise<void> {
  let next = batch * BATCH
  const end = next + BATCH
  const work = async () => {
    while (next < end) await read(client, next++)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
}

/** Jumps through the table, so that neighbours are not read one after the other. */
function read(client: Client, call: number) {
  return callTool(client, READ_TOOL, { invoice_id: invoiceId((call * 7919) % ROWS) })
}

function toMeasurement(name: string, goal: number, effort: Effort, times: Comparison): Measurement {
  return { name, engine: 'postgres', ...times, goal, unit: 'ms', note: describeEffort(effort) }
}
