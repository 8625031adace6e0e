/** Messages of JSON-RPC 2.0 as MCP uses them: read strictly from text, and answered by plain objects. */
import { type JsonProblem, parseStrictJson } from '../../src/protocol/strict-json.js'

/** Names a request, and its answer. */
export type RpcId = string | number

/** The parameters of a message. They were read from JSON, and are checked where they are used. */
export type RpcParams = Readonly<Record<string, unknown>>

/** A message that asks for an answer. */
export interface RpcRequest {
  readonly kind: 'request'
  readonly id: RpcId
  readonly method: string
  readonly params: RpcParams
  /** `params.arguments` as it is written, which the tools read with rules of their own. */
  readonly arguments_text: string | undefined
}

/** A message that asks for none. */
export interface RpcNotification {
  readonly kind: 'notification'
  readonly method: string
  readonly params: RpcParams
}

/** An answer to a question of the server. */
export interface RpcResponse {
  readonly kind: 'response'
  /** The whole message. */
  readonly message: RpcParams
}

export type RpcMessage = RpcRequest | RpcNotification | RpcResponse

/** Why a request has no result. */
export interface RpcError {
  readonly code: number
  readonly message: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** What comes of a request. */
export type Outcome = { readonly result: object } | { readonly error: RpcError }

/** An outcome under the name of its request; `null` where no name could be read. */
export type RpcReply = Outcome & { readonly jsonrpc: '2.0'; readonly id: RpcId | null }

/** A text that is a message, or the reply that says why it is none. */
export type ReadMessage =
  | { readonly ok: true; readonly message: RpcMessage }
  | { readonly ok: false; readonly reply: RpcReply }

export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const METHOD_NOT_FOUND = -32601
export const INVALID_PARAMS = -32602
export const INTERNAL_ERROR = -32603
/** What a server says by itself: that it is busy, or that somebody may not. */
export const SERVER_ERROR = -32000

/** Gives an outcome the name of its request. */
export function replyTo(id: RpcId | null, outcome: Outcome): RpcReply {
  return { jsonrpc: '2.0', id, ...outcome }
}

/** An error of one sentence. */
export function failure(code: number, message: string, data?: RpcError['data']): { readonly error: RpcError } {
  return { error: { code, message, ...(data === undefined ? {} : { data }) } }
}

/** Reads one message. Nothing of a text that is refused is repeated in the reply. */
export function readMessage(text: string, max_depth: number): ReadMessage {
  const read = parseStrictJson(text, { max_depth, verbatim: ARGUMENTS })
  if (!read.ok) return refused(idIn(read), read.problem)
  if (!isObject(read.value)) {
    const batch = 'Batches are not supported: send one message at a time.'
    return invalid(null, Array.isArray(read.value) ? batch : 'A message must be an object.')
  }
  return toMessage(read.value, read.verbatim)
}

const ARGUMENTS = ['params', 'arguments'] as const

function toMessage(value: RpcParams, arguments_text: string | undefined): ReadMessage {
  const { jsonrpc, id, method, params = {}, result, error } = value
  const name = asId(id)
  if (jsonrpc !== '2.0') return invalid(name, 'A message must say "jsonrpc": "2.0".')
  if (id !== undefined && name === null) return invalid(null, `An id must be ${A_NAME}.`)
  if (method === undefined) {
    const isResponse = id !== undefined && (result === undefined) !== (error === undefined)
    return isResponse
      ? { ok: true, message: { kind: 'response', message: value } }
      : invalid(name, 'A message must have a method.')
  }
  if (typeof method !== 'string') return invalid(name, 'A method must be a text.')
  if (Object.keys(value).some((key) => !MEMBERS.has(key)))
    return invalid(name, 'A message has members that it may not.')
  if (!isObject(params)) return invalid(name, 'The params of a message must be an object.')
  if (!isProgressNamed(params)) return invalid(name, `A progressToken must be ${A_NAME}.`)
  if (name === null) return { ok: true, message: { kind: 'notification', method, params } }
  return { ok: true, message: { kind: 'request', id: name, method, params, arguments_text } }
}

const MEMBERS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params'])

/** Names are repeated in answers: long ones would make them as large as the client likes. */
const LONGEST_NAME = 256
const A_NAME = `a text of at most ${LONGEST_NAME} characters or a whole number`

/** Only a number that is read back as it was written names anything. */
function asId(id: unknown): RpcId | null {
  if (typeof id === 'string') return id.length <= LONGEST_NAME ? id : null
  return Number.isSafeInteger(id) ? (id as RpcId) : null
}

/** One that is no name at all is passed over, as it always was; one that is too long is not. */
function isProgressNamed({ _meta }: RpcParams): boolean {
  return !isObject(_meta) || typeof _meta.progressToken !== 'string' || _meta.progressToken.length <= LONGEST_NAME
}

/** So that a client whose message is refused can tell which one it was. Where a name stands twice, nobody can. */
function idIn({ problem, value }: { readonly problem: JsonProblem; readonly value: unknown }): RpcId | null {
  return problem !== 'duplicate_name' && isObject(value) && Object.hasOwn(value, 'id') ? asId(value.id) : null
}

const PROBLEMS: Readonly<Record<JsonProblem, string>> = {
  invalid: 'The message is not valid JSON.',
  too_deep: 'The message is nested too deeply.',
  duplicate_name: 'The message has a name twice in one object.',
  forbidden_name: 'The message has a name that no object may have.',
  lone_surrogate: 'The message holds text that is not well-formed.',
}

function refused(id: RpcId | null, problem: JsonProblem): ReadMessage {
  return {
    ok: false,
    reply: replyTo(id, failure(problem === 'invalid' ? PARSE_ERROR : INVALID_REQUEST, PROBLEMS[problem])),
  }
}

function invalid(id: RpcId | null, message: string): ReadMessage {
  return { ok: false, reply: replyTo(id, failure(INVALID_REQUEST, message)) }
}

/** True for an object of JSON that is no list. */
export function isObject(value: unknown): value is RpcParams {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
