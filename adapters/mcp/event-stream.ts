import type { EventSink } from './arrival.js'
import type { Incoming } from './connection.js'
import type { Answered, Visit } from './ending.js'
import type { RpcReply, RpcRequest } from './rpc.js'
import type { McpSession } from './sessions.js'

export const EVENT_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const

/** One message as an event. */
export function eventOf(message: object): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`
}

interface StreamedCall {
  readonly session: McpSession
  readonly message: RpcRequest
  readonly incoming: Incoming
  readonly visit: Visit
  /** Holds the stream until it is answered. */
  readonly streams: Set<EventSink>
  /** Called when it is answered. */
  readonly end: () => void
}

/** Answers with a stream that ends with the answer. A client that leaves does not cancel: its call is done as it was asked. */
export function streamAnswer({ session, message, incoming, visit, streams, end }: StreamedCall): Answered {
  const work = async (sink: EventSink) => {
    streams.add(sink)
    const send = (each: object) => sink.write(eventOf(each))
    let rpc: RpcReply | undefined
    try {
      rpc = await session.connection.answer(message, { ...incoming, send })
      if (rpc !== undefined) sink.write(eventOf(rpc))
    } finally {
      streams.delete(sink)
      sink.end()
      end()
      visit.done()
      visit.logged(rpc, 200)
    }
  }
  const open = (sink: EventSink) => {
    void work(sink)
    return () => undefined
  }
  return { status: 200, headers: EVENT_HEADERS, stream: { open } }
}
