import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contractOf, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { wire } from './adapter-world.js'
import { callTool } from './mcp-world.js'

const INSPECT = wire('billing.inspect_invoice')
const PROPOSE = wire('billing.propose_late_fee_waiver')

describe('an MCP server over stdio', () => {
  let shop: Shop
  let loop: Loop
  let argv: readonly string[]
  beforeAll(async () => {
    shop = await openSqliteShop()
    loop = await openLoop(shop)
    const contract = join(shop.folder, 'synapsor.runner.json')
    writeFileSync(contract, JSON.stringify(contractOf(shop)))
    const program = fileURLToPath(new URL('mcp-stdio-program.ts', import.meta.url))
    argv = ['--import', import.meta.resolve('tsx'), program, contract, loop.ledger]
  })
  afterAll(async () => {
    await loop.close()
    await shop.drop()
  })

  it('serves the client that started it, on the ledger that the operator decides on', async () => {
    const client = new Client({ name: 'test', version: '1.0.0' })
    const mistakes: Error[] = []
    client.onerror = (error) => mistakes.push(error)
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [...argv], stderr: 'pipe' }))

    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([INSPECT, PROPOSE])
    const { envelope } = await callTool(client, PROPOSE, { invoice_id: loop.invoice, reason: 'outage', fee: 0 })
    await client.close()

    expect(mistakes).toEqual([])
    expect((await loop.runner.proposals.list()).items.map(({ proposal_id }) => proposal_id)).toEqual([
      envelope?.proposal?.id,
    ])
  })

  it('writes JSON-RPC to stdout and nothing else, answers all it was asked, and ends with its client', async () => {
    const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'pipe'] })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const [answers, log] = [text(child.stdout), text(child.stderr)]
    const clientInfo = { name: 'test', version: '1.0.0' }
    const initialize = { protocolVersion: LATEST_PROTOCOL_VERSION, capabilities: {}, clientInfo }
    const messages = [
      { id: 1, method: 'initialize', params: initialize },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/list' },
      { id: 3, method: 'tools/call', params: { name: INSPECT, arguments: { invoice_id: loop.invoice } } },
      { id: 4, method: 'tools/call', params: { name: INSPECT, arguments: { invoice_id: loop.invoice, sql: 'x' } } },
      { id: 5, method: 'tools/call', params: { name: 'approve', arguments: {} } },
      { id: 6, method: 'tools/call', params: { name: INSPECT, arguments: ['not', 'an', 'object'] } },
    ]
    child.stdin.end(`${messages.map((each) => JSON.stringify({ jsonrpc: '2.0', ...each })).join('\n')}\nnot json\n`)

    expect(await ended).toBe(0)
    const lines = (await answers).trim().split('\n')
    const told = lines.map((line) => JSON.parse(line) as { jsonrpc: string; id: number })
    // What is no message has no id.
    expect(told.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4, 5, 6, null])
    expect(told.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true)
    expect(lines.join('\n')).toContain('Argument sql is not an argument here')
    expect(lines.join('\n')).not.toMatch(/node_modules|at \w+ \(|\/work\//)
    expect(await log).not.toContain('Error')
  })
})
