import type { EventSink } from './arrival.js'
import type { Answered, Visit } from './ending.js'
import { EVENT_HEADERS, eventOf } from './event-stream.js'
import type { McpSession } from './sessions.js'

/** How often a stream that is silent says that it lives, for what stands between. */
const PULSE_MS = 15_000

/** What may wait for a client that does not read. */
const MOST_WAITING_BYTES = 1024 * 1024

/** Opens the stream on which a client hears what it has subscribed to. A second one takes the place of the first. */
export function listen(session: McpSession, { caller, logged }: Visit): Answered {
  const { expiresAt = Number.POSITIVE_INFINITY } = caller.authInfo ?? {}
  const open = (sink: EventSink) => {
    // It may have ended since it was found.
    if (session.isOver) {
      sink.end()
      return () => logged(undefined, 200)
    }
    session.listener?.end()
    session.listener = sink
    const pulse = setInterval(() => {
      // The credential that opened it opens it no longer.
      if (Date.now() >= expiresAt * 1000) sink.end()
      else write(sink, ': alive\n\n')
    }, PULSE_MS).unref()
    write(sink, ': listening\n\n')
    for (const uri of session.missed) write(sink, updated(uri))
    session.missed.clear()
    return () => {
      clearInterval(pulse)
      if (session.listener === sink) session.listener = undefined
      session.usedAt = Date.now()
      logged(undefined, 200)
    }
  }
  return { status: 200, headers: EVENT_HEADERS, stream: { open } }
}

/** Tells a client now, or when it listens again. */
export function tellUpdated({ listener, missed }: McpSession, uri: string): void {
  if (listener === undefined) missed.add(uri)
  else write(listener, updated(uri))
}

/** Tells a client what it hears only while it listens. */
export function tell({ listener }: McpSession, message: object): void {
  if (listener !== undefined) write(listener, eventOf(message))
}

function updated(uri: string): string {
  return eventOf({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } })
}

function write(sink: EventSink, text: string): void {
  if (sink.waiting() > MOST_WAITING_BYTES) sink.end()
  else sink.write(text)
}
