/** Describes a table of SQLite from its schema. */
import { RunnerError } from '../errors.js'
import { digest } from '../protocol/canonical.js'
import type { ColumnInfo, TableInfo, TableProblem, TableRef } from '../sql/dialect.js'
import { kindOf, sqliteDialect } from '../sql/sqlite.js'
import { prepared, type SqliteHandle, select } from './sqlite-handle.js'
import type { SqliteRow } from './sqlite-library.js'

const INT64 = { minimum: '-9223372036854775808', maximum: '9223372036854775807' }

const TABLE = 'select type, wr, strict from pragma_table_list where schema = ? and name = ?'
const COLUMNS =
  'select name, type, "notnull" as required, pk, hidden, dflt_value from pragma_table_xinfo(?, ?) order by cid'
const UNIQUE_INDEXES = `
select l.name as key, x.name as column_name, l.partial
from pragma_index_list(?, ?) l join pragma_index_xinfo(l.name, ?) x
where l."unique" and x.key order by l.name, x.seqno`

/** Moves whenever anything of the schema does, so that a description can be kept for as long as it stays. */
export function schemaVersion(handle: SqliteHandle, { schema = 'main' }: TableRef): string {
  return String(prepared(handle, `pragma ${sqliteDialect.quote(schema)}.schema_version`).get()?.schema_version)
}

/**
 * Describes a table as a connection sees it.
 *
 * @throws RunnerError `SCHEMA_DRIFT` when there is no such table.
 */
export function describeTable(handle: SqliteHandle, ref: TableRef): TableInfo {
  const { schema = 'main', table } = ref
  const [found] = select(handle, TABLE, schema, table)
  if (found === undefined) {
    throw new RunnerError('SCHEMA_DRIFT', `There is no table ${table} in ${handle.label.source}.`, {
      details: { source: handle.label.source, table },
    })
  }
  const { kind, columns, unique_keys } = readTable(handle, ref, found)
  const triggers = triggersOf(handle, ref)
  const definition = definitionOf(handle, ref)
  return {
    ref,
    columns: new Map(columns.map((column) => [column.name, column])),
    unique_keys,
    has_triggers: triggers.length > 0,
    trigger_names: triggers.map(({ name }) => name),
    problems: [...tableProblems(found, unique_keys), ...cascades(handle, ref), ...connectionProblems(handle)],
    fingerprint: digest('synapsor.table.sqlite.v1', {
      kind,
      definition,
      columns: columns.map(({ name, type, nullable, generated }) => [name, type, nullable, generated]),
      unique_keys,
      triggers: triggers.map(({ sql }) => sql),
    }),
  }
}

/** A table as its pragmas tell of it. */
export interface PlainTable {
  readonly kind: string
  readonly columns: readonly ColumnInfo[]
  /** The columns as `pragma_table_xinfo` gives them. */
  readonly rows: readonly SqliteRow[]
  readonly primary_key: readonly string[]
  readonly unique_keys: readonly (readonly string[])[]
}

/** Reads a table of which `pragma_table_list` has said `found`. */
export function readTable(handle: SqliteHandle, ref: TableRef, found: SqliteRow): PlainTable {
  const rows = select(handle, COLUMNS, ref.table, ref.schema ?? 'main')
  return {
    kind: String(found.type),
    columns: rows.map((row) => toColumn(row, rows, found)),
    rows,
    primary_key: primaryKey(rows),
    unique_keys: uniqueKeys(handle, ref, rows),
  }
}

function primaryKey(columns: readonly SqliteRow[]): readonly string[] {
  return columns
    .filter(({ pk }) => pk !== 0n)
    .sort((a, b) => Number(a.pk) - Number(b.pk))
    .map(({ name }) => String(name))
}

function toColumn(row: SqliteRow, all: readonly SqliteRow[], table: SqliteRow): ColumnInfo {
  const type = String(row.type)
  const kind = kindOf(type)
  const isRowid = type.toUpperCase() === 'INTEGER' && all.filter(({ pk }) => pk !== 0n).length === 1 && row.pk !== 0n
  return {
    name: String(row.name),
    type,
    kind,
    nullable: row.required === 0n && !(isRowid && table.wr === 0n),
    generated: row.hidden !== 0n,
    ...(kind === 'integer' ? INT64 : {}),
    ...decimalLimits(kind, type),
  }
}

