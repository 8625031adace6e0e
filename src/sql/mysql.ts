/** How MySQL and MariaDB spell SQL and values. Texts are those of a session that is pinned to UTC and utf8mb4. */
import { RunnerError } from '../errors.js'
import type { ColumnInfo, Dialect, ReadShape, TableRef } from './dialect.js'
import { canBeKey, createToColumn, isCanonicalText, type ValueRules } from './values.js'

const MAX_NAME_LENGTH = 64

const rules: ValueRules = {
  booleans: ['0', '1'],
  instant_suffix: '',
  trims_fraction: false,
  float: (column, value) => (column.type === 'double' ? doubleText(value) : undefined),
}

/** MySQL 5.7 and later, MariaDB 10.6 and later. */
export const mysqlDialect: Dialect = {
  engine: 'mysql',
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
        return canMatch ? scope.flatMap((column, i) => bindMatch(column, texts[i] ?? '')) : undefined
      },
    }
  },
}

export function quote(name: string): string {
  if (name === '' || name.includes('\0') || name.length > MAX_NAME_LENGTH) {
    throw new RunnerError('CONFIG_INVALID', `A name has to have 1 to ${MAX_NAME_LENGTH} characters and no NUL.`)
  }
  return `\`${name.replaceAll('`', '``')}\``
}

export function quoteTable({ schema, table }: TableRef): string {
  return schema === undefined ? quote(table) : `${quote(schema)}.${quote(table)}`
}

const BYTES =
  /^(binary|varbinary|tinyblob|blob|mediumblob|longblob|bit|geometry|point|linestring|polygon|multi\w+|geom\w+|vector)\b/
const CHARACTERS = /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set)\b/

/** The column as the text that {@link Dialect.toColumn} speaks of. A cast to text would spoil what holds bytes. */
export function textOf({ name, type }: ColumnInfo): string {
  const column = quote(name)
  if (BYTES.test(type)) return `hex(${column})`
  return CHARACTERS.test(type) ? `convert(${column} using utf8mb4)` : `cast(${column} as char)`
}

/** True when the column's text is a bound one, byte by byte, NULL equal to NULL. */
export function hasText(column: ColumnInfo): string {
  return `cast(${textOf(column)} as binary) <=> cast(? as binary)`
}

/**
 * One value of a key or tenant column: by value, so that an index finds it, and by bytes, since a collation calls
 * others equal to it. Numbers and dates have one text each, so that for them the value is enough.
 */
export function matches(column: ColumnInfo): string {
  if (!canBeKey(column)) {
    throw new RunnerError(
      'PRECONDITION_FAILED',
      `Rows cannot be found by ${column.name}, a column of type ${column.type}.`,
      { details: { column: column.name, type: column.type } },
    )
  }
  const name = quote(column.name)
  const type = comparedAs(column)
  return type === undefined ? `${name} = ? and ${hasText(column)}` : `${name} = cast(? as ${type})`
}

/** The values of {@link matches}. Always text: a number would be compared with text as a number. */
export function bindMatch(column: ColumnInfo, text: string): readonly string[] {
  return comparedAs(column) === undefined ? [text, text] : [text]
}

/** Whether a row can have this text in this column at all. */
export function isCanonical(column: ColumnInfo, text: string): boolean {
  return isCanonicalText(column, text, rules)
}

function comparedAs({ kind, type, precision, scale }: ColumnInfo): string | undefined {
  if (kind === 'integer') return type.includes('unsigned') ? 'unsigned' : 'signed'
  if (kind === 'decimal') return `decimal(${precision ?? 65}, ${scale ?? 0})`
  return kind === 'date' ? 'date' : undefined
}

function readText({ table, columns, key, tenant, order_by, limit }: ReadShape): string {
  const scope = [key, tenant].filter((column) => column !== undefined)
  const where = scope.length === 0 ? '' : ` where ${scope.map(matches).join(' and ')}`
  const selected = columns.map(textOf).join(', ')
  return `select ${selected} from ${quoteTable(table)}${where} order by ${quote(order_by.name)} limit ${limit}`
}

/** As the server writes it where it needs no exponent; it has rules of its own for the others. */
function doubleText(value: number): string | undefined {
  const text = String(value)
  return text.includes('e') || Math.abs(value) >= 1e15 ? undefined : text
}
