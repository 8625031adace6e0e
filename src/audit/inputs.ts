import { isRecord } from './json.js'
import { pointed } from './pointer.js'
import type { Reading } from './reading.js'
import { told, wordsOf } from './words.js'

/** One named input of a tool, at whatever depth of its schema. */
export interface InputField {
  readonly name: string
  readonly words: readonly string[]
  /** Where it stands: `request.filters[].column`. */
  readonly path: string
  /** The types that the schema names. Empty where a value of any type may be given. */
  readonly types: readonly string[]
  /** The values that it is limited to, `undefined` where it is not. */
  readonly choices: readonly unknown[] | undefined
  /** An object of known properties and no others. */
  readonly is_closed: boolean
  readonly has_examples: boolean
}

interface Place {
  readonly schema: unknown
  readonly path: string
  readonly depth: number
}

const LISTS_OF_SCHEMAS = ['anyOf', 'oneOf', 'allOf'] as const
const MAPS_OF_SCHEMAS = ['patternProperties', 'dependentSchemas', '$defs', 'definitions'] as const
const INNER_SCHEMAS = ['if', 'then', 'else', 'additionalProperties', 'unevaluatedProperties'] as const
const ITEM_SCHEMAS = ['items', 'prefixItems', 'additionalItems', 'contains', 'unevaluatedItems'] as const

/**
 * Every input that a schema names. References within it are followed, each part is looked at once and without recursion:
 * the work grows with the size of the schema, however it is nested. What many inputs share is counted for each of them.
 */
export function inputsOf(root: unknown, { count }: Pick<Reading, 'count'>): readonly InputField[] {
  const kinds = new Map<unknown, Kind>()
  const kindFor = (schema: unknown): Kind => {
    const kind = kinds.get(schema) ?? kindOf(schema)
    kinds.set(schema, kind)
    count(kind.size)
    return kind
  }
  const found: { readonly field: InputField; readonly depth: number }[] = []
  const seen = new Set<unknown>()
  const open: Place[] = [{ schema: root, path: '', depth: 0 }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { schema, path, depth } = place
    if (!isRecord(schema) || seen.has(schema)) continue
    seen.add(schema)
    for (const part of partsOf(schema, place, root)) open.push(part)
    for (const [name, inner] of entriesAt(schema, 'properties').reverse()) {
      const at = pathOf(path, name, depth)
      count(name)
      const { size: _, ...kind } = kindFor(followed(inner, root))
      found.push({ field: { name, path: at, words: wordsOf(name), ...kind }, depth })
      open.push({ schema: inner, path: at, depth: depth + 1 })
    }
  }
  return found.sort((a, b) => a.depth - b.depth || (a.field.path < b.field.path ? -1 : 1)).map(({ field }) => field)
}

/** Deeper places are told by their name alone: whole paths of a deep schema would fill the memory. */
const DEEPEST_PATH = 8

function pathOf(path: string, name: string, depth: number): string {
  const shown = told(name)
  if (depth === 0) return `${path}${path === '' ? '' : '.'}${shown}`
  return depth < DEEPEST_PATH ? `${path}.${shown}` : `….${shown}`
}

function partsOf(schema: Readonly<Record<string, unknown>>, { path, depth }: Place, root: unknown): readonly Place[] {
  const lists = LISTS_OF_SCHEMAS.flatMap((key) => listAt(schema, key))
  const mapped = MAPS_OF_SCHEMAS.flatMap((key) => entriesAt(schema, key).map(([, inner]) => inner))
  const inner = INNER_SCHEMAS.map((key) => schema[key])
  const items = ITEM_SCHEMAS.flatMap((key) => [schema[key], ...listAt(schema, key)])
  return [
    ...[...lists, ...mapped, ...inner, followed(schema, root)].map((each) => ({ schema: each, path, depth })),
    ...items.map((each) => ({ schema: each, path: depth < DEEPEST_PATH ? `${path}[]` : path, depth: depth + 1 })),
  ]
}

function listAt(schema: Readonly<Record<string, unknown>>, key: string): readonly unknown[] {
  const list = schema[key]
  return Array.isArray(list) ? list : []
}

function entriesAt(schema: Readonly<Record<string, unknown>>, key: string): [string, unknown][] {
  const map = schema[key]
  return isRecord(map) ? Object.entries(map) : []
}

/** The most references in a row: more is a circle. */
const MOST_STEPS = 16

/** What is longer points nowhere that a person would look; to follow it from many places would take for ever. */
const LONGEST_REFERENCE = 1000

/** What a schema stands for: itself, or what its reference points to. */
function followed(schema: unknown, root: unknown): unknown {
  let at = schema
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const reference: unknown = isRecord(at) ? at.$ref : undefined
    if (typeof reference !== 'string' || !reference.startsWith('#')) return at
    if (reference.length > LONGEST_REFERENCE) return undefined
    at = pointed(root, reference.slice(1))
  }
  return undefined
}

/** What a schema says of its value. */
type Kind = Omit<InputField, 'name' | 'path' | 'words'> & { readonly size: number }

function kindOf(schema: unknown): Kind {
  const all = isRecord(schema) ? schema : {}
  const variants = [...listAt(all, 'anyOf'), ...listAt(all, 'oneOf')]
  const forms = (variants.length === 0 ? [all] : variants).map((each) => (isRecord(each) ? each : {}))
  const types = forms.map(typesOf)
  const choices = forms.filter(({ type }) => type !== 'null').map(choicesOf)
  const properties = entriesAt(all, 'properties')
  const kind = {
    types: types.some((each) => each.length === 0) ? [] : types.flat(),
    choices: choices.every((each) => each !== undefined) ? choices.flat() : undefined,
    is_closed: properties.length > 0 && all.additionalProperties === false,
    has_examples: ['examples', 'example'].some((key) => all[key] !== undefined),
  }
  return { ...kind, size: sizeOf(kind) }
}

/** About how many characters there are to read; no part takes no time at all. */
function sizeOf({ types, choices = [] }: Pick<InputField, 'types' | 'choices'>): number {
  const texts = choices.reduce<number>((sum, each) => sum + (typeof each === 'string' ? each.length : 0), 0)
  return 8 + 4 * types.length + 4 * choices.length + texts
}

function typesOf({ type }: Readonly<Record<string, unknown>>): readonly string[] {
  return [type].flat().filter((each) => typeof each === 'string')
}

function choicesOf(schema: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema.const]
  return Array.isArray(schema.enum) ? schema.enum : undefined
}
