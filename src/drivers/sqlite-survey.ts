/** All tables of a SQLite file, from its schema. */
import { sqliteDialect } from '../sql/sqlite.js'
import { checksOf } from './sqlite-checks.js'
import { cascadeTo, type PlainTable, readTable, tableProblems } from './sqlite-describe.js'
import { isBusy } from './sqlite-errors.js'
import { type SqliteHandle, select } from './sqlite-handle.js'
import type { SqliteRow } from './sqlite-library.js'
import type { DatabaseSurvey, ForeignKey, SurveyedTable, SurveyOptions } from './survey.js'

/** Views and shadow tables among them; SQLite's own tables are not. */
const TABLES = String.raw`select name, type, wr, strict from pragma_table_list
  where schema = ? and name not like 'sqlite\_%' escape '\' order by name`
const DEFINITIONS = (schema: string) => `select type, name, tbl_name, sql
  from ${sqliteDialect.quote(schema)}.sqlite_schema where type in ('table', 'trigger') order by name`
const FOREIGN_KEYS = `select id, "table" as referenced, "from" as column_name, "to" as referenced_column, on_update
  from pragma_foreign_key_list(?, ?) order by id desc, seq`
const INDEXES = `select l.name as key, x.name as column_name from pragma_index_list(?, ?) l
  join pragma_index_xinfo(l.name, ?) x where x.key and not l.partial order by l.seq desc, x.seqno`

/** Surveys the file, whose only schema is `main` unless the host has attached others. */
export function surveyDatabase(handle: SqliteHandle, { schema = 'main' }: SurveyOptions): DatabaseSurvey {
  const [server] = select(handle, 'select sqlite_version() as version')
  const isThere = select(handle, 'select name from pragma_database_list').some(({ name }) => name === schema)
  return {
    engine: 'sqlite',
    server: `SQLite ${String(server?.version)}`,
    database: null,
    tables: isThere ? surveySchema(handle, schema) : [],
  }
}

interface Definitions {
  /** `create table`, as written, by name. */
  readonly tables: ReadonlyMap<string, string>
  /** By the name of their table in small letters. */
  readonly triggers: ReadonlyMap<string, readonly string[]>
}

/** A foreign key, with whether an update of what it refers to is carried on. */
type Reference = ForeignKey & { readonly cascades: boolean }

function surveySchema(handle: SqliteHandle, schema: string): readonly SurveyedTable[] {
  const definitions = definitionsIn(handle, schema)
  const surveyed = select(handle, TABLES, schema).map((found) => {
    const table = String(found.name)
    const references = referencesOf(handle, { schema, table })
    return { table, references, survey: surveyTable(handle, { schema, found, definitions, references }) }
  })
  const referring = new Map<string, Set<string>>()
  for (const { table, references } of surveyed) {
    for (const { references: to } of references.filter(({ cascades }) => cascades)) {
      const name = to.table.toLowerCase()
      referring.set(name, (referring.get(name) ?? new Set()).add(table))
    }
  }
  return surveyed.map(({ table, survey }) => {
    const cascades = [...(referring.get(table.toLowerCase()) ?? [])].map(cascadeTo)
    return cascades.length === 0 ? survey : { ...survey, problems: [...survey.problems, ...cascades] }
  })
}

function definitionsIn(handle: SqliteHandle, schema: string): Definitions {
  const rows = select(handle, DEFINITIONS(schema))
  const triggers = new Map<string, string[]>()
  for (const { name, tbl_name } of rows.filter(({ type }) => type === 'trigger')) {
    const of = String(tbl_name).toLowerCase()
    triggers.set(of, [...(triggers.get(of) ?? []), String(name)])
  }
  const tables = rows
    .filter(({ type }) => type === 'table')
    .map(({ name, sql }) => [String(name), String(sql)] as const)
  return { tables: new Map(tables), triggers }
}

interface Surveying {
  readonly schema: string
  /** What `pragma_table_list` says of it. */
  readonly found: SqliteRow
  readonly definitions: Definitions
  readonly references: readonly Reference[]
}

function surveyTable(handle: SqliteHandle, { schema, found, definitions, references }: Surveying): SurveyedTable {
  const table = String(found.name)
  const { kind, columns, rows, primary_key, unique_keys } = readKnown(handle, schema, found)
  const sql = kind === 'table' ? (definitions.tables.get(table) ?? '') : ''
  return {
    schema: null,
    table,
    kind: kind === 'table' || kind === 'view' || kind === 'virtual' ? kind : 'other',
    comment: null,
    columns: columns.map((column, place) => ({
      ...column,
      default_text: textOf(rows[place]?.dflt_value),
      comment: null,
    })),
    primary_key,
    unique_keys,
    foreign_keys: references.map(({ columns, references }) => ({ columns, references })),
    checks: checksOf(sql).map((expression) => ({ columns: [], expression })),
    indexes: indexesOf(handle, { schema, table, primary_key }),
    triggers: definitions.triggers.get(table.toLowerCase()) ?? [],
    row_security: 'none',
    problems: tableProblems(found, unique_keys),
  }
}

/** A view over what is gone, or a table of a module that is not loaded, has a name and nothing else. */
function readKnown(handle: SqliteHandle, schema: string, found: SqliteRow): PlainTable {
  try {
    return readTable(handle, { schema, table: String(found.name) }, found)
  } catch (error) {
    if (found.type === 'table' || isBusy(error)) throw error
    return { kind: String(found.type), columns: [], rows: [], primary_key: [], unique_keys: [] }
  }
}

interface Named {
  readonly schema: string
  readonly table: string
}

function referencesOf(handle: SqliteHandle, { schema, table }: Named): readonly Reference[] {
  const rows = select(handle, FOREIGN_KEYS, table, schema)
  return [...new Set(rows.map(({ id }) => id))].map((id) => {
    const members = rows.filter((row) => row.id === id)
    const referenced = members.map((row) => textOf(row.referenced_column)).filter((name) => name !== null)
    return {
      columns: members.map(({ column_name }) => String(column_name)),
      // Without columns it is the primary key that is meant.
      references: { schema: null, table: String(members[0]?.referenced), columns: referenced },
      cascades: !['NO ACTION', 'RESTRICT'].includes(String(members[0]?.on_update)),
    }
  })
}

function indexesOf(
  handle: SqliteHandle,
  { schema, table, primary_key }: Named & { readonly primary_key: readonly string[] },
): readonly (readonly string[])[] {
  const rows = select(handle, INDEXES, table, schema, schema)
  const members = new Map<string, (string | null)[]>()
  for (const { key, column_name } of rows) {
    members.set(String(key), [...(members.get(String(key)) ?? []), textOf(column_name)])
  }
  const indexes = [...members.values()].map((names) => {
    const end = names.indexOf(null)
    return (end === -1 ? names : names.slice(0, end)).filter((name) => name !== null)
  })
  // The key of a table of rows by number is in no list of indexes.
  const all = [primary_key, ...indexes].filter((names) => names.length > 0)
  return [...new Map(all.map((names) => [JSON.stringify(names), names])).values()]
}

function textOf(value: SqliteRow[string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}
