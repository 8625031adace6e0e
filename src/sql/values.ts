/**
 * The text that a column gives back for a value, worked out before anything is sent. What an engine's types hold comes
 * with the column; how the engine spells the texts comes with {@link ValueRules}.
 */
import { Decimal } from 'decimal.js'
import type { JsonScalar } from '../protocol/values.js'
import type { ColumnInfo, ColumnKind, ColumnText, Dialect } from './dialect.js'
import { dateText, momentText } from './moments.js'

/** How an engine spells the values that engines spell differently. */
export interface ValueRules {
  /** What a boolean column gives back for false and for true. */
  readonly booleans: readonly [no: string, yes: string]
  /** What follows the digits of an instant, such as `+00`. Empty where the engine writes none and means UTC. */
  readonly instant_suffix: string
  /** Trailing zeros of a second's fraction are left out; otherwise every digit of the column is written. */
  readonly trims_fraction: boolean
  /** Spells a finite number; `undefined` when the column would store another one. Absent: floats are never stored. */
  readonly float?: (column: ColumnInfo, value: number) => string | undefined
  /** The column gives JSON back byte for byte as it came. Absent: JSON is never stored. */
  readonly keeps_json?: (column: ColumnInfo) => boolean
}

/** The text, or why the value cannot be stored as it is. The reason is a sentence without the value. */
export type Spelled = { readonly text: string } | { readonly why: string }

type Spell = (column: ColumnInfo, value: string | number | boolean, rules: ValueRules) => Spelled

const INTEGER = /^(0|-?[1-9][0-9]*)$/
const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const LONE_SURROGATE_OR_NUL = /[\p{Surrogate}\0]/u
/** No business value is longer; without a limit a column of free precision would take a novel of digits. */
const MAX_DIGITS = 1000

const KEY_KINDS: ReadonlySet<ColumnKind> = new Set(['integer', 'decimal', 'text', 'enum', 'uuid', 'date'])

const spellers: Readonly<Partial<Record<ColumnKind, Spell>>> = {
  integer,
  decimal,
  float,
  boolean: (_column, value, { booleans }) =>
    typeof value === 'boolean' ? { text: booleans[value ? 1 : 0] } : { why: 'It must be true or false.' },
  text,
  enum: (column, value) =>
    typeof value === 'string' && column.labels?.includes(value) === true
      ? { text: value }
      : { why: 'It is not one of the labels of the column.' },
  uuid: (_column, value) =>
    typeof value === 'string' && UUID.test(value) ? { text: value } : { why: 'It must be a UUID in lower case.' },
  timestamp: (column, value, { instant_suffix, trims_fraction }) =>
    momentText(column, value, { zone: 'utc', suffix: instant_suffix, trims_fraction }),
  datetime: (column, value, { trims_fraction }) =>
    momentText(column, value, { zone: 'none', suffix: '', trims_fraction }),
  date: dateText,
  json,
}

/** Builds {@link Dialect.toColumn} for an engine that spells values by these rules. */
export function createToColumn(rules: ValueRules): Dialect['toColumn'] {
  return (column, value) => {
    if (column.generated) return refused('The database itself sets this column.')
    if (value === null) {
      return column.nullable ? stored(column, null) : refused('The column does not take NULL.')
    }
    return spellValue(column, value, rules)
  }
}

/**
 * True when `text` is exactly what the column would give back for it, so that comparing texts and comparing values
 * agree. Everything else (`01`, a blank, an upper-case UUID, a number out of range) can match no row.
 */
export function isCanonicalText(column: ColumnInfo, text: string, rules: ValueRules): boolean {
  const spelled = spellValue(column, text, rules)
  return spelled.ok && spelled.value.text === text
}

/** Whether rows may be found by this column: its values have one text each, and equality is exact. */
export function canBeKey(column: ColumnInfo): boolean {
  return KEY_KINDS.has(column.kind)
}

/** Well-formed and without NUL, so that every engine and every client stores the bytes that were reviewed. */
export function isPlainText(value: string): boolean {
  return !LONE_SURROGATE_OR_NUL.test(value)
}

function spellValue(column: ColumnInfo, value: Exclude<JsonScalar, null>, rules: ValueRules): ColumnText {
  const spell = spellers[column.kind]
  if (spell === undefined) return refused(`Values of type ${column.type} are not written.`)
  const spelled = spell(column, value, rules)
  return 'text' in spelled ? stored(column, spelled.text) : refused(spelled.why)
}

