import { randomBytes } from 'node:crypto'
import type { EventSink } from './arrival.js'
import type { Connection } from './connection.js'

/** For whom an MCP session was opened. Nobody else's request gets into it. */
export interface Owner {
  readonly subject: string
  readonly tenant_id: string
  readonly principal: string
  readonly on_behalf_of: string | undefined
  /** Many clients show the same credential, so that the session of one may be in use by another. */
  readonly isShared?: boolean
}

/** What one client has opened with `initialize`. */
export interface McpSession {
  readonly id: string
  readonly owner: Owner
  readonly connection: Connection
  /** Where the client listens. */
  listener: EventSink | undefined
  /** What has changed while it did not. */
  readonly missed: Set<string>
  /** Requests that are worked on. */
  working: number
  usedAt: number
  /** It was ended: whoever still holds it does nothing with it. */
  isOver: boolean
}

/** How many there may be. */
export interface SessionLimits {
  readonly sessions: number
  readonly sessions_per_subject: number
  readonly session_idle_ms: number
}

/** The sessions of one server. */
export interface McpSessions {
  /** `undefined` where there is no room. */
  open(owner: Owner, connect: (id: string) => Connection): McpSession | undefined
  /** `undefined` for an id that was never given, has ended, or is another subject's: nobody can tell which. */
  find(id: string, subject: string): McpSession | undefined
  end(session: McpSession): void
  /** Ends all of them. None is opened any more. */
  close(): void
  readonly count: () => number
}

/** How long nobody has used a session that makes room where many clients are one subject. */
const SHARED_IDLE_MS = 60_000

/** 192 bits of chance, as visible ASCII. */
const ID_BYTES = 24

export function createSessions(limits: SessionLimits, now: () => number = Date.now): McpSessions {
  const sessions = new Map<string, McpSession>()
  let sweeping: NodeJS.Timeout | undefined
  let isClosed = false

  const end = (session: McpSession) => {
    if (!sessions.delete(session.id)) return
    session.isOver = true
    session.connection.close()
    session.listener?.end()
    session.listener = undefined
    if (sessions.size === 0) clearInterval(sweeping)
  }
  const sweep = () => {
    const oldest = now() - limits.session_idle_ms
    for (const session of sessions.values()) if (isIdle(session) && session.usedAt < oldest) end(session)
  }
  const add = (session: McpSession) => {
    if (sessions.size === 0) sweeping = setInterval(sweep, Math.min(limits.session_idle_ms, 60_000)).unref()
    sessions.set(session.id, session)
    return session
  }

  return {
    open: (owner, connect) => {
      if (isClosed) return undefined
      if (sessions.size >= limits.sessions) sweep()
      const own = [...sessions.values()].filter((session) => session.owner.subject === owner.subject)
      if (own.length >= limits.sessions_per_subject) {
        // A client that connects anew without saying goodbye must not lock itself out. What makes room is its own.
        const oldest = own.filter(isIdle).toSorted((a, b) => a.usedAt - b.usedAt)[0]
        if (oldest === undefined || (owner.isShared && oldest.usedAt >= now() - SHARED_IDLE_MS)) return undefined
        end(oldest)
      }
      // The sessions of others are not its to end.
      if (sessions.size >= limits.sessions) return undefined
      const id = randomBytes(ID_BYTES).toString('base64url')
      return add({
        id,
        owner,
        connection: connect(id),
        listener: undefined,
        missed: new Set(),
        working: 0,
        usedAt: now(),
        isOver: false,
      })
    },
    find: (id, subject) => {
      const session = sessions.get(id)
      if (session === undefined || session.owner.subject !== subject) return undefined
      if (isIdle(session) && session.usedAt < now() - limits.session_idle_ms) {
        end(session)
        return undefined
      }
      session.usedAt = now()
      return session
    },
    end,
    close: () => {
      isClosed = true
      for (const session of [...sessions.values()]) end(session)
    },
    count: () => sessions.size,
  }
}

/** Nobody works in it, and nobody listens. */
function isIdle({ working, listener }: McpSession): boolean {
  return working === 0 && listener === undefined
}
