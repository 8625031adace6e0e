import nodeCrypto from 'node:crypto'
import canonicalize from 'canonicalize'
import { RunnerError } from '../errors.js'

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`

/**
 * Renders `value` as canonical JSON (RFC 8785): one text for one value, whatever order its keys came in.
 *
 * @throws {@link RunnerError} `INTERNAL` for what JSON cannot say: NaN, infinities, bigint, lone surrogates, functions.
 */
export function canonicalJson(value: unknown): string {
  let text: string | undefined
  try {
    text = canonicalize(value)
  } catch (cause) {
    throw new RunnerError('INTERNAL', 'A value has no canonical JSON form.', { cause })
  }
  if (text === undefined) throw new RunnerError('INTERNAL', 'A value has no canonical JSON form.')
  return text
}

/** Hashes `value` for one purpose: equal values under different domains have different digests. */
export function digest(domain: string, value: unknown): Digest {
  return digestText(domain, canonicalJson(value))
}

/** Hashes a text that is canonical already, such as a stored body. */
export function digestText(domain: string, text: string): Digest {
  return `sha256:${sha256(`${domain}\0${text}`)}`
}

/** In one call where this Node.js has it, which for short texts takes half the time. */
function sha256(text: string): string {
  const { hash } = nodeCrypto
  return hash === undefined ? nodeCrypto.createHash('sha256').update(text).digest('hex') : hash('sha256', text)
}
