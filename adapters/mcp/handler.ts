import type { Config, ToolSource } from '../../src/index.js'
import { type Arrival, type ByteSource, CREDENTIALS, type EventStream, type Reply } from './arrival.js'
import { createExchange } from './exchange.js'
import type { McpHostContext } from './host-context.js'
import type { McpHandlerOptions } from './options.js'

/** A server as a function, to mount where requests of the web platform are answered. */
export interface McpHandler {
  (request: Request): Promise<Response>
  /** Takes no more requests, waits for those that are worked on, and ends all sessions. Safe to call twice. */
  close(): Promise<void>
}

const GRACE_MS = 5000

/**
 * Makes a handler that serves MCP over Streamable HTTP, or plain JSON-RPC, to many clients: for Hono, Next, Bun, or
 * whatever gives a `Request` and takes a `Response`. It keeps its sessions in memory, so that all requests of a client
 * must come to the same process.
 *
 * Where it listens is for its host to say. Keep a server with `insecure_loopback` to 127.0.0.1.
 *
 * @throws RunnerError `CONFIG_INVALID` where nobody said who may call, or in a way that would let in others;
 * `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed or an `adapter` that the contract lacks;
 * `INVALID_ARGUMENT` for an option that is none.
 *
 * @example
 * ```ts
 * const source = runner.sessionsFrom((host: McpHostContext) => ({ claims: claimsOf(host) }))
 * const handler = createMcpHandler(source, {
 *   auth: { jwt: { issuer: 'https://login.example.com', audience: 'https://mcp.example.com', algorithms: ['RS256'], keys } },
 *   allowed_hosts: ['mcp.example.com'],
 * })
 * app.all('/mcp', (context) => handler(context.req.raw))
 * ```
 */
export function createMcpHandler<C extends Config>(
  source: ToolSource<C, McpHostContext>,
  options: McpHandlerOptions<C>,
): McpHandler {
  const exchange = createExchange(source, options, { isLoopback: true, isKnown: false, port: () => undefined })
  const answer = async (request: Request) => toResponse(await exchange.answer(fromRequest(request)), request.signal)
  return Object.assign(answer, { close: () => exchange.close(GRACE_MS) })
}

function fromRequest(request: Request): Arrival {
  const url = new URL(request.url)
  const header = (name: string) => request.headers.get(name) ?? undefined
  // Some hosts empty a request once it is answered.
  const headers = Object.fromEntries([...request.headers].filter(([name]) => !CREDENTIALS.includes(name)))
  return {
    method: request.method,
    path: url.pathname,
    // Requests that were made in this process have none of their own.
    header: (name) => header(name) ?? (name === 'host' ? url.host : undefined),
    headers: () => headers,
    url: () => url,
    body: request.body === null ? undefined : bytesOf(request.body),
    toRequest: () => new Request(request.url, { method: request.method, headers: request.headers }),
  }
}

function bytesOf(stream: ReadableStream<Uint8Array>): ByteSource {
  return ({ chunk, end, fail }) => {
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
    const read = async () => {
      reader = stream.getReader()
      for (let next = await reader.read(); !next.done; next = await reader.read()) chunk(next.value)
      end()
    }
    read().catch(fail)
    // Nobody waits for what is on its way: a stream that has ended takes it as well.
    return () => void reader?.cancel().catch(() => undefined)
  }
}

function toResponse({ status, headers, body, stream, left }: Reply, signal: AbortSignal): Response {
  // What becomes of an answer is for its host to see.
  left?.()
  return new Response(stream === undefined ? (body ?? null) : toReadable(stream, signal), { status, headers })
}

/** Hosts tell in either way that a client has gone: they cancel the stream, or abort the request. */
function toReadable({ open }: EventStream, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let isOver = false
  let gone: () => void = () => undefined
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const end = () => {
          if (isOver) return
          isOver = true
          signal.removeEventListener('abort', end)
          controller.close()
          gone()
        }
        gone = open({
          write: (text) => {
            if (!isOver) controller.enqueue(encoder.encode(text))
          },
          end,
          waiting: () => -(controller.desiredSize ?? 0),
        })
        if (isOver) gone()
        else if (signal.aborted) end()
        else signal.addEventListener('abort', end)
      },
      cancel: () => {
        isOver = true
        gone()
      },
    },
    // What waits is counted in bytes.
    { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
  )
}
