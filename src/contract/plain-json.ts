import { isExact } from './json-value.js'
import { withoutStrings } from './without-strings.js'

/** A colon stands behind each key. */
const TOKEN = /:|-?\d[\d.eE+-]*/g

/**
 * The value of JSON text that says each thing once and every number exactly; `undefined` where it does not, or is no
 * JSON. Far quicker than reading it with places, which nobody asks for where nothing is wrong.
 */
export function readPlainJson(text: string): { readonly value: unknown } | undefined {
  const value = parse(text)
  if (value === undefined) return undefined
  let written = 0
  for (const [token] of withoutStrings(text).matchAll(TOKEN)) {
    if (token === ':') written += 1
    else if (!isExact(token, Number(token))) return undefined
  }
  // A key that stands twice is kept once: then fewer are left than were written.
  return written === keysIn(value) ? { value } : undefined
}

/** `undefined` is no JSON, so it says that a text is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value)
  const own = Array.isArray(value) ? 0 : inner.length
  return inner.reduce((sum: number, each) => sum + keysIn(each), own)
}
