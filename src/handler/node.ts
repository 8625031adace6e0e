import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WritebackHandler } from './handler.js'

/** What `node:http` and Express call for a request. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * A handler for `node:http` and Express.
 *
 * It reads the body itself, byte for byte, as that is what was signed. With Express, put the route before
 * `express.json()`, or keep that away from its path: a body that somebody else has read is answered 500
 * `BODY_ALREADY_READ`, and nothing is done.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { createWritebackHandler, postgresDatabase, toNodeHandler } from '@synapsor/runner/handler'
 * import pg from 'pg'
 *
 * const handler = createWritebackHandler({
 *   token: process.env.BILLING_HANDLER_TOKEN ?? '',
 *   database: postgresDatabase(new pg.Pool()),
 *   capabilities: { 'billing.close_invoice': async () => ({ rows_affected: 1 }) },
 * })
 * createServer(toNodeHandler(handler)).listen(8787, '127.0.0.1')
 * // With Express: app.post('/writeback', toNodeHandler(handler))
 * ```
 */
export function toNodeHandler(handler: WritebackHandler): NodeHandler {
  return (incoming, outgoing) => {
    const request = requestOrRefusal(incoming)
    const answer = request instanceof Request ? handler(request) : Promise.resolve(request)
    // A handler answers whatever happens; what is left to fail is a connection that nobody is at any more.
    answer.then((response) => send(response, { incoming, outgoing })).catch(() => outgoing.destroy())
  }
}

/** Node.js takes methods and hosts that no web-standard request can have. */
function requestOrRefusal(incoming: IncomingMessage): Request | Response {
  try {
    return toRequest(incoming)
  } catch {
    return new Response(null, { status: 400 })
  }
}

function toRequest(incoming: IncomingMessage): Request | Response {
  const { method = 'GET', headers } = incoming
  const address = `http://${headers.host ?? 'localhost'}${pathOf(incoming)}`
  if (method === 'GET' || method === 'HEAD') return new Request(address, { method, headers: listed(headers) })
  if (incoming.readableEnded) return Response.json({ error_code: 'BODY_ALREADY_READ' }, { status: 500 })
  return new Request(address, { method, headers: listed(headers), body: bytesOf(incoming), duplex: 'half' })
}

/** Only a path will do, not a whole address. */
function pathOf({ url = '/' }: IncomingMessage): string {
  return url.startsWith('/') ? url : '/'
}

/** Bytes as they come and are asked for. To stop reading leaves the connection as it is: the answer still needs it. */
function bytesOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let stop = () => {}
  return new ReadableStream<Uint8Array>(
    {
      start: (stream) => {
        const data = (chunk: Buffer) => {
          stream.enqueue(chunk)
          incoming.pause()
        }
        const end = () => {
          stop()
          stream.close()
        }
        const fail = () => {
          stop()
          stream.error(new Error('The sender is gone.'))
        }
        stop = () => {
          incoming.off('data', data).off('end', end).off('error', fail).off('close', fail).pause()
        }
        incoming.on('data', data).on('end', end).on('error', fail).on('close', fail).pause()
      },
      pull: () => void incoming.resume(),
      cancel: () => stop(),
    },
    { highWaterMark: 0 },
  )
}

function listed(headers: IncomingMessage['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  )
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

/** How long a sender may go on with what nobody reads, so that it can read why. */
const LINGER_MS = 1000

async function send(response: Response, { incoming, outgoing }: Exchange): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  const isUnread = !incoming.complete
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': body.length,
    ...(isUnread ? { connection: 'close' } : {}),
  })
  outgoing.end(body)
  if (isUnread) discard(incoming)
}

function discard(incoming: IncomingMessage): void {
  incoming.on('error', () => undefined).resume()
  const ending = setTimeout(() => incoming.socket.destroy(), LINGER_MS).unref()
  incoming.socket.once('close', () => clearTimeout(ending))
}
