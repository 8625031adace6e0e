import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { RunnerError } from '../../src/errors.js'
import type { Exchange } from './exchange.js'
import { refusal } from './gate.js'
import { arrivalOf, sendReply } from './node-exchange.js'
import type { McpLimits } from './options.js'
import { createProbes, type ReadyCheck } from './probes.js'
import { INVALID_REQUEST } from './rpc.js'

interface Listening {
  readonly host: string
  readonly port: number
  readonly exchange: Exchange
  readonly ready: (() => Promise<readonly ReadyCheck[]>) | undefined
  readonly limits: McpLimits
}

/** A server of Node.js that listens. */
export interface NodeServer {
  readonly address: string
  readonly port: number
  close(grace_ms: number): Promise<void>
}

/** @throws RunnerError `BUSY` or `PRECONDITION_FAILED` where nobody can listen there. */
export async function listenAt({ host, port, exchange, ready, limits }: Listening): Promise<NodeServer> {
  const probes = createProbes(ready, exchange.hosts)
  const server = createServer(settingsOf(limits))
  // One more is read than is taken, so that too many are noticed and not cut off.
  server.maxHeadersCount = limits.headers + 1
  server.maxConnections = limits.connections
  server.on('clientError', answerBroken)
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const arrival = arrivalOf(request)
    const isTooMuch = request.rawHeaders.length > 2 * limits.headers
    const reply = isTooMuch ? tooManyHeaders() : await (probes(arrival) ?? exchange.answer(arrival))
    sendReply({ request, response, patience_ms: limits.request_ms }, reply)
  }
  // Each answer that is on its way listens to it, and clients may send many requests at once.
  server.on('connection', (socket) => socket.setMaxListeners(0))
  server.on('request', (request, response) => void answer(request, response).catch(() => request.socket.destroy()))
  await listen(server, host, port)
  const bound = server.address()
  if (typeof bound !== 'object' || bound === null) throw cannotListen(host, port)

  return {
    address: bound.address,
    port: bound.port,
    close: async (grace_ms) => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      server.closeIdleConnections()
      await exchange.close(grace_ms)
      // The last answers are on their way; what does not take them is not waited for.
      const ending = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS)
      server.closeIdleConnections()
      await closed
      clearTimeout(ending)
    },
  }
}

function tooManyHeaders() {
  return { ...refusal(431, 'The request has too many headers.', { code: INVALID_REQUEST }), isLast: true }
}

const LAST_ANSWERS_MS = 200
const MAX_HEADER_BYTES = 16 * 1024

function settingsOf({ header_ms, request_ms, keep_alive_ms }: McpLimits) {
  return {
    headersTimeout: header_ms,
    // The body has a limit of its own, which answers in words; this one is behind it.
    requestTimeout: header_ms + request_ms + 1000,
    connectionsCheckingInterval: Math.min(1000, header_ms),
    keepAliveTimeout: keep_alive_ms,
    maxHeaderSize: MAX_HEADER_BYTES,
    // A header that is sent twice is seen, and is then none that is known.
    joinDuplicateHeaders: true,
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => reject(cannotListen(host, port, cause))
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

function cannotListen(host: string, port: number, cause?: NodeJS.ErrnoException): RunnerError {
  if (cause?.code === 'EADDRINUSE') {
    return new RunnerError('BUSY', `Port ${port} of ${host} is taken.`, { cause, next: 'Choose another port.' })
  }
  return new RunnerError('PRECONDITION_FAILED', `Nobody can listen at port ${port} of ${host}.`, {
    cause,
    next: 'Choose another address or port.',
  })
}

const BROKEN: Readonly<Record<string, readonly [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
}

/** What is no request of HTTP is answered as all else is. */
function answerBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, reason] = BROKEN[error.code ?? ''] ?? [400, 'Bad Request']
  const { body = '' } = refusal(status, 'This is no request that can be read.', { code: INVALID_REQUEST })
  const head = `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`
  socket.end(`${head}${body}`, () => socket.destroy())
}
