import { setTimeout as sleep } from 'node:timers/promises'
import { isRunnerError, RunnerError } from '../../errors.js'
import { answersOnly } from './answers-only.js'
import type { Connection } from './connection.js'
import { MOST_BYTES, MOST_REQUESTS, tooLarge, tooManyRequests } from './limits.js'
import { mcpSdk } from './mcp-sdk.js'

/** What is asked, and the end of the session. */
const METHODS: readonly string[] = ['POST', 'DELETE']

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/**
 * Opens a way to a server over Streamable HTTP. It sends a limited number of requests and none after the deadline, reads a
 * limited number of bytes, follows no redirect to another origin, opens no stream of notifications, and sends no credential
 * but the given token.
 */
export async function connectHttp(url: URL, token: string | undefined, deadline: AbortSignal): Promise<Connection> {
  const { StreamableHTTPClientTransport } = await mcpSdk()
  let failure: RunnerError | undefined
  const guarded = boundedFetch(deadline, (error) => {
    failure ??= error
  })
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: guarded,
    ...(token === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  })
  return {
    transport: answersOnly(transport),
    failure: () => failure,
    close: async () => {
      const patience = sleep(PATIENCE_MS, undefined, { ref: false })
      // Whether the server ends the session is its own affair.
      await Promise.race([transport.terminateSession().catch(() => undefined), patience])
      await transport.close().catch(() => undefined)
    },
  }
}

/** How long a server may take to hear that its session is over. */
const PATIENCE_MS = 500

/** What stands for a `fetch` that asks and reads no more than the limits, counted over all answers. */
function boundedFetch(deadline: AbortSignal, fail: (error: RunnerError) => void) {
  let read = 0
  let asked = 0
  const failed = (error: RunnerError): RunnerError => {
    fail(error)
    return error
  }
  const count = (chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void => {
    read += chunk.byteLength
    if (read > MOST_BYTES) controller.error(failed(tooLarge('What the server sends')))
    else controller.enqueue(chunk)
  }
  return async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    deadline.throwIfAborted()
    // The stream of notifications is never opened.
    if (!METHODS.includes(init.method ?? 'GET')) return new Response(null, { status: 405 })
    asked += 1
    if (asked > MOST_REQUESTS) throw failed(tooManyRequests())
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline
    const response = await fetch(input, { ...init, signal, redirect: 'manual' }).catch((cause: unknown) => {
      throw signal.aborted ? cause : failed(unreachable(cause))
    })
    const refusal = refusalOf(response, new URL(String(input)))
    if (refusal !== undefined) {
      await response.body?.cancel().catch(() => undefined)
      throw failed(refusal)
    }
    const { status, statusText, headers, body } = response
    return new Response(body?.pipeThrough(new TransformStream({ transform: count })) ?? null, {
      status,
      statusText,
      headers,
    })
  }
}

/** Answers that no client of the protocol can go on with. */
function refusalOf({ status, headers }: Response, url: URL): RunnerError | undefined {
  const location = headers.get('location')
  if (REDIRECTS.includes(status) && location !== null) {
    const isSame = URL.canParse(location, url.href) && new URL(location, url).origin === url.origin
    return isSame ? undefined : answered('The server redirects to another address.', 'Give the address that it names.')
  }
  if (status === 401 || status === 403) {
    return new RunnerError('SOURCE_AUTH', `The server refused the request with HTTP ${status}.`, {
      details: { status },
      next: 'Put a bearer token into an environment variable and name it with --auth-token-env.',
    })
  }
  if (status < 400) return undefined
  return answered(`The server answered HTTP ${status}.`, 'Check the path of its MCP endpoint, often /mcp.')
}

function answered(message: string, next: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', message, { details: { argument: 'target' }, next })
}

function unreachable(cause: unknown): RunnerError {
  if (isRunnerError(cause)) return cause
  return new RunnerError('SOURCE_UNAVAILABLE', 'The server cannot be reached.', {
    next: 'Check that it runs, that the address is right, and that its certificate is trusted.',
    cause,
  })
}
