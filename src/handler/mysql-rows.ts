/**
 * Rows of MySQL in the texts that the runner reads, whatever the time zone and the character set of the app's session:
 * characters come as hexadecimal digits of UTF-8, and instants as seconds.
 */
import { RunnerError } from '../errors.js'
import type { ColumnInfo } from '../protocol/table.js'
import { bindMatch, isCanonical, matches, quote, quoteTable, textOf } from '../sql/mysql.js'
import type { FoundRow, RowQuery } from './database.js'
import type { MysqlRow } from './mysql-client.js'
import type { Columns } from './mysql-tables.js'

export interface RenderedRows {
  readonly sql: string
  readonly values: readonly string[]
  readonly columns: readonly ColumnInfo[]
}

/** `undefined` when no row can have this key and tenant. */
export function renderRows({ table, key, tenant, columns }: RowQuery, known: Columns): RenderedRows | undefined {
  const selected = columns.map((name) => columnOf(known, name))
  const scope = [key, ...(tenant === null ? [] : [tenant])].map(({ column, text }) => ({
    column: columnOf(known, column),
    text,
  }))
  if (!scope.every(({ column, text }) => isCanonical(column, text))) return undefined
  return {
    sql: `select ${selected.map(wireText).join(', ')} from ${quoteTable(table)}
where ${scope.map(({ column }) => matches(column)).join(' and ')}`,
    values: scope.flatMap(({ column, text }) => bindMatch(column, text)),
    columns: selected,
  }
}

export function toFoundRow(columns: readonly ColumnInfo[], row: MysqlRow): FoundRow {
  return new Map(
    columns.map((column, i) => {
      const wire = row[i] ?? null
      return [column.name, { type: column.type, text: wire === null ? null : fromWire(column, wire) }]
    }),
  )
}

function columnOf(known: Columns, name: string): ColumnInfo {
  const column = known.get(name)
  if (column) return column
  throw new RunnerError('SCHEMA_DRIFT', `There is no column ${name}.`, { details: { column: name } })
}

function wireText(column: ColumnInfo): string {
  if (isInstant(column)) return `cast(unix_timestamp(${quote(column.name)}) as char)`
  return `hex(convert(${textOf(column)} using utf8mb4))`
}

function fromWire(column: ColumnInfo, wire: string): string {
  return isInstant(column) ? instantText(column, wire) : Buffer.from(wire, 'hex').toString('utf8')
}

/** A TIMESTAMP is shown in the zone of the session, and an hour of autumn is two instants there. */
function isInstant({ type }: ColumnInfo): boolean {
  return type.startsWith('timestamp')
}

function instantText({ fraction_digits = 0 }: ColumnInfo, wire: string): string {
  const [seconds = '', fraction = ''] = wire.split('.')
  const moment = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')
  return fraction_digits === 0 ? moment : `${moment}.${fraction.padEnd(fraction_digits, '0')}`
}
