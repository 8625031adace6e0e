import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { canonicalJson } from '../protocol/canonical.js'
import { HANDLER_HEADERS, HANDLER_LIMITS, type HandlerRequest, signHandlerBody } from '../protocol/handler.js'
import type { AppExecutor, Delivery, UnsentReason } from './executor.js'
import { isPrivateHost, PRIVATE_ADDRESS, publicLookup } from './public-address.js'
import { doubtful, readAnswerText, readRefusalCode } from './read-answer.js'

export interface HttpHandlerOptions {
  /** `http:` or `https:`, without credentials. */
  readonly url: URL
  readonly method: 'POST' | 'PUT' | 'PATCH'
  readonly token: string | undefined
  readonly signing_secret: string | undefined
  readonly timeout_ms: number
  readonly addresses: 'any' | 'public'
}

export interface HttpHandler extends AppExecutor {
  /** Whether anything answers there, whatever it says. */
  reach(): Promise<UnsentReason | undefined>
  close(): void
}

/** Statuses that a server gives before it looks at the work. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 415, 422])
const CONFLICT = 409
/** Statuses that say when to come back. Of 502 and 504 nobody knows what stands behind the gateway that gave them. */
const TOO_BUSY: ReadonlySet<number> = new Set([429, 503])

/** Delivers to an HTTP endpoint of the app. Redirects are not followed, and no more of an answer is read than one has. */
export function httpHandler(options: HttpHandlerOptions): HttpHandler {
  const agent = options.url.protocol === 'https:' ? new HttpsAgent(AGENT) : new HttpAgent(AGENT)
  return {
    timeout_ms: options.timeout_ms,
    deliver: async (request) => deliver(options, agent, request),
    reach: async () => {
      const exchange = await exchangeWith(options, agent, { method: 'OPTIONS', headers: {}, body: '' })
      return exchange.kind === 'unsent' ? exchange.reason : undefined
    },
    close: () => agent.destroy(),
  }
}

/** A connection for each request: one that was kept may be lost just when it is used, and nobody could tell what arrived. */
const AGENT = { keepAlive: false, maxSockets: 32 } as const

async function deliver(options: HttpHandlerOptions, agent: Agent, request: HandlerRequest): Promise<Delivery> {
  const body = canonicalJson(request)
  const { method } = options
  const exchange = await exchangeWith(options, agent, { method, headers: headersOf(options, request, body), body })
  if (exchange.kind !== 'response') return exchange
  const { status, text } = exchange
  if (status >= 200 && status < 300) return readAnswerText(request, text)
  if (REFUSALS.has(status)) return { kind: 'refused', safe_error_code: readRefusalCode(text), status }
  if (status === CONFLICT) return onlyConflict(readAnswerText(request, text))
  if (status >= 300 && status < 400) return doubtful('redirect')
  const { wait_ms } = exchange
  if (!TOO_BUSY.has(status) || wait_ms === undefined) return doubtful('status')
  return { kind: 'doubtful', reason: 'status', repeat_after_ms: wait_ms }
}

/** A status that says conflict, and a body that says something else. */
function onlyConflict(read: Delivery): Delivery {
  if (read.kind !== 'answered' || read.report.status === 'conflict') return read
  return doubtful('contradiction')
}

function headersOf({ token, signing_secret }: HttpHandlerOptions, request: HandlerRequest, body: string) {
  const seconds = Math.floor(Date.now() / 1000)
  return {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    accept: 'application/json',
    'accept-encoding': 'identity',
    [HANDLER_HEADERS.idempotency_key]: request.idempotency_key,
    [HANDLER_HEADERS.timestamp]: String(seconds),
    ...(signing_secret === undefined
      ? {}
      : { [HANDLER_HEADERS.signature]: signHandlerBody(signing_secret, seconds, body) }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
}

type Agent = HttpAgent | HttpsAgent

interface Sending {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Exchange =
  | { readonly kind: 'response'; readonly status: number; readonly text: string; readonly wait_ms: number | undefined }
  | Extract<Delivery, { kind: 'unsent' | 'doubtful' }>

/** One request and its answer within the time, whatever the other side does. */
function exchangeWith(
  options: HttpHandlerOptions,
  agent: Agent,
  { method, headers, body }: Sending,
): Promise<Exchange> {
  const { url, addresses, timeout_ms } = options
  if (addresses === 'public' && isPrivateHost(url.hostname)) {
    return Promise.resolve({ kind: 'unsent', reason: 'private_address' })
  }
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve) => {
    let hasLeft = false
    let timedOut = false
    const request = open(url, { agent, method, headers, ...(addresses === 'public' ? { lookup: publicLookup } : {}) })
    const end = (exchange: Exchange) => {
      clearTimeout(timer)
      resolve(exchange)
      // Nothing more is wanted of a connection that has not given a whole answer.
      if (exchange.kind !== 'response') request.destroy()
    }
    const timer = setTimeout(() => {
      timedOut = true
      end(hasLeft ? { kind: 'doubtful', reason: 'timeout' } : { kind: 'unsent', reason: 'timeout' })
    }, timeout_ms)
    whenConnected(request, url, () => {
      hasLeft = true
    })
    request.on('error', (error) => {
      if (timedOut) return
      end(hasLeft ? { kind: 'doubtful', reason: 'connection_lost' } : unsent(error))
    })
    request.on('response', (response) => {
      void readBody(response).then(end)
    })
    request.end(body)
  })
}

/** From then on bytes of the request may have reached the other side. */
function whenConnected(request: ClientRequest, { protocol }: URL, connected: () => void): void {
  request.on('socket', (socket) => {
    if (!socket.connecting) return connected()
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', connected)
  })
}

function readBody(response: IncomingMessage): Promise<Exchange> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= HANDLER_LIMITS.answer_bytes) chunks.push(chunk)
      else resolve({ kind: 'doubtful', reason: 'too_large' })
    })
    response.on('end', () => {
      const { statusCode: status = 0, headers } = response
      const text = Buffer.concat(chunks).toString('utf8')
      resolve({ kind: 'response', status, text, wait_ms: waitOf(headers['retry-after']) })
    })
    response.on('close', () => resolve({ kind: 'doubtful', reason: 'connection_lost' }))
    response.on('error', () => resolve({ kind: 'doubtful', reason: 'connection_lost' }))
  })
}

const SHORTEST_WAIT_MS = 200

/** Seconds; a date is not looked at. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,5}$/.test(header)) return undefined
  return Math.max(Number(header) * 1000, SHORTEST_WAIT_MS)
}

const UNKNOWN_HOST: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA'])
const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
])

function unsent(error: Error & { readonly code?: unknown }): Exchange {
  const code = typeof error.code === 'string' ? error.code : ''
  if (code === PRIVATE_ADDRESS) return { kind: 'unsent', reason: 'private_address' }
  if (UNKNOWN_HOST.has(code)) return { kind: 'unsent', reason: 'unknown_host' }
  return { kind: 'unsent', reason: NO_CONNECTION.has(code) ? 'refused_connection' : 'tls' }
}
