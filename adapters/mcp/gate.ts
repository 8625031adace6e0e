/** What is asked of a request before a byte of its body is read, in this order. */
import { RunnerError } from '../../src/errors.js'
import type { Arrival, Reply } from './arrival.js'
import type { Denial } from './caller.js'
import { PROTOCOL_VERSIONS } from './connection.js'
import type { McpProtocol } from './options.js'
import { failure, INVALID_REQUEST, type RpcError, type RpcReply, replyTo, SERVER_ERROR } from './rpc.js'

const JSON_TYPE = 'application/json'

/** A reply with an error of JSON-RPC, and nothing of the request in it. */
export function refusal(
  status: number,
  message: string,
  { code = SERVER_ERROR, headers = {}, data }: RefusalOptions = {},
): Reply & { readonly rpc: RpcReply } {
  return replyWith(status, replyTo(null, failure(code, message, data)), headers)
}

interface RefusalOptions {
  readonly code?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly data?: RpcError['data']
}

/** A reply that is one message of JSON-RPC. */
export function replyWith(status: number, rpc: RpcReply, headers: Readonly<Record<string, string>> = {}) {
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(rpc), rpc }
}

/** Which methods of HTTP there are. */
const METHODS: Readonly<Record<McpProtocol, readonly string[]>> = {
  mcp: ['POST', 'GET', 'DELETE'],
  'json-rpc': ['POST'],
}

/** `undefined` for a request that may pass. */
export function refuseRoute({ path, method }: Arrival, protocol: McpProtocol, own: string | undefined) {
  if (own !== undefined && path !== own) return refusal(404, 'There is nothing here.')
  const methods = METHODS[protocol]
  if (methods.includes(method)) return undefined
  return refusal(405, 'This method is not supported here.', { headers: { allow: methods.join(', ') } })
}

/** Says that nobody was let in, and not why. */
export function refuseCaller(denial: Denial) {
  if (denial === 'unknown_keys' || denial === 'host_failed') return unavailable()
  if (denial === 'forwarded') return refusal(403, 'This server answers nobody but its own machine.')
  const challenge = denial === 'no_token' ? 'Bearer' : 'Bearer error="invalid_token"'
  return refusal(401, 'Nobody is known by what came with this request.', { headers: { 'www-authenticate': challenge } })
}

/** What a limit refuses, and when to come back. */
export function refuseLimit(status: number, message: string, retry_after_s: number) {
  const data = new RunnerError('RATE_LIMITED', message, { retry_after_ms: retry_after_s * 1000 }).toJSON()
  return refusal(status, message, { headers: { 'retry-after': String(retry_after_s) }, data: { ...data } })
}

function unavailable() {
  const data = new RunnerError('SOURCE_UNAVAILABLE', 'Nobody can be verified at this moment.').toJSON()
  return refusal(503, data.message, { headers: { 'retry-after': '5' }, data: { ...data } })
}

/** What a body says of itself. */
export function refuseBody(arrival: Arrival, protocol: McpProtocol, body_bytes: number) {
  if (!isJson(arrival.header('content-type'))) return refusal(415, `The content type must be ${JSON_TYPE}.`)
  if (!isIdentity(arrival.header('content-encoding'))) return refusal(415, 'The body must not be compressed.')
  if (!accepts(arrival.header('accept'), protocol)) {
    return refusal(406, `The client must accept ${ACCEPTED[protocol].join(' and ')}.`)
  }
  const length = arrival.header('content-length')
  if (length === undefined) return undefined
  if (!/^\d{1,15}$/.test(length)) return refusal(400, 'The content length is no number.', { code: INVALID_REQUEST })
  return Number(length) > body_bytes ? tooLarge() : undefined
}

export function tooLarge() {
  return refusal(413, 'The body is too large.', { code: INVALID_REQUEST })
}

/** Whoever wants a stream says so. */
export function refuseListener(arrival: Arrival) {
  const listed = arrival.header('accept')
  if (listed !== undefined && isAccepted(listed, EVENTS)) return undefined
  return refusal(406, `The client must accept ${EVENTS}.`)
}

/** A client that is not told the version in use does not name it. */
export function refuseVersion(arrival: Arrival) {
  const version = arrival.header('mcp-protocol-version')
  if (version === undefined || PROTOCOL_VERSIONS.includes(version)) return undefined
  return refusal(400, `This version of the protocol is not spoken; these are: ${PROTOCOL_VERSIONS.join(', ')}.`)
}

function isJson(type: string | undefined): boolean {
  return /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type ?? '')
}

function isIdentity(encoding: string | undefined): boolean {
  return encoding === undefined || encoding.trim().toLowerCase() === 'identity'
}

const EVENTS = 'text/event-stream'
const ACCEPTED: Readonly<Record<McpProtocol, readonly string[]>> = { mcp: [JSON_TYPE, EVENTS], 'json-rpc': [JSON_TYPE] }

function accepts(header: string | undefined, protocol: McpProtocol): boolean {
  if (header === undefined) return protocol === 'json-rpc'
  return ACCEPTED[protocol].every((type) => isAccepted(header, type))
}

function isAccepted(header: string, type: string): boolean {
  const [group = ''] = type.split('/')
  const listed = header.split(',').map((each) => each.split(';')[0]?.trim().toLowerCase())
  return listed.some((each) => each === type || each === '*/*' || each === `${group}/*`)
}
