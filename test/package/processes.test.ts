import type { ChildProcess } from 'node:child_process'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDesk, type Desk } from '../support/cli.js'
import { cliCommand, cliEnvironment, endOf, runCliProcess, startCli, written } from '../support/cli-process.js'

let desk: Desk
const closing: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  desk = await createDesk()
})

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await desk.close()
})

const TOKEN = 'a'.repeat(40)
const PROPOSE = 'billing__propose_late_fee_waiver'

async function connect(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  closing.push(() => client.close())
  return client
}

function overStdio(): StdioClientTransport {
  return new StdioClientTransport({
    ...cliCommand('mcp', 'serve'),
    cwd: desk.folder,
    env: cliEnvironment(),
    stderr: 'ignore',
  })
}

async function overHttp(): Promise<{ server: ChildProcess; transport: StreamableHTTPClientTransport }> {
  const where = { cwd: desk.folder, env: { SYNAPSOR_RUNNER_HTTP_TOKEN: TOKEN } }
  const server = startCli(where, 'mcp', 'serve', '--http', '--port', '0')
  closing.push(async () => void server.kill('SIGKILL'))
  const [, url = ''] = await written(server, /serves at (\S+?)\. /)
  const requestInit = { headers: { authorization: `Bearer ${TOKEN}` } }
  return { server, transport: new StreamableHTTPClientTransport(new URL(url), { requestInit }) }
}

async function propose(client: Client, invoice_id: string): Promise<string> {
  const result = await client.callTool({ name: PROPOSE, arguments: { invoice_id, reason: 'A good reason.' } })
  const { proposal } = Object(result.structuredContent)
  return String(proposal.id)
}

async function cli(...words: readonly string[]) {
  const { exit_code, out, err } = await runCliProcess({ cwd: desk.folder }, ...words, '--json')
  return { exit_code, err, document: JSON.parse(out) }
}

async function approveAndApply(id: string): Promise<void> {
  expect(await cli('proposals', 'approve', id, '--as', 'carol', '--yes')).toMatchObject({ exit_code: 0 })
  expect(await cli('apply', id)).toMatchObject({ exit_code: 0, document: { status: 'applied' } })
}

async function expectWholeStory(id: string): Promise<void> {
  const { document } = await cli('replay', id)
  const types = document.timeline.map(({ type }: { type: string }) => type)
  expect(types).toEqual(expect.arrayContaining(['proposal.created', 'proposal.approved', 'apply.started']))
  expect(document).toMatchObject({ proposal: { status: 'applied' }, evidence_verified: true })
  expect(await cli('ledger', 'verify')).toMatchObject({ exit_code: 0, document: { ok: true } })
}

it('serves over stdio while other processes approve and apply, and ends when the client leaves', async () => {
  const transport = overStdio()
  const client = await connect(transport)
  const id = await propose(client, 'INV-3001')
  await approveAndApply(id)
  const status = await client.readResource({ uri: `synapsor://proposals/${id}` })
  expect(JSON.stringify(status.contents)).toContain('applied')
  await client.close()
  await expectWholeStory(id)
})

it('ends with 0 at SIGTERM, and what was proposed is there', async () => {
  const { server, transport } = await overHttp()
  const ended = endOf(server)
  const id = await propose(await connect(transport), 'INV-3002')
  server.kill('SIGTERM')
  expect(await ended).toEqual({ exit_code: 0, signal: null })
  await approveAndApply(id)
  await expectWholeStory(id)
})

it('loses nothing that was answered when it is killed', async () => {
  const { server, transport } = await overHttp()
  const ended = endOf(server)
  const client = await connect(transport)
  const ids = [await propose(client, 'INV-3001'), await propose(client, 'INV-3002'), await propose(client, 'INV-3003')]
  server.kill('SIGKILL')
  expect(await ended).toMatchObject({ signal: 'SIGKILL' })
  for (const id of ids) await approveAndApply(id)
  for (const id of ids) await expectWholeStory(id)
})

it('says in a sentence, at once, what keeps it from serving', async () => {
  const where = { cwd: desk.folder }
  const withoutToken = await runCliProcess(where, 'mcp', 'serve-streamable-http')
  expect(withoutToken).toMatchObject({ exit_code: 1, out: '' })
  expect(withoutToken.err).toContain('SYNAPSOR_RUNNER_HTTP_TOKEN is not set')

  const elsewhere = await runCliProcess(where, 'mcp', 'serve-http', '--insecure-loopback', '--host', '0.0.0.0')
  expect(elsewhere).toMatchObject({ exit_code: 1, out: '' })

  const { server, transport } = await overHttp()
  const { port } = new URL(String(Object(transport)._url))
  const env = { SYNAPSOR_RUNNER_HTTP_TOKEN: TOKEN }
  const taken = await runCliProcess({ ...where, env }, 'mcp', 'serve', '--http', '--port', port)
  expect(taken).toMatchObject({ exit_code: 1, out: '' })
  expect(taken.err).toContain('--port')
  server.kill('SIGTERM')
})

it('prints nothing on stdout but what was asked, and stops quietly when nobody reads', async () => {
  const { out } = await runCliProcess({ cwd: desk.folder }, 'proposals', 'list', '--json')
  expect(JSON.parse(out)).toEqual({ items: [], next_cursor: null })
  const child = startCli({ cwd: desk.folder }, 'config', 'schema')
  child.stdout?.destroy()
  const heard: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => heard.push(chunk))
  expect(await endOf(child)).toMatchObject({ exit_code: 0 })
  expect(Buffer.concat(heard).toString()).toBe('')
})

it('ends at SIGTERM though nobody reads what it says', async () => {
  const child = startCli({ cwd: desk.folder }, 'mcp', 'serve', '--log')
  const exited = new Promise((resolve) => child.once('exit', (exit_code) => resolve(exit_code)))
  const request = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })}\n`
  child.stdin?.on('error', () => undefined).write(request.repeat(2000))
  await new Promise((resolve) => child.stdout?.once('readable', resolve))
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
  child.stdout?.destroy()
  child.stderr?.destroy()
})

it('goes on serving when nobody takes its log any more', async () => {
  const { server, transport } = await overHttp()
  const client = await connect(transport)
  server.stderr?.destroy()
  for (let calls = 0; calls < 5; calls += 1) expect((await client.listTools()).tools).toHaveLength(3)
  await propose(client, 'INV-3001')
})
