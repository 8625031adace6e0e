/** The protocol of MCP on the side of the server, for one client, whatever carries its messages. */
import type { Extra } from './host-context.js'
import { readResource, TEMPLATES } from './resources.js'
import {
  failure,
  INTERNAL_ERROR,
  INVALID_PARAMS,
  isObject,
  METHOD_NOT_FOUND,
  type Outcome,
  type RpcId,
  type RpcNotification,
  type RpcParams,
  type RpcReply,
  type RpcRequest,
  type RpcResponse,
  replyTo,
} from './rpc.js'
import type { Subscriptions } from './subscriptions.js'
import type { Surface } from './surface.js'

/** Versions of the protocol that are spoken, the newest first. */
export const PROTOCOL_VERSIONS: readonly string[] = [
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
]

/** What belongs to one request. */
export interface Incoming {
  readonly extra: Extra
  /** Under which an answer that must not say more is found in the log. */
  readonly request_id: () => string
  /** Sends a message before the answer. Where it is absent, the client hears of no progress. */
  readonly send?: (message: object) => void
}

/** One client. */
export interface Connection {
  /** Answers a request. Gives nothing where the client has cancelled it, and never throws. */
  answer(request: RpcRequest, incoming: Incoming): Promise<RpcReply | undefined>
  /** Whether something may be said before the answer, so that it needs a stream. */
  streams(request: RpcRequest): boolean
  /** Takes notice. */
  notified(notification: RpcNotification): void
  /** Takes an answer. Absent where the server asks nothing. */
  readonly responded?: (response: RpcResponse) => void
  /** Forgets what the client wanted to hear of. */
  close(): void
}

/** The parts of a connection. Without subscriptions there are none to be had. */
export interface ConnectionParts {
  readonly surface: Surface
  readonly subscriptions?: Subscriptions | undefined
}

/** Makes what answers one client. */
export function createConnection({ surface, subscriptions }: ConnectionParts): Connection {
  const inFlight = new Map<RpcId, { isCancelled: boolean }>()
  const methods = methodsOf(surface, subscriptions)

  return {
    answer: async (request, incoming) => {
      const state = { isCancelled: false }
      inFlight.set(request.id, state)
      try {
        // What is cancelled in the same breath is not begun.
        await undefined
        if (state.isCancelled) return undefined
        const outcome = await withProgress(request, incoming, () => run(methods, request, incoming))
        return state.isCancelled ? undefined : replyTo(request.id, outcome)
      } finally {
        if (inFlight.get(request.id) === state) inFlight.delete(request.id)
      }
    },
    streams: (request) => progressTokenOf(request) !== undefined,
    notified: ({ method, params }) => {
      const state = method === 'notifications/cancelled' ? inFlight.get(params.requestId as RpcId) : undefined
      if (state !== undefined) state.isCancelled = true
    },
    close: () => subscriptions?.close(),
  }
}

type Method = (request: RpcRequest, incoming: Incoming) => Outcome | Promise<Outcome>

function methodsOf(surface: Surface, subscriptions: Subscriptions | undefined): ReadonlyMap<string, Method> {
  const { toolset, listed } = surface
  return new Map<string, Method>([
    ['initialize', ({ params }) => initialize(surface, subscriptions !== undefined, params)],
    ['ping', () => ({ result: {} })],
    ['tools/list', () => ({ result: { tools: listed } })],
    ['tools/call', (request, { extra }) => callTool(surface, request, extra)],
    ['resources/list', () => ({ result: { resources: [] } })],
    ['resources/templates/list', () => ({ result: { resourceTemplates: TEMPLATES } })],
    ['resources/read', ({ params }, { extra }) => withUri(params, (uri) => readResource(toolset, uri, extra))],
    ...subscribing(subscriptions),
  ])
}

function subscribing(subscriptions: Subscriptions | undefined): readonly (readonly [string, Method])[] {
  if (subscriptions === undefined) return []
  return [
    ['resources/subscribe', ({ params }, { extra }) => withUri(params, (uri) => subscriptions.add(uri, extra))],
    ['resources/unsubscribe', ({ params }) => withUri(params, (uri) => subscriptions.remove(uri))],
  ]
}

/** Every method that is answered: a log names no other. */
export const METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'notifications/initialized',
  'notifications/cancelled',
])

async function run(methods: ReadonlyMap<string, Method>, request: RpcRequest, incoming: Incoming): Promise<Outcome> {
  const method = methods.get(request.method)
  if (method === undefined) return failure(METHOD_NOT_FOUND, 'There is no such method.')
  try {
    return await method(request, incoming)
  } catch {
    // Whatever went wrong is not for the client.
    return failure(INTERNAL_ERROR, 'Something unexpected went wrong.', { request_id: incoming.request_id() })
  }
}

function initialize(surface: Surface, subscribe: boolean, { protocolVersion }: RpcParams): Outcome {
  if (typeof protocolVersion !== 'string') return failure(INVALID_PARAMS, 'Initialize needs a protocolVersion.')
  const { serverInfo, instructions } = surface
  return {
    result: {
      protocolVersion: PROTOCOL_VERSIONS.find((version) => version === protocolVersion) ?? PROTOCOL_VERSIONS[0],
      capabilities: { tools: {}, resources: subscribe ? { subscribe: true } : {} },
      serverInfo,
      ...(instructions === undefined ? {} : { instructions }),
    },
  }
}

async function callTool(surface: Surface, { params, arguments_text }: RpcRequest, extra: Extra): Promise<Outcome> {
  if (typeof params.name !== 'string') return failure(INVALID_PARAMS, 'A call needs the name of a tool.')
  return { result: await surface.callTool(params.name, arguments_text, extra) }
}

async function withUri(params: RpcParams, use: (uri: string) => Outcome | Promise<Outcome>): Promise<Outcome> {
  return typeof params.uri === 'string' ? use(params.uri) : failure(INVALID_PARAMS, 'The uri of a resource is missing.')
}

/** A client that asks for it hears when its call begins and when it ends: there is nothing to report between. */
async function withProgress(request: RpcRequest, { send }: Incoming, work: () => Promise<Outcome>): Promise<Outcome> {
  const progressToken = progressTokenOf(request)
  if (progressToken === undefined || send === undefined) return work()
  const report = (progress: number) =>
    send({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress, total: 1 } })
  report(0)
  const outcome = await work()
  report(1)
  // Clients forget whom to tell when the answer is there: it must not come with the same breath.
  await new Promise((resolve) => void setImmediate(resolve))
  return outcome
}

/** `undefined` where the client asks for no progress, or for that of something else than a call. */
function progressTokenOf({ method, params }: RpcRequest): RpcId | undefined {
  if (method !== 'tools/call' || !isObject(params._meta)) return undefined
  const { progressToken } = params._meta
  return typeof progressToken === 'string' || Number.isSafeInteger(progressToken) ? (progressToken as RpcId) : undefined
}
