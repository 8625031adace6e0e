import { createHash, timingSafeEqual } from 'node:crypto'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import { isRunnerError } from '../../src/errors.js'
import type { Arrival } from './arrival.js'
import { type Caller, type Denial, WITHHELD } from './caller.js'
import { isLoopbackName } from './hosts.js'
import { type McpJwtOptions, resolveJwt } from './jwt-options.js'
import { type McpLimits, unsafe } from './options.js'

/**
 * How a server knows who calls.
 *
 * - `{ token }`: one bearer token for all, at least 32 bytes where others than this machine can reach the server.
 * - `{ jwt }`: a signed token for each caller, see {@link McpJwtOptions}.
 * - `{ authenticate }`: your own way. Gives nothing where it does not know the caller, who is answered 401. Where it throws, or
 *   takes longer than the limit `request_ms`, nobody knows, and the answer is 503. Sessions and limits go by `clientId` and
 *   `extra.sub` of what it gives.
 * - `'insecure_loopback'`: everybody on this machine. A request that a proxy has passed on is refused.
 */
export type McpAuth =
  | { readonly token: string; readonly jwt?: never; readonly authenticate?: never }
  | { readonly jwt: McpJwtOptions; readonly token?: never; readonly authenticate?: never }
  | {
      readonly authenticate: (request: Request) => AuthInfo | undefined | Promise<AuthInfo | undefined>
      readonly token?: never
      readonly jwt?: never
    }
  | 'insecure_loopback'

/** What is known of a request before its body is read. */
export interface Credentials {
  readonly authorization: string | undefined
  readonly headers: Arrival['headers']
  readonly url: Arrival['url']
  readonly toRequest: () => Request
}

/** Finds out who calls. Never throws. */
export type Authenticator = (credentials: Credentials) => Promise<Caller | Denial>

const SHORTEST_TOKEN_BYTES = 32

/** Who can reach a server. */
export interface Reach {
  /** Nobody but its own machine. */
  readonly isLoopback: boolean
  /** Whether that is seen from where it listens, and not only from what its host says. */
  readonly isKnown: boolean
}

/** How long the host may take to say who calls, in milliseconds. */
export type Patience = Pick<McpLimits, 'request_ms'>

/**
 * @throws RunnerError `CONFIG_INVALID` where nobody was told how callers are known, or in a way that would let in others.
 */
export function resolveAuth(
  auth: McpAuth | undefined,
  { isLoopback, isKnown }: Reach,
  { request_ms }: Patience,
): Authenticator {
  if (auth === undefined || auth === null) throw missingAuth()
  if (auth === 'insecure_loopback') return onlyLoopback(isLoopback)
  if (typeof auth !== 'object' || Object.keys(auth).length !== 1) throw missingAuth()
  if ('token' in auth) return byToken(auth.token, isLoopback && isKnown)
  if ('jwt' in auth) return byJwt(auth.jwt)
  if ('authenticate' in auth && typeof auth.authenticate === 'function') return byHost(auth.authenticate, request_ms)
  throw missingAuth()
}

function missingAuth() {
  return unsafe(
    'A server over HTTP must know who calls it.',
    "Add auth: { token: process.env.SYNAPSOR_RUNNER_HTTP_TOKEN }, or auth: { jwt: { issuer, audience, algorithms: ['RS256'], keys } }, or auth: 'insecure_loopback' on a machine that only you use.",
  )
}

function onlyLoopback(isLoopback: boolean): Authenticator {
  if (!isLoopback) {
    throw unsafe(
      'insecure_loopback is for servers that only their own machine can reach.',
      'Listen at 127.0.0.1 and allow no other hosts, or add auth: { token } or auth: { jwt }.',
    )
  }
  const caller: Caller = { subject: 'loopback', isShared: true, authInfo: undefined }
  return async ({ headers, url }) => (isForwarded(headers()) || !isOfLoopback(url()) ? 'forwarded' : caller)
}

const FORWARDING = /^(?:forwarded|x-forwarded(?:-.*)?|x-real-ip|via)$/i

/** Behind a proxy everybody seems to be on this machine. */
function isForwarded(headers: ReturnType<Arrival['headers']>): boolean {
  return Object.keys(headers).some((name) => FORWARDING.test(name))
}

/** A handler does not see where its host listens; the address of the request tells at least how it was called. */
function isOfLoopback(url: URL | undefined): boolean {
  return url !== undefined && isLoopbackName(url.hostname)
}

function byToken(token: unknown, isLoopback: boolean): Authenticator {
  if (typeof token !== 'string' || !TOKEN.test(token)) {
    throw unsafe('The token is missing, or not what a header can carry.', 'Give a token of letters, digits and -._~+/.')
  }
  if (!isLoopback && Buffer.byteLength(token) < SHORTEST_TOKEN_BYTES) {
    throw unsafe(
      `The token is shorter than ${SHORTEST_TOKEN_BYTES} bytes, and others than this machine can reach the server.`,
      "Make one: node -e \"console.log(require('crypto').randomBytes(32).toString('hex'))\"",
    )
  }
  const expected = digest(token)
  const caller: Caller = {
    subject: 'token',
    isShared: true,
    authInfo: { token: WITHHELD, clientId: 'token', scopes: [] },
  }
  return async ({ authorization }) => {
    const given = bearerOf(authorization)
    if (given === undefined) return 'no_token'
    // Digests are of one length, so that comparing takes the same time whatever was given.
    return timingSafeEqual(digest(given), expected) ? caller : 'invalid_token'
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function byJwt(options: McpJwtOptions): Authenticator {
  const resolved = resolveJwt(options)
  let verify: ((token: string) => Promise<Caller>) | undefined
  return async ({ authorization }) => {
    const given = bearerOf(authorization)
    if (given === undefined) return 'no_token'
    try {
      // Only who verifies tokens loads what does.
      const { createVerifier } = await import('./jwt.js')
      verify ??= createVerifier(resolved)
      return await verify(given)
    } catch (error) {
      return isRunnerError(error) ? 'unknown_keys' : 'invalid_token'
    }
  }
}

function byHost(
  authenticate: Extract<McpAuth, { authenticate: unknown }>['authenticate'],
  request_ms: number,
): Authenticator {
  return async ({ toRequest }) => {
    try {
      const found = await inTime(request_ms, async () => authenticate(toRequest()))
      if (!isNamed(found) || isOver(found)) return 'invalid_token'
      const authInfo = { ...found, token: WITHHELD }
      return { subject: JSON.stringify(['host', authInfo.clientId, authInfo.extra?.sub ?? null]), authInfo }
    } catch {
      return 'host_failed'
    }
  }
}

async function inTime<Result>(ms: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It took too long.')), ms)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

/** A caller without a name would be the same as every other. */
function isNamed(found: AuthInfo | undefined): found is AuthInfo {
  return typeof found === 'object' && found !== null && typeof found.clientId === 'string' && found.clientId !== ''
}

function isOver({ expiresAt }: AuthInfo): boolean {
  return expiresAt !== undefined && !(expiresAt * 1000 > Date.now())
}

const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/** The one token of the header; `undefined` where there is none, or more. */
function bearerOf(authorization: string | undefined): string | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  return token !== undefined && TOKEN.test(token) ? token : undefined
}
