/** Requests and answers of Node.js, as the exchange has them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Arrival, type ByteSource, CREDENTIALS, type EventStream, type Reply } from './arrival.js'

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
    body: bytesOf(request),
    toRequest: () => new Request(address() ?? '', { method, headers: listed(headers) }),
  }
}

/** By its events: to iterate takes several promises for a body that is there at once. */
function bytesOf(request: IncomingMessage): ByteSource {
  return ({ chunk, end, fail }) => {
    if (request.destroyed) fail()
    else request.on('data', chunk).on('end', end).on('error', fail).on('close', fail)
    // The connection is still needed for the answer when nobody reads on.
    return () => void request.off('data', chunk).off('end', end).off('error', fail).off('close', fail).pause()
  }
}

function listed(headers: IncomingMessage['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  )
}

/** How long a client may go on sending what nobody reads, so that it can read why. */
const LINGER_MS = 1000

/** A request of Node.js and where it is answered. */
export interface Answering {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** How long a client may take to read what it is answered. Then its connection ends. */
  readonly patience_ms: number
}

export function sendReply(
  answering: Answering,
  { status, headers, body, stream, isLast = false, left = () => undefined }: Reply,
): void {
  const { request, response } = answering
  const isUnread = !request.complete
  const length = stream === undefined && status !== 204 ? { 'content-length': Buffer.byteLength(body ?? '') } : {}
  response.writeHead(status, { ...headers, ...length, ...(isUnread || isLast ? { connection: 'close' } : {}) })
  if (stream !== undefined) {
    sendStream(answering, stream)
    return
  }
  whenOver(answering, left)
  end(answering, request.method === 'HEAD' ? undefined : body)
  if (isUnread) discard(request)
}

function discard(request: IncomingMessage): void {
  request.on('error', () => undefined).resume()
  const ending = setTimeout(() => request.socket.destroy(), LINGER_MS).unref()
  request.socket.once('close', () => clearTimeout(ending))
}

function sendStream(answering: Answering, { open }: EventStream): void {
  const { response } = answering
  response.flushHeaders()
  const gone = open({
    write: (text) => void (response.writableEnded || response.destroyed || response.write(text)),
    end: () => response.writableEnded || end(answering),
    waiting: () => response.writableLength,
  })
  whenOver(answering, gone)
}

/** Ends an answer. What nobody takes would be kept as long as the connection lasts. */
function end({ request, response, patience_ms }: Answering, body?: string): void {
  const ending = setTimeout(() => request.socket.destroy(), patience_ms).unref()
  whenOver({ request, response }, () => clearTimeout(ending))
  response.end(body)
}

/** When an answer has left, or nobody is there any more. One that waits behind another hears of its connection alone. */
function whenOver({ request: { socket }, response }: Omit<Answering, 'patience_ms'>, then: () => void): void {
  const over = () => {
    response.off('close', over)
    socket.off('close', over)
    then()
  }
  response.once('close', over)
  socket.once('close', over)
  if (response.closed || socket.destroyed) over()
}
