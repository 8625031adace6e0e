import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { CallToolResultSchema, type ContentBlock } from '@modelcontextprotocol/sdk/types.js'
import { mcpSqlProgram } from '../build.js'
import { invoiceId, PROPOSE_TOOL, READ_TOOL, TENANT, VISIBLE_COLUMNS } from '../contract.js'
import type { Figure, Measurement } from '../figure.js'
import type { Comparison } from '../measure.js'
import { callTool, connectStdio, openMcpWorld } from '../worlds/mcp.js'

const CHARACTERS_PER_TOKEN = 4

/**
 * How much a model reads and writes to look up an invoice and to waive its fee, against tools that take SQL. Each job is
 * a conversation of its own: with SQL it begins with the tables and their columns.
 */
export const mcpEfficiency: Figure = {
  name: 'mcp-efficiency',
  measure: async (bench) => {
    const world = await openMcpWorld(bench, 10)
    const ours = await connectStdio(world.program('mcp', 'serve'))
    const sql = await connectStdio({ args: [mcpSqlProgram, world.writer_url], env: {} })
    try {
      const lists = { ours: await listTools(ours), reference: await listTools(sql) }
      const lookUp = { ours: await hold(ours, [LOOK_UP]), reference: await hold(sql, [...EXPLORE, SELECT]) }
      const waive = { ours: await hold(ours, [WAIVE]), reference: await hold(sql, [...EXPLORE, SELECT, UPDATE]) }
      return [
        ...rows('tools', lists, 'list of tools'),
        ...rows('read-result', lastOf(lookUp), 'one result'),
        ...rows('proposal-result', lastOf(waive), 'one result'),
        ...rows('look-up', wholeOf(lookUp), describeCalls(lookUp)),
        ...rows('waive', wholeOf(waive), describeCalls(waive)),
      ]
    } finally {
      await ours.close()
      await sql.close()
      await world.close()
    }
  },
}

/** Numbers of characters: of what a model is shown, and of all that is sent to its client. */
interface Size {
  readonly shown: number
  readonly sent: number
}

interface Sizes {
  readonly ours: Size
  readonly reference: Size
}

interface ToolCall {
  readonly name: string
  readonly arguments: Record<string, unknown>
}

const INVOICE = invoiceId(7)
const LOOK_UP: ToolCall = { name: READ_TOOL, arguments: { invoice_id: INVOICE } }
const WAIVE: ToolCall = { name: PROPOSE_TOOL, arguments: { invoice_id: INVOICE, reason: 'outage', fee: 0 } }

const EXPLORE: readonly ToolCall[] = [
  { name: 'list_tables', arguments: {} },
  { name: 'describe_table', arguments: { table: 'invoices' } },
]
const WHERE = `WHERE id = '${INVOICE}' AND tenant_id = '${TENANT}'`
const SELECT = execute(`SELECT ${VISIBLE_COLUMNS.join(', ')} FROM invoices ${WHERE}`)
const UPDATE = execute(`UPDATE invoices SET late_fee_cents = 0, waiver_reason = 'outage' ${WHERE}`)

function execute(sql: string): ToolCall {
  return { name: 'execute_sql', arguments: { sql } }
}

/** Clients show their model the names, descriptions and input schemas. */
async function listTools(client: Client): Promise<Size> {
  const { tools } = await client.listTools()
  const shown = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
  return { shown: length(shown), sent: length(tools) }
}

interface Exchange {
  readonly call: number
  readonly result: Size
}

/** Makes the calls of one job. Clients show their model the content of each result. */
async function hold(client: Client, calls: readonly ToolCall[]): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = []
  for (const call of calls) {
    const result = await callTool(client, call.name, call.arguments)
    const { content } = CallToolResultSchema.parse(result)
    exchanges.push({ call: length(call), result: { shown: sum(content.map(shownLength)), sent: length(result) } })
  }
  return exchanges
}

interface Job {
  readonly ours: readonly Exchange[]
  readonly reference: readonly Exchange[]
}

function lastOf({ ours, reference }: Job): Sizes {
  const last = (exchanges: readonly Exchange[]) => exchanges.at(-1)?.result ?? { shown: 0, sent: 0 }
  return { ours: last(ours), reference: last(reference) }
}

function wholeOf({ ours, reference }: Job): Sizes {
  const whole = (exchanges: readonly Exchange[]) => ({
    shown: sum(exchanges.map(({ call, result }) => call + result.shown)),
    sent: sum(exchanges.map(({ call, result }) => call + result.sent)),
  })
  return { ours: whole(ours), reference: whole(reference) }
}

function describeCalls({ ours, reference }: Job): string {
  return `all calls and results, ${ours.length} against ${reference.length}`
}

function rows(name: string, { ours, reference }: Sizes, note: string): readonly Measurement[] {
  return [
    row(name, { ours: ours.shown, reference: reference.shown }, `${note}, as the model sees it`),
    row(`${name}-sent`, { ours: ours.sent, reference: reference.sent }, `${note}, as it is sent to the client`),
  ]
}

function row(name: string, { ours, reference }: Comparison, note: string): Measurement {
  const tokens = { ours: ours / CHARACTERS_PER_TOKEN, reference: reference / CHARACTERS_PER_TOKEN }
  return { name: `mcp-efficiency:${name}`, engine: 'postgres', ...tokens, unit: 'tokens', note }
}

/** Text is shown as it is, anything else as JSON. */
function shownLength(block: ContentBlock): number {
  return block.type === 'text' ? block.text.length : length(block)
}

function length(value: unknown): number {
  return JSON.stringify(value).length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
