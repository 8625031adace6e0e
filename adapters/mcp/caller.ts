import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'

/** Who calls. */
export interface Caller {
  /** The same for all requests of one caller, and for nobody else's. */
  readonly subject: string
  /** Many clients show the same credential, and are one subject. */
  readonly isShared?: boolean
  readonly authInfo: AuthInfo | undefined
}

/**
 * Why nobody is let in. `unknown_keys` and `host_failed` are no word about the token, which may be good; `forwarded` says that
 * the request came from elsewhere.
 */
export type Denial = 'no_token' | 'invalid_token' | 'unknown_keys' | 'host_failed' | 'forwarded'

/** Stands where a token was: what tools and their host see has none. */
export const WITHHELD = 'withheld'

/** A caller whose token was verified. */
export function verifiedCaller(claims: Readonly<Record<string, unknown>>, sub: string): Caller {
  const { exp, scope } = claims
  const scopes = typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : []
  const extra = { sub, claims }
  const authInfo = {
    token: WITHHELD,
    clientId: sub,
    scopes,
    extra,
    ...(typeof exp === 'number' ? { expiresAt: exp } : {}),
  }
  return { subject: JSON.stringify(['jwt', claims.iss ?? null, sub]), authInfo }
}
