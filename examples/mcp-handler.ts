// An MCP server inside an app: every user of the app brings a signed token, and sees the rows of one tenant.
// Runs by itself: npm run example:mcp-handler
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { DatabaseSync } from '@photostructure/sqlite'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { claimsOf, createMcpHandler, type McpHostContext } from '../adapters/mcp/index.js'
import { createRunner, defineConfig } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
new DatabaseSync(join(folder, 'tickets.db')).exec(`
  create table tickets (id text primary key, tenant_id text not null, status text not null, version integer not null);
  insert into tickets values ('TCK-1', 'acme', 'open', 1), ('TCK-9', 'globex', 'open', 1);
`)
const { publicKey, privateKey } = await generateKeyPair('ES256')
const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'today' }] }

// #region contract
const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: { desk: { engine: 'sqlite', path: 'tickets.db' } },
  // Which claims of the token say for whom a call is made.
  trusted_context: {
    provider: 'http_claims',
    values: { tenant_id_key: 'org', principal_key: 'client', on_behalf_of_key: 'sub' },
  },
  operators: { dana: { roles: ['desk_lead'] } },
  capabilities: [
    {
      name: 'desk.propose_closing',
      kind: 'proposal',
      source: 'desk',
      target: { table: 'tickets', primary_key: 'id', tenant_key: 'tenant_id' },
      args: { ticket_id: { type: 'string', max_length: 40 } },
      lookup: { id_from_arg: 'ticket_id' },
      visible_columns: ['id', 'status'],
      patch: { status: { fixed: 'closed' } },
      allowed_columns: ['status'],
      conflict_guard: { column: 'version' },
      approval: { required_role: 'desk_lead' },
    },
  ],
})
// #endregion
const runner = createRunner(config, { base_dir: folder, logger: { info: () => {}, warn: console.error } })
await runner.migrate('desk')

// #region handler
const source = runner.sessionsFrom((host: McpHostContext) => ({ claims: claimsOf(host) }))

const handler = createMcpHandler(source, {
  auth: {
    jwt: { issuer: 'https://login.example.com', audience: 'https://desk.example.com', algorithms: ['ES256'], keys },
  },
  allowed_hosts: ['desk.example.com'],
  path: '/mcp',
})
// #endregion

/** What the app's login gives to somebody. */
const tokenOf = (person: string, org: string) =>
  new SignJWT({ org, client: 'desk_agent' })
    .setProtectedHeader({ alg: 'ES256', kid: 'today' })
    .setIssuer('https://login.example.com')
    .setAudience('https://desk.example.com')
    .setSubject(person)
    .setExpirationTime('5m')
    .sign(privateKey)

/** The client of somebody's agent. What it sends goes straight to the handler, as a server would hand it on. */
const agentOf = async (token: string) => {
  const client = new Client({ name: 'agent', version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL('https://desk.example.com/mcp'), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    fetch: async (url, init) => handler(new Request(url, init)),
  })
  await client.connect(transport)
  return client
}

// #region agents
const call = { name: 'desk__propose_closing', arguments: { ticket_id: 'TCK-1' } }

const ann = await agentOf(await tokenOf('ann', 'acme'))
const { structuredContent } = await ann.callTool(call)
const { proposal } = structuredContent as { proposal: { id: string; status: string } }
console.log('ann of acme:', proposal.status)

const gil = await agentOf(await tokenOf('gil', 'globex'))
const { content } = await gil.callTool(call)
console.log('gil of globex:', JSON.stringify(content).includes('NOT_FOUND') && 'NOT_FOUND')

const stranger = await handler(new Request('https://desk.example.com/mcp', { method: 'POST', body: '{}' }))
console.log('nobody:', stranger.status, await stranger.text())

const elsewhere = await handler(new Request('https://evil.example.com/mcp', { method: 'POST', body: '{}' }))
console.log('another host:', elsewhere.status)
// #endregion

const { hash } = await runner.proposals.get(proposal.id)
await runner.approve(proposal.id, { hash, approver: { id: 'dana' } })
console.log('dana approves, the operator applies:', (await runner.apply(proposal.id)).status)

// #region close
await handler.close()
await runner.close()
// #endregion
for (const each of [ann, gil]) await each.close()
rmSync(folder, { recursive: true })
