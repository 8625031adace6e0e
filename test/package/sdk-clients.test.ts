import type { ChildProcess } from 'node:child_process'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDesk, type Desk } from '../support/cli.js'
import { cliCommand, cliEnvironment, startCli, written } from '../support/cli-process.js'

const TOKEN = 'a-token-of-more-than-thirty-two-characters'
const INSPECT = 'billing__inspect_invoice'
const PROPOSE = 'billing__propose_late_fee_waiver'

let desk: Desk
let foreign = ''
const servers = new Map<string, { readonly process: ChildProcess; readonly url: URL }>()

beforeAll(async () => {
  desk = await createDesk({
    trusted_context: {
      provider: 'environment',
      values: { tenant_id_env: 'DESK_TENANT', principal_env: 'DESK_WHO' },
    },
  })
  for (const command of ['serve-streamable-http', 'serve-http']) {
    const env = { SYNAPSOR_RUNNER_HTTP_TOKEN: TOKEN, DESK_TENANT: 'acme', DESK_WHO: 'sam' }
    const process = startCli({ cwd: desk.folder, env }, 'mcp', command, '--port', '0')
    const [, url = ''] = await written(process, /serves at (\S+?)\. /)
    servers.set(command, { process, url: new URL(url) })
  }
  const other = await connect(stdio('globex'))
  const made = await other.callTool({ name: PROPOSE, arguments: { invoice_id: 'INV-9001', reason: 'Theirs.' } })
  foreign = String(Object(made.structuredContent).proposal.id)
  await other.close()
})

afterAll(async () => {
  for (const { process } of servers.values()) process.kill('SIGTERM')
  await desk.close()
})

function stdio(tenant: string): StdioClientTransport {
  const env = cliEnvironment({ DESK_TENANT: tenant, DESK_WHO: 'sam' })
  return new StdioClientTransport({ ...cliCommand('mcp', 'serve'), cwd: desk.folder, env, stderr: 'ignore' })
}

function http(command: string, headers: Readonly<Record<string, string>> = {}): StreamableHTTPClientTransport {
  const requestInit = { headers: { authorization: `Bearer ${TOKEN}`, ...headers } }
  return new StreamableHTTPClientTransport(servers.get(command)?.url ?? new URL('http://127.0.0.1:1'), { requestInit })
}

async function connect(transport: StdioClientTransport | StreamableHTTPClientTransport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  return client
}

const TRANSPORTS = {
  stdio: () => stdio('acme'),
  'Streamable HTTP': () => http('serve-streamable-http'),
  'plain JSON-RPC': () => http('serve-http'),
}

describe.each(Object.entries(TRANSPORTS))('a client of the SDK over %s', (_, open) => {
  let client: Client

  beforeAll(async () => {
    client = await connect(open())
  })

  afterAll(() => client.close())

  it('lists tools that read and propose, calls them, and reads what came of it', async () => {
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([INSPECT, PROPOSE, 'billing__waive_late_fee'])
    const read = await client.callTool({ name: INSPECT, arguments: { invoice_id: 'INV-3001' } })
    expect(read.structuredContent).toMatchObject({ ok: true, data: { late_fee_cents: 5500 } })
    const made = await client.callTool({ name: PROPOSE, arguments: { invoice_id: 'INV-3001', reason: 'Asked for.' } })
    const { id } = Object(made.structuredContent).proposal
    const { contents } = await client.readResource({ uri: `synapsor://proposals/${id}` })
    expect(JSON.parse(String(Object(contents[0]).text))).toMatchObject({ id, status: 'pending_review' })
  })

  it('is refused a tenant of its own', async () => {
    const result = await client.callTool({ name: INSPECT, arguments: { invoice_id: 'INV-9001', tenant_id: 'globex' } })
    expect(JSON.stringify(result)).toContain('INVALID_ARGUMENT')
  })

  it("is told of another tenant's row and record what it is told of none", async () => {
    const row = (invoice_id: string) => client.callTool({ name: INSPECT, arguments: { invoice_id } })
    const told = async (invoice_id: string) => JSON.stringify(await row(invoice_id)).replaceAll(invoice_id, '')
    expect(await told('INV-9001')).toBe(await told('INV-0000'))
    const read = (id: string) => client.readResource({ uri: `synapsor://proposals/${id}` }).catch(String)
    expect(await read(foreign)).toBe(await read(foreign.replace(/.{4}$/, '0000')))
  })

  it('finds no tool that approves, applies or takes SQL', async () => {
    const call = async (name: string) => JSON.stringify(await client.callTool({ name, arguments: {} }).catch(String))
    for (const name of ['approve', 'apply', 'execute_sql', 'query', 'proposals__approve']) {
      expect(await call(name)).toMatch(/CAPABILITY_NOT_FOUND|no such/i)
    }
  })
})

describe('over HTTP', () => {
  it.each([...['serve-streamable-http', 'serve-http']])('%s answers no foreign origin', async (command) => {
    await expect(connect(http(command, { origin: 'https://evil.example' }))).rejects.toThrow()
  })

  it("another client's session is there for nobody else", async () => {
    const transport = http('serve-streamable-http')
    const client = await connect(transport)
    const { url } = servers.get('serve-streamable-http') ?? {}
    const ask = (session: string, token: string) =>
      fetch(url ?? '', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-session-id': session,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      })
    const own = transport.sessionId ?? ''
    expect((await ask(own, TOKEN)).status).toBe(200)
    expect((await ask(own, `${TOKEN}x`)).status).toBe(401)
    expect((await ask(`${own.slice(0, -1)}x`, TOKEN)).status).toBe(404)
    await client.close()
  })
})
