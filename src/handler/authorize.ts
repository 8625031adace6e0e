/** Who sent a request, and whether it is the one that was signed. Nothing of it is ever answered or logged. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { RunnerError } from '../errors.js'
import { HANDLER_HEADERS, signHandlerBody } from '../protocol/handler.js'

/** What a sender is known by. */
export interface HandlerAuth {
  /**
   * The bearer token, or several while one takes over from another. Each has at least 32 bytes of visible ASCII.
   * Absent only with `insecure_loopback`.
   */
  readonly token?: string | readonly string[]
  /**
   * What requests are signed with, or several; at least 32 bytes each. Given, every request must be signed.
   */
  readonly signing_secret?: string | readonly string[]
  /**
   * How far the time of a signed request may lie from now, in either direction, in milliseconds.
   *
   * @defaultValue `300000`, five minutes
   */
  readonly signature_age_ms?: number
  /**
   * True: no token, for development on one machine. Only requests to a loopback host, not passed on by a proxy, are
   * then taken. Whoever can open a connection to the port can write.
   *
   * @defaultValue `false`
   */
  readonly insecure_loopback?: boolean
}

export interface Authorizer {
  /** Before the body is read. */
  isSender(request: Request): boolean
  isSigned(headers: Headers, body: Uint8Array): boolean
}

const SHORTEST_SECRET_BYTES = 32
const VISIBLE = /^[\x21-\x7e]+$/
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** @throws RunnerError `CONFIG_INVALID` when others could get in. */
export function createAuthorizer(auth: HandlerAuth): Authorizer {
  const tokens = secretsOf('token', auth.token)
  const secrets = secretsOf('signing_secret', auth.signing_secret)
  const { insecure_loopback = false, signature_age_ms = 300_000 } = auth
  if (tokens.length === 0 && !insecure_loopback) {
    throw unsafe('A handler must know who calls it: it has no token.')
  }
  if (tokens.length > 0 && insecure_loopback) throw unsafe('A handler has a token or insecure_loopback, not both.')
  if (!(signature_age_ms > 0)) throw unsafe('signature_age_ms must be more than 0.')
  return {
    isSender: (request) => (tokens.length === 0 ? isLoopback(request) : hasToken(request.headers, tokens)),
    isSigned: (headers, body) => {
      if (secrets.length === 0) return true
      const seconds = secondsOf(headers)
      const given = headers.get(HANDLER_HEADERS.signature)
      if (seconds === undefined || given === null) return false
      const isTrue = isAmong(
        given,
        secrets.map((secret) => signHandlerBody(secret, seconds, body)),
      )
      return isTrue && Math.abs(Date.now() - seconds * 1000) <= signature_age_ms
    },
  }
}

function secretsOf(name: string, given: string | readonly string[] | undefined): readonly string[] {
  if (given === undefined) return []
  const secrets = typeof given === 'string' ? [given] : given
  const isGood = (secret: unknown) =>
    typeof secret === 'string' && VISIBLE.test(secret) && Buffer.byteLength(secret) >= SHORTEST_SECRET_BYTES
  if (secrets.length > 0 && secrets.every(isGood)) return secrets
  throw unsafe(`The ${name} of a handler has at least ${SHORTEST_SECRET_BYTES} visible ASCII characters.`)
}

function unsafe(message: string): RunnerError {
  const next =
    'Give it what the runner has in the environment variable of the executor; openssl rand -hex 32 makes one.'
  return new RunnerError('CONFIG_INVALID', message, { next })
}

function hasToken(headers: Headers, tokens: readonly string[]): boolean {
  const [, token] = /^Bearer +([\x21-\x7e]+)$/i.exec(headers.get('authorization') ?? '') ?? []
  return token !== undefined && isAmong(token, tokens)
}

/** Takes the same time whatever differs, and looks at every one. */
function isAmong(given: string, wanted: readonly string[]): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  const own = hash(given)
  return wanted.map((one) => timingSafeEqual(own, hash(one))).includes(true)
}

/** The time of the request as it was signed: without signs, blanks and leading zeros, so that one time has one text. */
function secondsOf(headers: Headers): number | undefined {
  const text = headers.get(HANDLER_HEADERS.timestamp) ?? ''
  return /^[1-9]\d{0,11}$/.test(text) ? Number(text) : undefined
}

function isLoopback(request: Request): boolean {
  return LOOPBACK.test(new URL(request.url).hostname) && !FORWARDING.some((name) => request.headers.has(name))
}
