import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { RunnerError } from '../../errors.js'

/** A way to one server, which remembers why it failed: the SDK's own errors carry text of the server. */
export interface Connection {
  readonly transport: Transport
  /** Why it failed, where that is known better than the SDK knows it. */
  failure(): RunnerError | undefined
  /** Leaves nothing behind: no process, no stream. Never throws. */
  close(): Promise<void>
}
