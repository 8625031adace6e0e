/** A minimal MCP server over stdio: one tool, one prepared SELECT, no evidence. The reference of reads over MCP. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import pg from 'pg'
import { READ_TOOL, TENANT, VISIBLE_COLUMNS } from '../contract.js'

const [url = ''] = process.argv.slice(2)
/** As many connections as the runner's own pool may open. */
const pool = new pg.Pool({ connectionString: url, max: 10 })
const select = `select ${VISIBLE_COLUMNS.join(', ')} from invoices where id = $1 and tenant_id = $2`

const server = new Server({ name: 'select', version: '1.0.0' }, { capabilities: { tools: {} } })
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: [
    {
      name: READ_TOOL,
      description: 'Reads an invoice.',
      inputSchema: { type: 'object', properties: { invoice_id: { type: 'string' } }, required: ['invoice_id'] },
    },
  ],
}))
server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
  const values = [params.arguments?.invoice_id, TENANT]
  const { rows } = await pool.query({ name: 'select_invoice', text: select, values })
  return { content: [{ type: 'text', text: JSON.stringify(rows[0]) }], structuredContent: rows[0] }
})
await server.connect(new StdioServerTransport())
process.stdin.once('end', () => void pool.end())