function decimalLimits(kind: string, type: string): Partial<Pick<ColumnInfo, 'precision' | 'scale'>> {
  const [, precision, scale = '0'] = (kind === 'decimal' && /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(type)) || []
  return precision === undefined ? {} : { precision: Number(precision), scale: Number(scale) }
}

/**
 * A primary key counts even where SQLite lets it be NULL: no row is ever found by NULL, and every other value of it
 * names one row.
 */
function uniqueKeys(
  handle: SqliteHandle,
  ref: TableRef,
  columns: readonly SqliteRow[],
): readonly (readonly string[])[] {
  const { schema = 'main', table } = ref
  const primary = primaryKey(columns)
  const required = new Set(columns.filter((column) => column.required !== 0n).map(({ name }) => String(name)))
  const indexes = new Map<string, (string | null)[]>()
  for (const row of select(handle, UNIQUE_INDEXES, table, schema, schema)) {
    const members = indexes.get(String(row.key)) ?? []
    indexes.set(String(row.key), members)
    members.push(row.column_name === null || row.partial !== 0n ? null : String(row.column_name))
  }
  const whole = [...indexes.values()].filter((members): members is string[] =>
    members.every((name) => name !== null && required.has(name)),
  )
  const keys = [...(primary.length === 0 ? [] : [primary]), ...whole]
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()]
}

function triggersOf(handle: SqliteHandle, { schema = 'main', table }: TableRef) {
  const from = `${sqliteDialect.quote(schema)}.sqlite_schema`
  const sql = `select name, sql from ${from} where type = 'trigger' and tbl_name = ? collate nocase order by name`
  return select(handle, sql, table).map((row) => ({ name: String(row.name), sql: String(row.sql) }))
}

/** The statement that made the table: it alone tells of checks, collations and conflict clauses. */
function definitionOf(handle: SqliteHandle, { schema = 'main', table }: TableRef): string {
  const sql = `select sql from ${sqliteDialect.quote(schema)}.sqlite_schema where name = ? and type in ('table', 'view')`
  return String(prepared(handle, sql).get(table)?.sql)
}

export function tableProblems(kind: SqliteRow, keys: readonly (readonly string[])[]): readonly TableProblem[] {
  if (kind.type !== 'table') {
    return [
      { severity: 'refuse', code: 'NOT_A_TABLE', message: `It is a ${String(kind.type)} table, not a plain one.` },
    ]
  }
  return keys.length > 0
    ? []
    : [{ severity: 'refuse', code: 'NO_UNIQUE_KEY', message: 'It has neither a primary key nor a unique key.' }]
}

function cascades(handle: SqliteHandle, { schema = 'main', table }: TableRef): readonly TableProblem[] {
  const sql = `select distinct s.name from ${sqliteDialect.quote(schema)}.sqlite_schema s
    join pragma_foreign_key_list(s.name, ?) f
    where s.type = 'table' and f."table" = ? collate nocase and f.on_update not in ('NO ACTION', 'RESTRICT')`
  return select(handle, sql, schema, table).map(({ name }) => cascadeTo(String(name)))
}

export function cascadeTo(table: string): TableProblem {
  const message = `An update of what table ${table} refers to changes rows there too.`
  return { severity: 'warn', code: 'CASCADES', message }
}

/** What the host may have set on its own connection; the driver's own are set up safely. */
function connectionProblems(handle: SqliteHandle): readonly TableProblem[] {
  if (handle.owned || handle.label.role === 'reader') return []
  const journal = String(prepared(handle, 'pragma journal_mode').get()?.journal_mode)
  if (journal === 'off') {
    const message = 'The connection of the writer keeps no journal, so nothing could be rolled back.'
    return [{ severity: 'refuse', code: 'NOT_TRANSACTIONAL', message }]
  }
  const synchronous = Number(prepared(handle, 'pragma synchronous').get()?.synchronous)
  if (synchronous >= 2 && journal !== 'memory') return []
  const message = 'The connection of the writer does not wait for the disk: a power cut can undo what was applied.'
  return [{ severity: 'warn', code: 'NOT_DURABLE', message }]
}
