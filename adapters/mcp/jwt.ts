import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { RunnerError } from '../../src/errors.js'
import { type Caller, verifiedCaller } from './caller.js'
import type { JwtKeys, ResolvedJwt } from './jwt-options.js'

/**
 * Makes what verifies tokens. It throws for a token that is not good, and why is nobody's business; RunnerError
 * `SOURCE_UNAVAILABLE` where the keys cannot be had.
 */
export function createVerifier({ issuer, audience, algorithms, keys, clock_tolerance_s }: ResolvedJwt) {
  const getKey = keyFinder(keys)
  const options = {
    issuer: [...issuer],
    audience: [...audience],
    algorithms: [...algorithms],
    clockTolerance: clock_tolerance_s,
    requiredClaims: ['exp', 'sub'],
  }
  return async (token: string): Promise<Caller> => {
    const { payload } = await jwtVerify(token, getKey, options)
    if (typeof payload.sub !== 'string' || payload.sub === '') throw new Error('A token must name its subject.')
    return verifiedCaller(payload, payload.sub)
  }
}

function keyFinder(keys: JwtKeys): JWTVerifyGetKey {
  switch (keys.kind) {
    case 'pem': {
      const key = createPublicKey(keys.pem)
      return async () => key
    }
    case 'url':
      return fetchedKeys(createRemoteJWKSet(keys.url))
    case 'set':
      return createLocalJWKSet({ keys: keys.set.keys.map((key) => ({ ...key, kty: String(key.kty) })) })
    case 'secrets':
      return async ({ kid }) => secretOf(keys.secrets, kid)
  }
}

/** A set that cannot be had says nothing about the token. */
function fetchedKeys(find: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await find(header, token)
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause
      throw new RunnerError('SOURCE_UNAVAILABLE', 'The keys of tokens cannot be fetched.', { cause })
    }
  }
}

function secretOf(secrets: readonly JsonWebKey[], kid: string | undefined): Uint8Array {
  const found = kid === undefined && secrets.length === 1 ? secrets[0] : secrets.find((key) => key.kid === kid)
  if (typeof found?.k !== 'string') throw new Error('No key has this name.')
  return Buffer.from(found.k, 'base64url')
}
