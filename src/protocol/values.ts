import * as z from 'zod'
import { once } from './once.js'

/** What a JSON document can hold in one place without nesting. */
export const jsonScalar = once(() => z.union([z.string(), z.number(), z.boolean(), z.null()]))
export type JsonScalar = z.infer<ReturnType<typeof jsonScalar>>

/**
 * One database value on its way through the system: the column's type as the engine spells it and the engine's own
 * canonical text, `null` for SQL NULL. No number, no date, nothing parsed in between.
 */
export const typedText = once(() =>
  z.strictObject({
    type: z.string().meta({ description: 'The column type as the engine spells it.' }),
    text: z.string().nullable().meta({ description: "The engine's canonical text, null for SQL NULL." }),
  }),
)
export type TypedText = Readonly<z.infer<ReturnType<typeof typedText>>>

/** Values by column name. */
export const typedRow = once(() => z.record(z.string(), typedText()))
export type TypedRow = Readonly<Record<string, TypedText>>

/** A name that SQL may carry: reviewed, quoted by the dialect, never a value. */
export const identifier = once(() => z.string().regex(/^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]*$/))

export const digestString = once(() => z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]))

/** RFC 3339 in UTC, as `Date.toISOString` writes it. */
export const timestamp = once(() => z.iso.datetime({ offset: true }))

const SAFE_INTEGER = /^(0|-?[1-9][0-9]{0,15})$/

const INTEGERS = /^(big|small|medium|tiny)?int(eger)?[248]?( unsigned)?$/
const BOOLEANS = /^bool(ean)?$/
/** SQLite keeps a boolean as a number. */
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])
const FLOATS = /^(double precision|double|real|float[48]?)( unsigned)?$/

/**
 * Turns a database value into JSON, once, at the edge. A number only where it is exact: integers up to 2^53 and binary
 * floats. Decimals stay text at every size, so that a column has one JSON type for all its rows.
 */
export function toJson(value: TypedText): JsonScalar {
  const { text } = value
  if (text === null) return null
  const type = value.type.toLowerCase().replace(/\(.*?\)/g, '')
  const truth = TRUTHS.get(text)
  if (BOOLEANS.test(type) && truth !== undefined) return truth
  if (INTEGERS.test(type) && SAFE_INTEGER.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
  if (FLOATS.test(type) && Number.isFinite(Number(text))) return Number(text)
  return text
}

/** {@link toJson} for a whole row. */
export function rowToJson(row: TypedRow): Record<string, JsonScalar> {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toJson(value)]))
}

/** Same type, same text: byte for byte, NULL equal to NULL. */
export function sameValue(a: TypedText | undefined, b: TypedText | undefined): boolean {
  return a !== undefined && b !== undefined && a.type === b.type && a.text === b.text
}