function stored(column: ColumnInfo, text: string | null): ColumnText {
  return { ok: true, value: { type: column.type, text } }
}

function refused(why: string): ColumnText {
  return { ok: false, why }
}

function integer(column: ColumnInfo, value: string | number | boolean): Spelled {
  if (typeof value === 'number' && !isExact(value)) return { why: 'It must be a whole number, as text beyond 2^53.' }
  const text = String(value)
  if (typeof value === 'boolean' || text.length > MAX_DIGITS || !INTEGER.test(text)) {
    return { why: 'It must be a whole number in plain digits.' }
  }
  const { minimum, maximum } = column
  const tooSmall = minimum !== undefined && BigInt(text) < BigInt(minimum)
  const tooLarge = maximum !== undefined && BigInt(text) > BigInt(maximum)
  return tooSmall || tooLarge ? { why: 'It is outside the range of the column.' } : { text }
}

function decimal(column: ColumnInfo, value: string | number | boolean): Spelled {
  const text = plainDecimal(value)
  if (text === undefined) return { why: 'It must be a decimal number in plain digits, as text beyond 2^53.' }
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const { scale, precision, minimum, maximum } = column
  if (scale !== undefined && fraction.length > scale) {
    return { why: `The column keeps ${scale} digits behind the point.` }
  }
  const kept = scale === undefined ? fraction : fraction.padEnd(scale, '0')
  const significant = (whole + kept).replace(/^0+/, '')
  if (precision !== undefined && significant.length > precision) {
    return { why: `The column holds ${precision} digits in all.` }
  }
  if (significant === '' && text.startsWith('-')) return { why: 'It must not be negative zero.' }
  const tooSmall = minimum !== undefined && new Decimal(text).lt(minimum)
  const tooLarge = maximum !== undefined && new Decimal(text).gt(maximum)
  if (tooSmall || tooLarge) return { why: 'It is outside the range of the column.' }
  const sign = text.startsWith('-') ? '-' : ''
  return { text: kept === '' ? sign + whole : `${sign}${whole}.${kept}` }
}

/** A number's shortest digits are what its author wrote, as long as it is not a whole number that lost some. */
function plainDecimal(value: string | number | boolean): string | undefined {
  if (typeof value === 'boolean') return undefined
  if (typeof value === 'string') return value.length <= MAX_DIGITS && DECIMAL.test(value) ? value : undefined
  if (!Number.isFinite(value) || Object.is(value, -0)) return undefined
  return Number.isInteger(value) && !isExact(value) ? undefined : new Decimal(value).toFixed()
}

function isExact(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

function float(column: ColumnInfo, value: string | number | boolean, rules: ValueRules): Spelled {
  if (rules.float === undefined) return { why: `Values of type ${column.type} are not written.` }
  if (typeof value !== 'number' || !Number.isFinite(value) || Object.is(value, -0)) {
    return { why: 'It must be a finite number.' }
  }
  const spelled = rules.float(column, value)
  return spelled === undefined ? { why: 'The column would store another number.' } : { text: spelled }
}

function text(column: ColumnInfo, value: string | number | boolean): Spelled {
  if (typeof value !== 'string') return { why: 'It must be text.' }
  if (!isPlainText(value)) return { why: 'It must be well-formed Unicode without NUL.' }
  if (column.blank_padded === true && value.endsWith(' ')) return { why: 'The column does not keep trailing blanks.' }
  if (column.max_length !== undefined && lengthOf(value) > column.max_length) {
    return { why: `The column holds ${column.max_length} characters.` }
  }
  if (column.max_bytes !== undefined && Buffer.byteLength(value) > column.max_bytes) {
    return { why: `The column holds ${column.max_bytes} bytes.` }
  }
  return { text: value }
}

/** Databases count characters; a string's own length counts some of them twice. */
function lengthOf(value: string): number {
  let length = 0
  for (const _ of value) length += 1
  return length
}

function json(column: ColumnInfo, value: string | number | boolean, rules: ValueRules): Spelled {
  if (rules.keeps_json?.(column) !== true) return { why: `Values of type ${column.type} are not written.` }
  if (typeof value !== 'string' || !isPlainText(value) || !isJson(value)) return { why: 'It must be JSON, as text.' }
  return { text: value }
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}
