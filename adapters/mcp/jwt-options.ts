import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { unsafe } from './options.js'

/** How the signed token of a caller is verified. */
export interface McpJwtOptions {
  /** Who signs tokens: the claim `iss`, exactly. */
  readonly issuer: string | readonly string[]
  /** For whom they must be meant: the claim `aud` names one of these. */
  readonly audience: string | readonly string[]
  /** Which signatures are taken, as `['RS256']`. Never `none`. Those with a shared secret (`HS256`) need keys of type `oct`. */
  readonly algorithms: readonly string[]
  /** A set of keys, a public key in PEM, or the https address of a set of keys. */
  readonly keys: string | JwtKeySet
  /** By how many seconds clocks may differ. Default 5, at most 60. */
  readonly clock_tolerance_s?: number
}

/** A set of keys, as RFC 7517 has it. */
export interface JwtKeySet {
  readonly keys: readonly JsonWebKey[]
}

/** Where the keys are. */
export type JwtKeys =
  | { readonly kind: 'set'; readonly set: JwtKeySet }
  | { readonly kind: 'secrets'; readonly secrets: readonly JsonWebKey[] }
  | { readonly kind: 'pem'; readonly pem: string }
  | { readonly kind: 'url'; readonly url: URL }

export interface ResolvedJwt {
  readonly issuer: readonly string[]
  readonly audience: readonly string[]
  readonly algorithms: readonly string[]
  readonly keys: JwtKeys
  readonly clock_tolerance_s: number
}

const ASYMMETRIC = /^(?:RS|PS|ES)(?:256|384|512)$|^EdDSA$|^Ed25519$/
const SYMMETRIC = /^HS(?:256|384|512)$/
const SHORTEST_SECRET_BYTES = 32
const LONGEST_TOLERANCE_S = 60

/** @throws RunnerError `CONFIG_INVALID` for options that would let in others than the issuer's callers. */
export function resolveJwt(options: McpJwtOptions): ResolvedJwt {
  if (typeof options !== 'object' || options === null) throw wrong('must name issuer, audience, algorithms and keys')
  const { algorithms, clock_tolerance_s = 5 } = options
  const isInRange = Number.isFinite(clock_tolerance_s) && clock_tolerance_s >= 0
  if (!isInRange || clock_tolerance_s > LONGEST_TOLERANCE_S) {
    throw wrong(`must have a clock_tolerance_s of at most ${LONGEST_TOLERANCE_S}`)
  }
  return {
    issuer: namesIn('issuer', options.issuer),
    audience: namesIn('audience', options.audience),
    algorithms: namesIn('algorithms', algorithms),
    keys: keysFor(namesIn('algorithms', algorithms), options.keys),
    clock_tolerance_s,
  }
}

function namesIn(option: string, value: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = names.filter((name) => typeof name === 'string' && name !== '').map(String)
  if (texts.length === 0 || texts.length < names.length) throw wrong(`must have ${option}, each of them a text`)
  return texts
}

function keysFor(algorithms: readonly string[], keys: unknown): JwtKeys {
  if (algorithms.every((each) => ASYMMETRIC.test(each))) return publicKeys(keys)
  if (algorithms.every((each) => SYMMETRIC.test(each))) return secrets(keys)
  // Both at once would let a public key be taken for a secret.
  throw wrong('must have algorithms that sign: RS, PS, ES or EdDSA, or HS with a secret, and not both')
}

function publicKeys(keys: unknown): JwtKeys {
  if (typeof keys === 'string') return keys.includes('-----BEGIN') ? pemKey(keys) : keyAddress(keys)
  const set = keySet(keys)
  if (set.keys.some(({ kty }) => kty === 'oct')) throw wrong('must not have secrets among keys that only verify')
  return { kind: 'set', set }
}

function pemKey(pem: string): JwtKeys {
  if (pem.includes('PRIVATE KEY')) throw wrong('must have the public key, not the private one')
  try {
    createPublicKey(pem)
  } catch {
    throw wrong('must have a public key that can be read')
  }
  return { kind: 'pem', pem }
}

/** Who can change what comes from there decides who calls: nobody on the way may. */
function keyAddress(address: string): JwtKeys {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isNear = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url === undefined || !(url.protocol === 'https:' || isNear)) {
    throw wrong('must have keys: a set of keys, a public key in PEM, or the https address of a set')
  }
  return { kind: 'url', url }
}

function secrets(keys: unknown): JwtKeys {
  const { keys: all } = keySet(keys)
  const isSecret = ({ kty, k }: JsonWebKey) =>
    kty === 'oct' && typeof k === 'string' && Buffer.from(k, 'base64url').length >= SHORTEST_SECRET_BYTES
  if (all.every(isSecret)) return { kind: 'secrets', secrets: all }
  throw wrong(`must have keys of type oct with at least ${SHORTEST_SECRET_BYTES} bytes for the algorithms HS`)
}

function keySet(keys: unknown): JwtKeySet {
  const list: unknown = typeof keys === 'object' && keys !== null && 'keys' in keys ? keys.keys : undefined
  if (!Array.isArray(list) || list.length === 0 || !list.every((key) => typeof key === 'object' && key !== null)) {
    throw wrong('must have keys: a set of keys, a public key in PEM, or the https address of a set')
  }
  return { keys: list }
}

function wrong(why: string) {
  return unsafe(`Option auth.jwt ${why}.`, 'Correct the options of auth.jwt.')
}
