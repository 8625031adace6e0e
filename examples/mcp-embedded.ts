// An app's own MCP server, with the tools of a contract beside its own tool. The client stands in for an agent.
// Runs by itself: npm run example:mcp-embedded
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { DatabaseSync } from '@photostructure/sqlite'
import { registerMcpTools } from '../adapters/mcp/index.js'
import { createRunner, defineConfig } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
new DatabaseSync(join(folder, 'billing.db')).exec(`
  create table invoices (id text primary key, tenant_id text not null, fee integer not null, version integer not null);
  insert into invoices values ('INV-3001', 'acme', 5500, 1);
`)
const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: { billing: { engine: 'sqlite', path: 'billing.db' } },
  capabilities: [
    {
      name: 'billing.propose_late_fee',
      kind: 'proposal',
      source: 'billing',
      target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      args: { invoice_id: { type: 'string', max_length: 64 }, fee: { type: 'integer', minimum: 0 } },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns: ['id', 'fee'],
      patch: { fee: { from_arg: 'fee' } },
      allowed_columns: ['fee'],
      conflict_guard: { column: 'version' },
    },
  ],
})
const runner = createRunner(config, { base_dir: folder, logger: { info: () => {}, warn: console.error } })
await runner.migrate('billing')

// #region server
const server = new McpServer({ name: 'support-app', version: '1.0.0' })
server.registerTool('opening_hours', { description: 'Tells when the office is open.' }, () => ({
  content: [{ type: 'text', text: 'Monday to Friday, nine to five.' }],
}))
registerMcpTools(server, runner.session({ tenant_id: 'acme', principal: 'support_agent_17' }))
// #endregion

const [near, far] = InMemoryTransport.createLinkedPair()
await server.connect(far)

// #region agent
const agent = new Client({ name: 'agent', version: '1.0.0' })
await agent.connect(near)
console.log((await agent.listTools()).tools.map(({ name }) => name))

const call = { name: 'billing__propose_late_fee', arguments: { invoice_id: 'INV-3001', fee: 0 } }
const { structuredContent } = await agent.callTool(call)
const { proposal } = structuredContent as { proposal: { id: string; status: string } }
console.log('proposed:', proposal.status)

const madeUp = { ...call, arguments: { ...call.arguments, tenant_id: 'globex' } }
const refusal = await agent.callTool(madeUp)
console.log('refused:', refusal.isError, JSON.stringify(refusal.content).includes('tenant_id is not an argument here'))
// #endregion

// #region decide
const dana = runner.reviewer({ id: 'dana' })
const { hash } = await dana.show(proposal.id)
await dana.approve(proposal.id, { hash, reason: 'Outage on our side.' })
await runner.apply(proposal.id)

const { contents } = await agent.readResource({ uri: `synapsor://proposals/${proposal.id}` })
for (const each of contents) console.log('what the agent reads:', 'text' in each && JSON.parse(each.text).status)
// #endregion

await agent.close()
await runner.close()
rmSync(folder, { recursive: true })
