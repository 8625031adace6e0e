import { createServer, type RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import * as z from 'zod'
import { type AuditOptions, auditTarget } from '../../../src/cli/audit/audit-target.js'

/** A server for a test, on a free port of this machine. */
export interface Running {
  readonly url: string
  /** Every request that came, as `POST tools/list`, and the tokens that came with them. */
  readonly requests: readonly string[]
  readonly tokens: readonly (string | undefined)[]
  close(): Promise<void>
}

/** Answers HTTP as it is told. Notes what it is asked. */
export async function serve(answer: (body: string) => RequestListener): Promise<Running> {
  const requests: string[] = []
  const tokens: (string | undefined)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      requests.push(`${request.method} ${methodIn(body)}`)
      tokens.push(request.headers.authorization)
      answer(body)(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    requests,
    tokens,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function methodIn(body: string): string {
  const { method } = body === '' ? {} : (JSON.parse(body) as { method?: string })
  return method ?? 'nothing'
}

/** The SDK's own server over Streamable HTTP, with a tool that deletes. */
export function serveMcp(): Promise<Running> {
  return serve((body) => async (request, response) => {
    const transport = new StreamableHTTPServerTransport({})
    const server = shopServer()
    response.on('close', () => void server.close())
    await server.connect(transport as Parameters<typeof server.connect>[0])
    await transport.handleRequest(request, response, body === '' ? undefined : JSON.parse(body))
  })
}

/** A server with one tool that is dangerous and fails when it is called. */
export function shopServer(): McpServer {
  const server = new McpServer({ name: 'shop', version: '1.0.0' })
  const inputSchema = { tenant_id: z.string(), order_id: z.string() }
  server.registerTool('delete_order', { description: 'Deletes an order.', inputSchema }, () => {
    throw new Error('An audit calls no tool.')
  })
  return server
}

/** The command that starts a program of this folder. */
export function commandOf(program: string, ...args: readonly string[]): string {
  const path = fileURLToPath(new URL(program, import.meta.url))
  return ['stdio:', ...[process.execPath, '--import', import.meta.resolve('tsx'), path, ...args].map(quoted)].join(' ')
}

/** A program written out. */
export function commandFor(script: string): string {
  return `stdio:${quoted(process.execPath)} -e ${quoted(script)}`
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

export function run(target: string, options: Partial<AuditOptions> = {}): ReturnType<typeof auditTarget> {
  const now = () => new Date('2030-03-04T09:15:00Z')
  return auditTarget(target, { cwd: process.cwd(), env: process.env, now, ...options })
}
