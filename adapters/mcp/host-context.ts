import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import type { RequestInfo } from '@modelcontextprotocol/sdk/types.js'

/**
 * What a message of MCP says of its sender: all that `resolve` of `runner.sessionsFrom` gets. Nothing of it comes from
 * a model.
 */
export interface McpHostContext {
  /** Who sent the message, as your transport verified it. */
  readonly authInfo: AuthInfo | undefined
  /** The MCP session. It is no proof of who is calling. */
  readonly sessionId: string | undefined
  /** The HTTP request. Its headers are as the client sent them: believe only what your own gateway sets. */
  readonly requestInfo: RequestInfo | undefined
}

/** The fields of the SDK's `extra` that are used. */
export interface Extra {
  readonly authInfo?: AuthInfo
  readonly sessionId?: string
  readonly requestInfo?: RequestInfo
}

export function hostContextOf({ authInfo, sessionId, requestInfo }: Extra): McpHostContext {
  return { authInfo, sessionId, requestInfo }
}
