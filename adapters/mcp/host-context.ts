import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import type { RequestInfo } from '@modelcontextprotocol/sdk/types.js'

/**
 * What a message of MCP says of its sender: all that `resolve` of `runner.sessionsFrom` gets. Nothing of it comes from
 * a model.
 */
export interface McpHostContext {
  /** Who sent the message, as your transport verified it. Ours leave the token out. */
  readonly authInfo: AuthInfo | undefined
  /** The MCP session. It is no proof of who is calling. */
  readonly sessionId: string | undefined
  /**
   * The HTTP request. Its headers are as the client sent them: believe only what your own gateway sets. Ours leave out those
   * that carry credentials.
   */
  readonly requestInfo: RequestInfo | undefined
}

/**
 * The claims of the token that was verified, for contracts whose provider is `http_claims`. Where there are none, so that
 * nobody is known, it has no member.
 *
 * @example
 * ```ts
 * const source = runner.sessionsFrom((host: McpHostContext) => ({ claims: claimsOf(host) }))
 * const { url } = await serveHttp(source, { auth: { jwt } })
 * ```
 */
export function claimsOf({ authInfo }: McpHostContext): Readonly<Record<string, unknown>> {
  const claims = authInfo?.extra?.claims
  return typeof claims === 'object' && claims !== null ? { ...claims } : {}
}

/** The fields of the SDK's `extra` that are used. */
export interface Extra {
  readonly authInfo?: AuthInfo
  readonly sessionId?: string
  readonly requestInfo?: RequestInfo
}

/** Of the request no more is looked at than the host looks at. */
export function hostContextOf(extra: Extra): McpHostContext {
  return {
    authInfo: extra.authInfo,
    sessionId: extra.sessionId,
    get requestInfo() {
      return extra.requestInfo
    },
  }
}
