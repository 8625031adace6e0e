/** Rows of SQLite in the texts that the runner reads: a value counts by how it is stored. */
import { TextDecoder } from 'node:util'
import { RunnerError } from '../errors.js'
import type { ColumnInfo, TableRef } from '../protocol/table.js'
import type { TypedText } from '../protocol/values.js'
import { kindOf, sameBytes, sqliteDialect } from '../sql/sqlite.js'
import type { FoundRow, RowQuery } from './database.js'
import { type SqliteHandle, type SqliteRow, select, textIn } from './sqlite-client.js'

const { quote } = sqliteDialect

const COLUMNS = 'select name, type from pragma_table_xinfo(?, ?)'
const ENCODING = 'select encoding from pragma_encoding'

export function findRows(handle: SqliteHandle, { table, key, tenant, columns }: RowQuery): readonly FoundRow[] {
  const known = columnsOf(handle, table)
  const selected = columns.map((name) => columnOf(known, name))
  const scope = [key, ...(tenant === null ? [] : [tenant])]
  const where = scope.map(({ column }) => sameBytes(columnOf(known, column))).join(' and ')
  const fields = selected.map(({ name }, i) => storedText(quote(name), i)).join(', ')
  const sql = `select ${fields} from ${sqliteDialect.table(table)} where ${where}`
  const rows = select(handle, sql, ...scope.flatMap(({ text }) => [text, text]))
  const decoder = decoderOf(handle)
  return rows.map((row) => new Map(selected.map((column, i) => [column.name, typedText(decoder, column, { row, i })])))
}

/** Text as its bytes, since a library may cut it; whole numbers as text, since a library may round them. */
function storedText(column: string, i: number): string {
  const text = `when 'integer' then cast(${column} as text) when 'real' then ${column} else hex(${column})`
  return `typeof(${column}) as t${i}, case typeof(${column}) when 'null' then null ${text} end as v${i}`
}

interface Place {
  readonly row: SqliteRow
  readonly i: number
}

function typedText(decoder: TextDecoder, column: ColumnInfo, { row, i }: Place): TypedText {
  const type = textIn(row, `t${i}`) ?? 'null'
  const text = textIn(row, `v${i}`)
  if (text === null) return { type: 'null', text }
  if (type === 'text') return decoded(decoder, text)
  const isBoolean = type === 'integer' && column.kind === 'boolean' && (text === '0' || text === '1')
  return { type: isBoolean ? 'boolean' : type, text }
}

function decoded(decoder: TextDecoder, hex: string): TypedText {
  try {
    return { type: 'text', text: decoder.decode(Buffer.from(hex, 'hex')) }
  } catch {
    return { type: 'malformed text', text: hex }
  }
}

const DECODERS: Readonly<Record<string, string | undefined>> = { 'UTF-16le': 'utf-16le', 'UTF-16be': 'utf-16be' }

function decoderOf(handle: SqliteHandle): TextDecoder {
  const encoding = textIn(select(handle, ENCODING)[0], 'encoding') ?? ''
  return new TextDecoder(DECODERS[encoding] ?? 'utf-8', { fatal: true, ignoreBOM: true })
}

function columnsOf(handle: SqliteHandle, { schema = 'main', table }: TableRef): ReadonlyMap<string, ColumnInfo> {
  const rows = select(handle, COLUMNS, table, schema)
  return new Map(
    rows.map((row) => {
      const name = textIn(row, 'name') ?? ''
      const type = textIn(row, 'type') ?? ''
      return [name, { name, type, kind: kindOf(type), nullable: true, generated: false }]
    }),
  )
}

function columnOf(known: ReadonlyMap<string, ColumnInfo>, name: string): ColumnInfo {
  const column = known.get(name)
  if (column) return column
  throw new RunnerError('SCHEMA_DRIFT', `There is no column ${name}.`, { details: { column: name } })
}
