import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { type HttpServing, type McpHostContext, type McpHttpOptions, serveHttp } from '../../../adapters/mcp/index.js'
import type { Config, GivenContext, ToolSource } from '../../../src/index.js'
import type { Loop } from '../loop/loop.js'

export const INSPECT = 'billing__inspect_invoice'
export const PROPOSE = 'billing__propose_late_fee_waiver'
export const TOKEN = 'a-token-of-our-own-with-more-than-32-bytes'

/** What a test opens and must not forget to close. */
export interface Servers {
  serve(source: ToolSource<Config, McpHostContext>, options?: Partial<McpHttpOptions>): Promise<HttpServing>
  connect(url: string, token?: string): Promise<Client>
  close(): Promise<void>
}

export function openServers(): Servers {
  const closing: (() => Promise<unknown>)[] = []
  return {
    serve: async (source, options = {}) => {
      const serving = await serveHttp(source, { auth: { token: TOKEN }, port: 0, ...options })
      closing.unshift(() => serving.close())
      return serving
    },
    connect: async (url, token = TOKEN) => {
      const client = new Client({ name: 'test', version: '1.0.0' })
      await client.connect(transportTo(url, token))
      closing.unshift(() => client.close())
      return client
    },
    close: async () => {
      for (const close of closing.splice(0)) await close()
    },
  }
}

export function transportTo(url: string, token: string): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  })
}

/** A message as a client without a library sends it. */
export interface Sent {
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
}

/** What came back. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** `undefined` where there is no body. */
  readonly body: Rpc | undefined
}

interface Rpc {
  readonly id?: unknown
  readonly result?: Readonly<Record<string, unknown>> & {
    readonly structuredContent?: { readonly proposal?: { readonly id: string } }
  }
  readonly error?: {
    readonly code: number
    readonly message: string
    readonly data?: Readonly<Record<string, unknown>>
  }
}

/** Posts bytes as they are. */
export async function post(url: string, body: unknown, sent: Sent = {}): Promise<Answer> {
  const { token = TOKEN, headers = {}, method = 'POST' } = sent
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(method === 'POST' ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  const isJson = text !== '' && response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
}

let ids = 0

/** A request with an id of its own. */
export function request(method: string, params: Readonly<Record<string, unknown>> = {}) {
  return { jsonrpc: '2.0', id: ++ids, method, params }
}

export function read(loop: Loop) {
  return request('tools/call', { name: INSPECT, arguments: { invoice_id: loop.invoice } })
}

export const INITIALIZE = request('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1.0.0' },
})

/** Opens an MCP session, and gives its id. */
export async function openSession(url: string, sent: Sent = {}): Promise<string> {
  const { headers } = await post(url, INITIALIZE, sent)
  return headers.get('mcp-session-id') ?? ''
}

/** Both protocols, and what a request needs in each. */
export const PROTOCOLS = ['mcp', 'json-rpc'] as const

/** Headers under which a request of this protocol is answered. */
export async function opened(
  url: string,
  protocol: (typeof PROTOCOLS)[number],
  sent: Sent = {},
): Promise<Record<string, string>> {
  return protocol === 'mcp' ? { 'mcp-session-id': await openSession(url, sent) } : {}
}

/** A source whose calls wait while it is held. */
export interface Holdable {
  readonly source: ToolSource<Config, McpHostContext>
  /** Holds all calls from now on. */
  hold(): void
  /** Lets them go on. */
  release(): void
  /** How many wait. */
  waiting(): number
}

export function holdable(loop: Loop, context: GivenContext): Holdable {
  let held = Promise.resolve()
  let go: () => void = () => undefined
  let waiting = 0
  const resolve = async () => {
    waiting++
    await held
    waiting--
    return context
  }
  return {
    source: loop.runner.sessionsFrom(resolve),
    hold: () => {
      held = new Promise((settle) => {
        go = settle
      })
    },
    release: () => go(),
    waiting: () => waiting,
  }
}
