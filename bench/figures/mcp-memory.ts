import { once } from 'node:events'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { z } from 'zod'
import { memoryProbe } from '../build.js'
import { invoiceId, READ_TOOL } from '../contract.js'
import type { Figure } from '../figure.js'
import { callTool, openMcpWorld } from '../worlds/mcp.js'
import { type HttpServer, serveHttp } from '../worlds/mcp-http.js'

const GOAL = 1.1
const ROWS = 10_000
const SESSIONS = 50
/** Fewer than one subject may have. */
const IN_FLIGHT = 16

/** The memory of a serving process after many calls of many sessions, against after a tenth of them. */
export const mcpMemory: Figure = {
  name: 'mcp-memory',
  measure: async (bench) => {
    const calls = bench.quick ? { early: 5000, late: 30_000 } : { early: 20_000, late: 200_000 }
    const world = await openMcpWorld(bench, ROWS)
    try {
      const server = await serveHttp(world, ['--expose-gc', `--import=${memoryProbe}`])
      try {
        const clients: Client[] = []
        for (let session = 0; session < SESSIONS; session++) clients.push(await server.connect())
        const reference = await memoryAfter(server, clients, 0, calls.early)
        const ours = await memoryAfter(server, clients, calls.early, calls.late)
        const note = `after ${calls.late} calls on ${SESSIONS} sessions, against ${calls.early}`
        return [{ name: 'mcp-memory', engine: 'postgres', ours, reference, goal: GOAL, unit: 'MB', note }]
      } finally {
        await server.close()
      }
    } finally {
      await world.close()
    }
  },
}

/** Makes the calls in turns of all sessions, several of them at once. */
async function memoryAfter(server: HttpServer, clients: readonly Client[], from: number, to: number): Promise<number> {
  let next = from
  const work = async () => {
    while (next < to) {
      const call = next++
      const client = clients[call % clients.length]
      if (client !== undefined) await callTool(client, READ_TOOL, { invoice_id: invoiceId((call * 7919) % ROWS) })
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  return memoryOf(server)
}

/** What the probe in the process answers. */
async function memoryOf({ process: server }: HttpServer): Promise<number> {
  const answered = once(server, 'message')
  server.send('memory')
  const [megabytes] = await answered
  return z.number().parse(megabytes)
}
