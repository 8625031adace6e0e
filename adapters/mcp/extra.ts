import type { Arrival } from './arrival.js'
import type { Caller } from './caller.js'
import type { Extra } from './host-context.js'

/** What a host is told of a request: who was verified, and what came with it but for the credentials. */
export function extraOf(arrival: Arrival, { authInfo }: Caller, sessionId: string | undefined): Extra {
  const url = arrival.url()
  return {
    ...(authInfo === undefined ? {} : { authInfo }),
    ...(sessionId === undefined ? {} : { sessionId }),
    requestInfo: { headers: { ...arrival.headers() }, ...(url === undefined ? {} : { url }) },
  }
}
