import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

/**
 * The same way to a server, on which nothing of the server passes but one answer to each question: whatever else it says, the
 * SDK would answer, with the token of the audit and as often as the server likes.
 */
export function answersOnly(inner: Transport): Transport {
  const awaited = new Set<string | number>()
  const outer: Transport = {
    start: () => {
      inner.onmessage = (message, extra) => {
        if (isAnswer(message) && awaited.delete(message.id)) outer.onmessage?.(message, extra)
      }
      inner.onclose = () => outer.onclose?.()
      inner.onerror = (error) => outer.onerror?.(error)
      return inner.start()
    },
    send: (message, options) => {
      if ('method' in message && 'id' in message) awaited.add(message.id)
      return inner.send(message, options)
    },
    close: () => inner.close(),
    setProtocolVersion: (version) => inner.setProtocolVersion?.(version),
  }
  return outer
}

type Answer = JSONRPCMessage & { readonly id: string | number }

function isAnswer(message: JSONRPCMessage): message is Answer {
  return !('method' in message) && 'id' in message && message.id !== undefined
}
