/** What the types of MySQL and MariaDB hold. */
import type { ColumnInfo, ColumnKind } from './dialect.js'

/** A column as the information schema has it. */
export interface DescribedColumn {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly generated: boolean
  readonly fraction_digits: number | undefined
  readonly precision: number | undefined
  readonly scale: number | undefined
  readonly length: number | undefined
}

/** FLOAT shows fewer digits than it compares, so that it is only good for reading. */
const KINDS: Readonly<Record<string, ColumnKind | undefined>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  decimal: 'decimal',
  double: 'float',
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  enum: 'enum',
  uuid: 'uuid',
  timestamp: 'timestamp',
  datetime: 'datetime',
  date: 'date',
  json: 'json',
  binary: 'binary',
  varbinary: 'binary',
  tinyblob: 'binary',
  blob: 'binary',
  mediumblob: 'binary',
  longblob: 'binary',
}

const INTEGER_BITS: Readonly<Record<string, bigint | undefined>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
}

const MOMENTS: Readonly<Record<string, { readonly minimum: string; readonly maximum: string } | undefined>> = {
  date: { minimum: '1000-01-01', maximum: '9999-12-31' },
  datetime: { minimum: '1000-01-01 00:00:00', maximum: '9999-12-31 23:59:59' },
  timestamp: { minimum: '1970-01-01 00:00:01', maximum: '2038-01-19 03:14:07' },
}

export function columnInfo(column: DescribedColumn): ColumnInfo {
  const { name, type, nullable, generated } = column
  const base = /^\w+/.exec(type)?.[0] ?? ''
  const kind = kindOf(base, type)
  return { name, type, kind, nullable, generated, ...limitsOf(base, kind, column) }
}

function kindOf(base: string, type: string): ColumnKind {
  // What is declared BOOLEAN; the one way there is to say it.
  if (type === 'tinyint(1)') return 'boolean'
  // Padded with zeros, one number has a text that depends on the column.
  return type.includes('zerofill') ? 'other' : (KINDS[base] ?? 'other')
}

function limitsOf(base: string, kind: ColumnKind, column: DescribedColumn): Partial<ColumnInfo> {
  const { type, precision, scale, length, fraction_digits } = column
  const unsigned = type.includes('unsigned')
  const bits = INTEGER_BITS[base]
  if (bits !== undefined) return integerRange(bits, unsigned)
  if (kind === 'decimal') {
    return { ...(unsigned ? { minimum: '0' } : {}), precision: precision ?? 65, scale: scale ?? 0 }
  }
  if (kind === 'enum') return { labels: labelsOf(type) }
  if (kind === 'text') return textLimit(base, length)
  const range = MOMENTS[base]
  return { ...range, ...(range && base !== 'date' ? { fraction_digits: fraction_digits ?? 0 } : {}) }
}

function integerRange(bits: bigint, unsigned: boolean): Partial<ColumnInfo> {
  if (unsigned) return { minimum: '0', maximum: String(2n ** bits - 1n) }
  return { minimum: String(-(2n ** (bits - 1n))), maximum: String(2n ** (bits - 1n) - 1n) }
}

function textLimit(base: string, length: number | undefined): Partial<ColumnInfo> {
  if (length === undefined) return {}
  if (base === 'char') return { max_length: length, blank_padded: true }
  // The others are limited in bytes, whatever they are called in the information schema.
  return base === 'varchar' ? { max_length: length } : { max_bytes: length }
}

/** The labels of `enum('a','b''c')`. */
function labelsOf(type: string): readonly string[] {
  return [...type.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) => label.replaceAll(`''`, `'`))
}
