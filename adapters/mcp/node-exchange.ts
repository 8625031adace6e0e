/** Requests and answers of Node.js, as the exchange has them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Arrival, CREDENTIALS, type EventStream, type Reply } from './arrival.js'

export function arrivalOf(request: IncomingMessage): Arrival {
  const { method = '', url = '', headers } = request
  const header = (name: string) => {
    const value = headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
  const address = () => {
    const text = `http://${header('host') ?? ''}${url}`
    return URL.canParse(text) ? new URL(text) : undefined
  }
  return {
    method,
    path: url.split('?', 1)[0] ?? '',
    header,
    headers: () => Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIALS.includes(name))),
    url: address,
    // The connection is still needed for the answer when nobody reads on.
    body: request.iterator({ destroyOnReturn: false }),
    toRequest: () => new Request(address() ?? '', { method, headers: listed(headers) }),
  }
}

function listed(headers: IncomingMessage['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  )
}

/** How long a client may go on sending what nobody reads, so that it can read why. */
const LINGER_MS = 1000

export function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body, stream }: Reply,
) {
  const isUnread = !request.complete
  const length = stream === undefined && status !== 204 ? { 'content-length': Buffer.byteLength(body ?? '') } : {}
  response.writeHead(status, { ...headers, ...length, ...(isUnread ? { connection: 'close' } : {}) })
  if (stream !== undefined) {
    sendStream(response, stream)
    return
  }
  response.end(request.method === 'HEAD' ? undefined : body)
  if (isUnread) discard(request)
}

function discard(request: IncomingMessage): void {
  request.on('error', () => undefined).resume()
  const ending = setTimeout(() => request.socket.destroy(), LINGER_MS).unref()
  request.socket.once('close', () => clearTimeout(ending))
}

function sendStream(response: ServerResponse, { open }: EventStream): void {
  response.flushHeaders()
  const gone = open({
    write: (text) => void (response.writableEnded || response.destroyed || response.write(text)),
    end: () => void response.end(),
    waiting: () => response.writableLength,
  })
  if (response.closed) gone()
  else response.once('close', gone)
}
