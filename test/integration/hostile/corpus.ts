import { readFileSync } from 'node:fs'

/** One hostile input. `value` is sent as it is, `raw` is a fragment of JSON text, `gen` is built here. */
export interface Entry {
  readonly id: string
  readonly category: string
  readonly target: string
  readonly value?: unknown
  readonly raw?: string
  readonly gen?: Generated
}

type Generated =
  | { readonly repeat: string; readonly times: number }
  | { readonly nest: string; readonly times: number }
  | { readonly keys: number }

const file = new URL('../../fixtures/hostile/inputs.json', import.meta.url)
const { count, entries } = JSON.parse(readFileSync(file, 'utf8')) as { count: number; entries: Entry[] }

/** Targets that belong to a transport or to a program, and are tried there. */
const ELSEWHERE = new Set([
  'argv',
  'http:body|stdio:line',
  'http:header',
  'http_handler|command_handler',
  'jsonrpc:params',
])

/** Every entry for one target. */
export function entriesFor(target: string): readonly Entry[] {
  const found = entries.filter((entry) => entry.target === target)
  if (found.length === 0) throw new Error(`The corpus has nothing for ${target}.`)
  return found
}

/** Targets that a session, a contract, an environment or a row can meet. */
export const TARGETS = [...new Set(entries.map(({ target }) => target))].filter((target) => !ELSEWHERE.has(target))

export const CORPUS_SIZE = { stated: count, read: entries.length }

/** A text, a nested array or an object of many keys: more than anybody means. */
export function generate(gen: Generated): unknown {
  if ('keys' in gen) return Object.fromEntries(Array.from({ length: gen.keys }, (_, n) => [`k${n}`, n]))
  if ('nest' in gen) return nested(gen.times)
  return gen.repeat.repeat(gen.times)
}

/** The same as JSON text. */
export function generateText(gen: Generated): string {
  if ('nest' in gen) return `{"invoice_id":${gen.nest.repeat(gen.times)}${']'.repeat(gen.times)}}`
  if ('keys' in gen) return JSON.stringify(generate(gen))
  return `{"invoice_id":"${gen.repeat.repeat(gen.times)}"}`
}

function nested(depth: number): unknown {
  let value: unknown = 'INV-1'
  for (let n = 0; n < depth; n++) value = [value]
  return value
}
