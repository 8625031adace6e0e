import type { RequestInfo } from '@modelcontextprotocol/sdk/types.js'
import type { Arrival } from './arrival.js'
import type { Caller } from './caller.js'
import type { Extra } from './host-context.js'

/**
 * What a host is told of a request: who was verified, and what came with it but for the credentials. That is put together
 * when somebody looks at it; few hosts do. Of the request itself nothing is kept: what is watched outlives it.
 */
export function extraOf({ headers, url }: Arrival, { authInfo }: Caller, sessionId: string | undefined): Extra {
  let known: RequestInfo | undefined
  return {
    ...(authInfo === undefined ? {} : { authInfo }),
    ...(sessionId === undefined ? {} : { sessionId }),
    get requestInfo() {
      known ??= requestInfoOf(headers(), url())
      return known
    },
  }
}

function requestInfoOf(headers: ReturnType<Arrival['headers']>, url: URL | undefined): RequestInfo {
  return { headers: { ...headers }, ...(url === undefined ? {} : { url }) }
}
