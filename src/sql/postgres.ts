import { RunnerError } from '../errors.js'
import type { ColumnInfo, Dialect, ReadShape, TableRef } from './dialect.js'
import { canBeKey, createToColumn, isCanonicalText, type ValueRules } from './values.js'

/** PostgreSQL cuts longer names without a word, so that two of them can mean one column. */
const MAX_NAME_BYTES = 63

const rules: ValueRules = {
  booleans: ['false', 'true'],
  instant_suffix: '+00',
  trims_fraction: true,
  float: floatText,
  // jsonb is stored as another text than the one that was reviewed.
  keeps_json: (column) => column.type === 'json',
}

/** PostgreSQL 13 and later. Texts are those of a session that is pinned to UTC and ISO dates. */
export const postgresDialect: Dialect = {
  engine: 'postgres',
  quote,
  table: quoteTable,
  toColumn: createToColumn(rules),

  scopedRead(read) {
    const text = readText(read)
    const { columns, key, tenant } = read
    const scope = [key, tenant].filter((column) => column !== undefined)
    return {
      text,
      columns,
      bind(values) {
        const bound = [...(key ? [values.key] : []), ...(tenant ? [values.tenant] : [])]
        const texts = bound.filter((value) => value !== undefined)
        const canMatch =
          texts.length === scope.length && scope.every((column, i) => isCanonical(column, texts[i] ?? ''))
        return canMatch ? texts : undefined
      },
    }
  },
}

export function quote(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new RunnerError('CONFIG_INVALID', `A name has to have 1 to ${MAX_NAME_BYTES} bytes and no NUL.`)
  }
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteTable({ schema = 'public', table }: TableRef): string {
  return `${quote(schema)}.${quote(table)}`
}

/** The column as the text that {@link Dialect.toColumn} speaks of, compared byte by byte whatever its collation. */
export function exactText(column: ColumnInfo): string {
  return `t.${quote(column.name)}::text collate "C"`
}

/** A bound text as a value that the column can be compared with or set to. */
export function castTo(column: ColumnInfo, placeholder: string): string {
  const type = column.cast ?? column.type
  return type === 'text' ? `${placeholder}::text` : `${placeholder}::text::${type}`
}

/** One row of one tenant: by value, so that an index finds it, and by bytes, so that no collation folds two into one. */
export function matches(column: ColumnInfo, placeholder: string): string {
  if (!canBeKey(column)) {
    throw new RunnerError(
      'PRECONDITION_FAILED',
      `Rows cannot be found by ${column.name}, a column of type ${column.type}.`,
      {
        details: { column: column.name, type: column.type },
      },
    )
  }
  return `t.${quote(column.name)} = ${castTo(column, placeholder)} and ${exactText(column)} = ${placeholder}::text`
}

/** Whether a row can have this text in this column at all. */
export function isCanonical(column: ColumnInfo, text: string): boolean {
  return isCanonicalText(column, text, rules)
}

function readText({ table, columns, key, tenant, order_by, limit }: ReadShape): string {
  const selected = columns.map((column) => `t.${quote(column.name)}::text`)
  const scope = [key, tenant].filter((column) => column !== undefined)
  const conditions = scope.map((column, i) => matches(column, `$${i + 1}`))
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
  return `select ${selected.join(', ')} from ${quoteTable(table)} t${where} order by t.${quote(order_by.name)} limit ${limit}`
}

/** The shortest digits that give the number back, as PostgreSQL has written them since version 12. */
function floatText(column: ColumnInfo, value: number): string | undefined {
  const isSingle = column.cast === 'real' || column.type === 'real'
  // Beyond this, two shortest spellings can lie equally near, and the server takes another one than JavaScript.
  if (Math.abs(value) > 2 ** (isSingle ? 24 : 53)) return undefined
  if (isSingle && Number(shortestSingle(value)) !== value) return undefined
  const [mantissa = '', power = ''] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < (isSingle ? 6 : 15)) return plainText(mantissa, exponent)
  const sign = exponent < 0 ? '-' : '+'
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function shortestSingle(value: number): string {
  const single = Math.fround(value)
  for (let precision = 1; precision < 9; precision += 1) {
    const digits = single.toPrecision(precision)
    if (Math.fround(Number(digits)) === single) return digits
  }
  return single.toPrecision(9)
}

function plainText(mantissa: string, exponent: number): string {
  const digits = mantissa.replace(/[-.]/g, '')
  return mantissa.startsWith('-') ? `-${place(digits, exponent)}` : place(digits, exponent)
}

function place(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const fraction = digits.slice(exponent + 1)
  return fraction === '' ? whole : `${whole}.${fraction}`
}
