import { createHash } from 'node:crypto'

/** The longest name of a tool that every provider takes. */
const MAX_WIRE_NAME = 64

/**
 * How a capability or a tool is called where dots are not allowed: `[A-Za-z0-9_]`, at most 64 characters. A name that is
 * too long keeps its beginning and ends in a digest of the whole.
 */
export function toWireName(name: string): string {
  const plain = name.replaceAll('.', '__').replace(/[^A-Za-z0-9_]/g, '_')
  return plain.length <= MAX_WIRE_NAME ? plain : withDigest(plain, name)
}

/** The same for a name whose wire name another has: it ends in a digest of its own. */
export function toOtherWireName(name: string): string {
  return withDigest(toWireName(name), name)
}

function withDigest(plain: string, name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${plain.slice(0, MAX_WIRE_NAME - digest.length - 1)}_${digest}`
}
