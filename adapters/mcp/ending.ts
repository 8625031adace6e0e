/** What a protocol makes of requests that passed the gate. */
import type { Arrival, Reply } from './arrival.js'
import type { Caller } from './caller.js'
import type { RpcMessage, RpcReply } from './rpc.js'

/** A request that was let in. */
export interface Visit {
  readonly arrival: Arrival
  readonly caller: Caller
  readonly request_id: string
  /** Ends with the request; called once more, it does nothing. */
  readonly done: () => void
  /** Writes the line of the log. */
  readonly logged: (rpc: RpcReply | undefined, status: number) => void
}

/** A reply, and what it says in JSON-RPC. */
export type Answered = Reply & { readonly rpc?: RpcReply | undefined }

/** What one protocol makes of requests that were let in. */
export interface Ending {
  /** Refuses what it can before the body is read; else says what to do with the message in it. */
  admit(visit: Visit): Promise<Answered | ((message: RpcMessage) => Promise<Answered>)>
  /** Requests without a message. */
  other(visit: Visit): Promise<Answered>
  close(): void
}
