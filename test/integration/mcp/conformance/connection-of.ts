import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js'
import type { Connection } from '../../../../adapters/mcp/connection.js'
import type { RpcReply } from '../../../../adapters/mcp/rpc.js'

interface Waiting {
  readonly resolve: (reply: RpcReply | undefined) => void
  readonly send: (message: object) => void
}

/** Lets a server of the SDK answer a client of our transport; `send` reaches the client while it listens. */
export function connectionOf(server: Server, send: (message: object) => void): Connection {
  const waiting = new Map<RequestId, Waiting>()
  const settle = (id: RequestId, reply: RpcReply | undefined) => {
    waiting.get(id)?.resolve(reply)
    waiting.delete(id)
  }
  const transport: Transport = {
    start: async () => undefined,
    close: async () => transport.onclose?.(),
    send: async (message, options) => {
      if ('method' in message) (waiting.get(options?.relatedRequestId ?? '')?.send ?? send)(message)
      else settle(Object(message).id, message as RpcReply)
    },
  }
  void server.connect(transport)
  const receive = (message: object) => transport.onmessage?.({ jsonrpc: '2.0', ...message } as JSONRPCMessage)
  return {
    answer: ({ id, method, params }, incoming) =>
      new Promise((resolve) => {
        waiting.set(id, { resolve, send: incoming.send ?? send })
        receive({ id, method, params })
      }),
    streams: ({ method }) => method === 'tools/call',
    notified: ({ method, params }) => {
      receive({ method, params })
      if (method === 'notifications/cancelled') settle(params.requestId as RequestId, undefined)
    },
    responded: ({ message }) => receive(message),
    close: () => void server.close(),
  }
}
