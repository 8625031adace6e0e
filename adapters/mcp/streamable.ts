/** MCP over Streamable HTTP: sessions, answers as JSON or as a stream, and what a client listens to. */
import { isRunnerError } from '../../src/errors.js'
import type { Context } from '../../src/index.js'
import type { EventSink } from './arrival.js'
import { type Connection, createConnection } from './connection.js'
import type { Answered, Ending, Visit } from './ending.js'
import { streamAnswer } from './event-stream.js'
import { extraOf } from './extra.js'
import { refusal, refuseLimit, refuseListener, refuseVersion, replyWith } from './gate.js'
import { type Extra, hostContextOf, type McpHostContext } from './host-context.js'
import { listen, tell, tellUpdated } from './listener.js'
import type { McpLimits } from './options.js'
import { INVALID_REQUEST, type RpcMessage, type RpcRequest } from './rpc.js'
import { createSessions, type McpSession, type Owner } from './sessions.js'
import { subscriptionsOf } from './subscriptions.js'
import type { Surface } from './surface.js'
import { createWatcher } from './watcher.js'

interface StreamableParts {
  readonly surface: Surface
  readonly limits: McpLimits
  /** The trusted context of a request. */
  readonly ownerOf: (host: McpHostContext) => Promise<Context>
  /** What answers a client in the place of our tools. */
  readonly connect: Connect | undefined
}

/** Makes what answers one client; `send` reaches it while it listens. */
export type Connect = (send: (message: object) => void) => Connection

/** A session, and the request of its owner. */
interface Own {
  readonly session: McpSession
  readonly extra: Extra
}

const SESSION_ID = 'mcp-session-id'

export function createStreamable({ surface, limits, ownerOf, connect }: StreamableParts): Ending {
  const sessions = createSessions(limits)
  const watcher = createWatcher(surface.toolset, limits)
  const streams = new Set<EventSink>()

  const loadOwner = async ({ caller }: Visit, extra: Extra): Promise<Owner> => {
    const { subject, isShared = false } = caller
    const { tenant_id, principal, on_behalf_of } = await ownerOf(hostContextOf(extra))
    return { subject, isShared, tenant_id, principal, on_behalf_of }
  }

  /** The session that a request names, if it is that of whoever sent it, now as when it was opened. */
  const findOwn = async (visit: Visit, id: string): Promise<Own | Answered> => {
    const session = sessions.find(id, visit.caller.subject)
    if (session === undefined) return notFound()
    try {
      const extra = extraOf(visit.arrival, visit.caller, id)
      const isOwn = isSame(await loadOwner(visit, extra), session.owner)
      // It may have ended meanwhile.
      return isOwn && !session.isOver ? { session, extra } : notFound()
    } catch (error) {
      // The session is the caller's own: that it cannot be told for whom is no word about the session.
      return refuseContext(error)
    }
  }

  const open = async (visit: Visit, request: RpcRequest): Promise<Answered> => {
    const extra = extraOf(visit.arrival, visit.caller, undefined)
    let session: McpSession | undefined
    const send = (message: object) => session !== undefined && tell(session, message)
    const update = (uri: string) => {
      if (session !== undefined) tellUpdated(session, uri)
    }
    const forget = (uri: string) => void session?.missed.delete(uri)
    const most = limits.subscriptions_per_session
    try {
      const owner = await loadOwner(visit, extra)
      const toTools = () =>
        createConnection({ surface, subscriptions: subscriptionsOf(watcher, { owner, updated: update, forget, most }) })
      session = sessions.open(owner, connect === undefined ? toTools : () => connect(send))
    } catch (error) {
      return refuseContext(error)
    }
    if (session === undefined) return noRoom()
    const rpc = await session.connection.answer(request, { extra, request_id: () => visit.request_id })
    if (rpc === undefined || 'error' in rpc) {
      sessions.end(session)
      return rpc === undefined ? ACCEPTED : replyWith(400, rpc)
    }
    return replyWith(200, rpc, { [SESSION_ID]: session.id })
  }

  return {
    admit: async (visit) => {
      const unspoken = refuseVersion(visit.arrival)
      if (unspoken !== undefined) return unspoken
      const id = visit.arrival.header(SESSION_ID)
      if (id === undefined) return (message) => first(message, (request) => open(visit, request))
      const own = await findOwn(visit, id)
      return 'session' in own ? (message) => answer({ visit, own, streams }, message) : own
    },
    other: async (visit) => {
      const isListening = visit.arrival.method === 'GET'
      const unfit = (isListening ? refuseListener(visit.arrival) : undefined) ?? refuseVersion(visit.arrival)
      if (unfit !== undefined) return unfit
      const id = visit.arrival.header(SESSION_ID)
      if (id === undefined) return missingId()
      const own = await findOwn(visit, id)
      if (!('session' in own)) return own
      if (isListening) return listen(own.session, visit)
      sessions.end(own.session)
      return { status: 204, headers: {} }
    },
    close: () => {
      sessions.close()
      for (const stream of streams) stream.end()
    },
  }
}

/** A client without a session can do nothing but open one. */
async function first(message: RpcMessage, open: (request: RpcRequest) => Promise<Answered>): Promise<Answered> {
  return message.kind === 'request' && message.method === 'initialize' ? open(message) : missingId()
}

/** A message is about to come, in a session. */
interface Expecting {
  readonly visit: Visit
  readonly own: Own
  /** What is answered at this moment. */
  readonly streams: Set<EventSink>
}

async function answer({ visit, own, streams }: Expecting, message: RpcMessage): Promise<Answered> {
  const { session, extra } = own
  // Its body may have come after the session was ended.
  if (session.isOver) return notFound()
  if (message.kind === 'notification') session.connection.notified(message)
  if (message.kind === 'response') session.connection.responded?.(message)
  if (message.kind !== 'request') return ACCEPTED
  if (message.method === 'initialize') {
    return refusal(400, 'This session is open already.', { code: INVALID_REQUEST })
  }
  const end = begin(session)
  const incoming = { extra, request_id: () => visit.request_id }
  if (session.connection.streams(message)) return streamAnswer({ session, message, incoming, visit, streams, end })
  const rpc = await session.connection.answer(message, incoming)
  end()
  return rpc === undefined ? ACCEPTED : replyWith(200, rpc)
}

function begin(session: McpSession): () => void {
  session.working++
  return () => {
    session.working--
    session.usedAt = Date.now()
  }
}

function isSame(one: Owner, other: Owner): boolean {
  return (
    one.subject === other.subject &&
    one.tenant_id === other.tenant_id &&
    one.principal === other.principal &&
    one.on_behalf_of === other.on_behalf_of
  )
}

const ACCEPTED: Answered = { status: 202, headers: {} }

/** Says the same of a session that never was, has ended, or is somebody else's. */
function notFound(): Answered {
  return refusal(404, 'There is no such session.')
}

function missingId(): Answered {
  return refusal(400, 'Open a session with initialize, and send its Mcp-Session-Id.', { code: INVALID_REQUEST })
}

function noRoom(): Answered {
  return refuseLimit(503, 'There is no room for another session.', 60)
}

/** Answers with a refusal of ours, which says that the host could not name the caller. What is not ours is thrown on. */
function refuseContext(error: unknown): Answered {
  if (!isRunnerError(error)) throw error
  return refusal(403, error.message, { data: { ...error.toJSON() } })
}
