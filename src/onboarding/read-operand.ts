/** The two things that a rule about one column compares: the column, and a value that is written out. */
import type { SurveyedColumn } from '../drivers/survey.js'
import type { Group, Part } from './constraint-parts.js'
import type { CheckedColumns } from './constraint-reader.js'

/** A column, or its length in characters or bytes. */
export interface ColumnOperand {
  readonly column: SurveyedColumn
  readonly is_length: boolean
}

export interface Literal {
  readonly type: 'number' | 'string'
  readonly text: string
}

const LENGTHS: ReadonlySet<string> = new Set(['length', 'char_length', 'character_length', 'octet_length'])

const TEXT_CASTS = ['text', 'character varying']
const NUMBER_CASTS = ['smallint', 'integer', 'bigint', 'numeric', 'double precision']
/** What a number of this many digits is to a binary float, it is exactly. */
const EXACT_DIGITS = 15

/** Casts that give back what they were given, by the kind of the column. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  text: TEXT_CASTS,
  enum: TEXT_CASTS,
  integer: ['integer', 'bigint', 'numeric'],
  decimal: ['numeric'],
  float: ['double precision'],
}

export function readColumn(parts: readonly Part[], columns: CheckedColumns): ColumnOperand | undefined {
  const { value, casts } = withoutCasts(parts)
  const [first, second] = value
  if (value.length === 2 && isLength(first) && isGroup(second)) {
    const inner = casts.length === 0 ? readColumn(second.parts, columns) : undefined
    return inner?.is_length === false && inner.column.kind === 'text' ? { ...inner, is_length: true } : undefined
  }
  if (value.length !== 1 || first === undefined) return undefined
  const found = isGroup(first) ? readColumn(first.parts, columns) : toOperand(columns.find(first))
  if (found === undefined) return undefined
  const harmless = found.is_length ? [] : (HARMLESS[found.column.kind] ?? [])
  return casts.every((cast) => harmless.includes(cast)) ? found : undefined
}

function toOperand(column: SurveyedColumn | undefined): ColumnOperand | undefined {
  return column && { column, is_length: false }
}

function isLength(part: Part | undefined): boolean {
  return part?.type === 'word' && LENGTHS.has(part.text.toLowerCase())
}

export function readLiteral(parts: readonly Part[]): Literal | undefined {
  const { value, casts } = withoutCasts(parts)
  const literal = plainLiteral(value)
  return literal !== undefined && casts.every((cast) => keeps(literal, cast)) ? literal : undefined
}

function plainLiteral(parts: readonly Part[]): Literal | undefined {
  const [first, second] = parts
  if (parts.length === 2 && first?.type === 'sign' && first.text === '-') {
    const positive = readLiteral(second === undefined ? [] : [second])
    return positive?.type === 'number' && !positive.text.startsWith('-')
      ? { type: 'number', text: `-${positive.text}` }
      : undefined
  }
  if (parts.length !== 1 || first === undefined) return undefined
  if (isGroup(first)) return readLiteral(first.parts)
  return first.type === 'string' || first.type === 'number' ? { type: first.type, text: first.text } : undefined
}

/** A cast to a type with limits of its own may round or cut. One that is not known here is to an enumeration. */
function keeps({ type, text }: Literal, cast: string): boolean {
  if (!NUMBER_CASTS.includes(cast)) return type === 'string' && !cast.includes('(')
  if (cast === 'double precision' && text.length > EXACT_DIGITS) return false
  return /^-?\d+$/.test(text) || (cast === 'numeric' && /^-?\d+\.\d+$/.test(text))
}

/** What is behind `ARRAY`, with whatever PostgreSQL puts around it. */
export function readArray(parts: readonly Part[]): readonly (readonly Part[])[] | undefined {
  const { value, casts } = withoutCasts(parts)
  const [first, second] = value
  if (!casts.every((cast) => cast.endsWith('[]') && !cast.includes('('))) return undefined
  if (value.length === 1 && isGroup(first)) return readArray(first.parts)
  const isArray = value.length === 2 && first?.type === 'word' && first.text.toLowerCase() === 'array'
  return isArray && isGroup(second) && second.bracket === '[' ? listOf(second.parts) : undefined
}

/** What stands between the commas. */
export function listOf(parts: readonly Part[]): readonly (readonly Part[])[] {
  const pieces: Part[][] = [[]]
  for (const part of parts) {
    if (part.type === 'sign' && part.text === ',') pieces.push([])
    else pieces.at(-1)?.push(part)
  }
  return pieces
}

/** Parts `value::type::type`. A type with limits of its own is spelled with them, so that no rule takes it for another. */
function withoutCasts(parts: readonly Part[]): { readonly value: readonly Part[]; readonly casts: readonly string[] } {
  const places = [...parts.keys()].filter((place) => {
    const part = parts[place]
    return part?.type === 'sign' && part.text === '::'
  })
  const [first] = places
  if (first === undefined) return { value: parts, casts: [] }
  const casts = places.map((place, index) => typeOf(parts.slice(place + 1, places[index + 1])))
  return { value: parts.slice(0, first), casts }
}

function typeOf(parts: readonly Part[]): string {
  const words = parts.map((part) => {
    if (isGroup(part)) return part.bracket === '[' && part.parts.length === 0 ? '[]' : '(…)'
    return part.type === 'word' ? part.text.toLowerCase() : JSON.stringify(part.text)
  })
  return words.join(' ').replaceAll(' []', '[]')
}

export function isGroup(part: Part | undefined): part is Group {
  return part?.type === 'group'
}
