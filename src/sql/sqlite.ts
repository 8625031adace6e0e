/** How SQLite spells SQL and values. A column's type is advice there: what counts is how each value is stored. */
import { Decimal } from 'decimal.js'
import { RunnerError } from '../errors.js'
import type { TypedText } from '../protocol/values.js'
import type { ColumnInfo, ColumnKind, ColumnText, Dialect, ReadShape, ScopedRead, TableRef } from './dialect.js'
import { canBeKey, createToColumn, isCanonicalText, type ValueRules } from './values.js'

/** What a column does to values that are stored in it. */
export type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric'

const rules: ValueRules = {
  booleans: ['0', '1'],
  instant_suffix: '',
  trims_fraction: true,
  float: (_column, value) => realText(value),
  keeps_json: () => true,
}

const spell = createToColumn(rules)

/** Text that a column of numeric affinity turns into a number. */
const NUMERIC_TEXT = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i
const INT64 = { minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n }

export const sqliteDialect: Dialect = {
  engine: 'sqlite',
  quote,
  table,
  scopedRead,
  toColumn(column, value) {
    const spelled = spell(column, value)
    return spelled.ok ? inStorage(column, spelled.value.text, value) : spelled
  },
}

/** Quotes so that a name that does not exist is an error: in double quotes SQLite would take it for a string. */
function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

/** Always with its schema, since a temporary table of the same name would come first. */
function table({ schema = 'main', table: name }: TableRef): string {
  return `${quote(schema)}.${quote(name)}`
}

function scopedRead(read: ReadShape): ScopedRead {
  const { key, tenant, columns } = read
  const scope = [key, tenant].filter((column) => column !== undefined)
  const where = scope.length === 0 ? '' : ` where ${scope.map(sameBytes).join(' and ')}`
  const order = ` order by ${quote(read.order_by.name)} limit ${read.limit}`
  return {
    text: `select ${selectList(columns)} from ${table(read.table)}${where}${order}`,
    columns,
    bind(values) {
      const texts = [...(key ? [values.key] : []), ...(tenant ? [values.tenant] : [])]
      const canMatch = scope.every((column, i) => isCanonical(column, texts[i]))
      return canMatch ? texts.flatMap((text) => (text === undefined ? [] : [text, text])) : undefined
    },
  }
}

/** Whether a row can have this text in this column at all. */
export function isCanonical(column: ColumnInfo, text: string | undefined): text is string {
  return text !== undefined && isCanonicalText(column, text, rules)
}

/**
 * Lists columns so that each value arrives unmistakable: text as its bytes, since a client cuts text at a NUL and
 * mends what is not Unicode, and bytes as hexadecimal text.
 */
export function selectList(columns: readonly ColumnInfo[]): string {
  return columns
    .map(({ name }, index) => {
      const column = quote(name)
      const cases = `when 'text' then cast(${column} as blob) when 'blob' then hex(${column})`
      return `case typeof(${column}) ${cases} else ${column} end as c${index}`
    })
    .join(', ')
}

/**
 * Matches one value, bound twice: by value, so that an index serves, and byte for byte, since the column's collation
 * or affinity may call others equal to it.
 */
export function sameBytes(column: ColumnInfo): string {
  if (!canBeKey(column)) {
    throw new RunnerError(
      'PRECONDITION_FAILED',
      `Rows cannot be found by ${column.name}, a column of type ${column.type}.`,
      {
        details: { column: column.name, type: column.type },
      },
    )
  }
  const name = quote(column.name)
  const bytes = `cast(cast(${name} as text) as blob) = cast(? as blob)`
  return `(${name} = ? and typeof(${name}) in ('text', 'integer') and ${bytes})`
}

/** SQLite's own rule, in its order: a declared type counts by the words in it. */
export function affinityOf(type: string): Affinity {
  const declared = type.toUpperCase()
  if (declared.includes('INT')) return 'integer'
  if (/CHAR|CLOB|TEXT/.test(declared)) return 'text'
  if (declared === '' || declared.includes('BLOB') || declared === 'ANY') return 'blob'
  return /REAL|FLOA|DOUB/.test(declared) ? 'real' : 'numeric'
}

/** What a column is meant to hold, as far as its declared type tells. */
export function kindOf(type: string): ColumnKind {
  const affinity = affinityOf(type)
  if (affinity === 'integer') return 'integer'
  if (affinity === 'real') return 'float'
  if (affinity === 'text') return 'text'
  if (affinity === 'blob') return type.toUpperCase().includes('BLOB') ? 'binary' : 'text'
  return NUMERIC_KINDS[/^\w*/.exec(type.toLowerCase())?.[0] ?? ''] ?? 'text'
}

const NUMERIC_KINDS: Readonly<Record<string, ColumnKind | undefined>> = {
  boolean: 'boolean',
  bool: 'boolean',
  decimal: 'decimal',
  numeric: 'decimal',
  number: 'decimal',
  money: 'decimal',
  date: 'date',
  datetime: 'timestamp',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  json: 'json',
  jsonb: 'other',
  time: 'other',
}

/** The shortest digits that read back as the same number, with a point so that it is not taken for an integer. */
export function realText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

function inStorage(column: ColumnInfo, text: string | null, value: unknown): ColumnText {
  if (text === null) return stored('null', null)
  if (column.kind === 'integer') return stored('integer', text)
  if (column.kind === 'float') return stored('real', text)
  if (column.kind === 'boolean') return stored('boolean', text)
  if (column.kind === 'decimal') return decimalInStorage(text)
  // Dates and times are text like any other here: they stay in the form in which they came.
  const verbatim = String(value)
  const becomesNumber = affinityOf(column.type) === 'numeric' && NUMERIC_TEXT.test(verbatim)
  return becomesNumber ? { ok: false, why: 'The column would store it as a number.' } : stored('text', verbatim)
}

function decimalInStorage(text: string): ColumnText {
  const decimal = new Decimal(text)
  if (decimal.isInteger() && isInt64(BigInt(decimal.toFixed()))) return stored('integer', decimal.toFixed())
  const real = decimal.toNumber()
  const isSame = Number.isFinite(real) && new Decimal(real).eq(decimal)
  return isSame ? stored('real', realText(real)) : { ok: false, why: 'SQLite would round it: it has too many digits.' }
}

function isInt64(value: bigint): boolean {
  return value >= INT64.minimum && value <= INT64.maximum
}

function stored(type: string, text: string | null): { readonly ok: true; readonly value: TypedText } {
  return { ok: true, value: { type, text } }
}
