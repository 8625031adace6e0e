import { createConnection } from './connection.js'
import type { Answered, Ending, Visit } from './ending.js'
import { extraOf } from './extra.js'
import { replyWith } from './gate.js'
import type { RpcMessage } from './rpc.js'
import type { Surface } from './surface.js'

/** Plain JSON-RPC over POST: one message, one answer, nothing that is remembered between them. */
export function createSimple(surface: Surface): Ending {
  // Nobody can cancel what somebody else asked: notifications are taken, and nothing comes of them.
  const connection = createConnection({ surface })
  return {
    admit: async (visit) => (message) => answer(visit, message),
    other: async () => ({ status: 405, headers: { allow: 'POST' } }),
    close: () => connection.close(),
  }

  async function answer({ arrival, caller, request_id }: Visit, message: RpcMessage): Promise<Answered> {
    if (message.kind !== 'request') return { status: 202, headers: {} }
    const rpc = await connection.answer(message, {
      extra: extraOf(arrival, caller, undefined),
      request_id: () => request_id,
    })
    return rpc === undefined ? { status: 202, headers: {} } : replyWith(200, rpc)
  }
}
