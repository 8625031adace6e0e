/**
 * All tables that a user is shown, from the information schema: a handful of statements over all of them, since each
 * one about a single table costs the server as much as one about a hundred.
 */
import {
  COLUMN_FIELDS,
  KEY_FIELDS,
  keysOf,
  problemsOf,
  TABLE_FIELDS,
  toColumnInfo,
  UPDATE_CASCADES,
} from './mysql-describe.js'
import { flavourOf } from './mysql-options.js'
import type { MysqlRow, MysqlSession } from './mysql-session.js'
import {
  byName,
  type DatabaseSurvey,
  type ForeignKey,
  type SurveyedColumn,
  type SurveyedTable,
  type SurveyOptions,
  type TableCheck,
} from './survey.js'

/** Where one schema is meant, the server need not open the tables of the others. */
const within = (column: string, schema: string | undefined) =>
  schema === undefined
    ? `${column} not in ('mysql', 'information_schema', 'performance_schema', 'sys')`
    : `${column} = ?`

/** Each begins with schema and table; what follows is listed beside it. */
const TABLES = (where: string) => `select table_schema, table_name, ${TABLE_FIELDS}, table_comment
  from information_schema.tables where ${where}`
const COLUMNS = (where: string) => `select table_schema, table_name, ${COLUMN_FIELDS}, column_default, column_comment
  from information_schema.columns where ${where} order by table_schema, table_name, ordinal_position`
const INDEXES = (where: string) => `select table_schema, table_name, ${KEY_FIELDS}, cast(non_unique as char), index_type
  from information_schema.statistics where ${where} order by table_schema, table_name, index_name, seq_in_index`
const TRIGGERS = (where: string) => `select event_object_schema, event_object_table, trigger_name
  from information_schema.triggers where ${where} order by trigger_name`
const FOREIGN_KEYS = (where: string) => `select table_schema, table_name, constraint_name, column_name,
    referenced_table_schema, referenced_table_name, referenced_column_name
  from information_schema.key_column_usage where ${where} and referenced_table_name is not null
  order by table_schema, table_name, constraint_name, ordinal_position`
const CASCADES = (where: string) => `select distinct unique_constraint_schema, referenced_table_name, table_name
  from information_schema.referential_constraints where ${where} and ${UPDATE_CASCADES} order by table_name`
const CHECKS = {
  mariadb: (where: string) => `select constraint_schema, table_name, check_clause
    from information_schema.check_constraints where ${where} order by constraint_name`,
  mysql: (where: string) => `select t.table_schema, t.table_name, c.check_clause
    from information_schema.check_constraints c join information_schema.table_constraints t
    on t.constraint_schema = c.constraint_schema and t.constraint_name = c.constraint_name
    where ${where} and t.constraint_type = 'CHECK' and t.enforced = 'YES' order by c.constraint_name`,
}
/** Checks are parsed and forgotten before MySQL 8, which has no such view. */
const HAS_CHECKS = `select table_name from information_schema.tables
  where table_schema = 'information_schema' and table_name = 'CHECK_CONSTRAINTS'`
const SERVER = 'select version(), database()'

/**
 * Surveys what a session's user is shown: tables on which it has a right, and what follows an update only where it may
 * do more than read.
 */
export async function surveyDatabase(session: MysqlSession, { schema }: SurveyOptions): Promise<DatabaseSurvey> {
  const ask = async (text: string, values: readonly string[] = []) => (await session.run(text, values)).rows
  const askAbout = (statement: (where: string) => string, column = 'table_schema') =>
    ask(statement(within(column, schema)), schema === undefined ? [] : [schema])

  const [server] = await ask(SERVER)
  const flavour = flavourOf(server?.[0])
  const hasChecks = (await ask(HAS_CHECKS)).length > 0
  const checked = flavour === 'mariadb' ? 'constraint_schema' : 't.table_schema'
  const tables = await askAbout(TABLES)
  const of: Belongings = {
    columns: grouped(await askAbout(COLUMNS)),
    indexes: grouped(await askAbout(INDEXES)),
    triggers: grouped(await askAbout(TRIGGERS, 'event_object_schema')),
    foreign_keys: grouped(await askAbout(FOREIGN_KEYS)),
    cascades: grouped(await askAbout(CASCADES, 'unique_constraint_schema')),
    checks: grouped(hasChecks ? await askAbout(CHECKS[flavour], checked) : []),
    is_mariadb: flavour === 'mariadb',
  }
  const version = /^\d+(\.\d+)*/.exec(server?.[0] ?? '')?.[0] ?? ''
  return {
    engine: 'mysql',
    server: `${of.is_mariadb ? 'MariaDB' : 'MySQL'} ${version}`.trim(),
    database: server?.[1] ?? null,
    tables: tables.map((row) => toTable(row, of)).sort(byName),
  }
}

/** Rows without schema and table, by {@link keyOf}. */
type Grouped = ReadonlyMap<string, readonly MysqlRow[]>

interface Belongings {
  readonly columns: Grouped
  readonly indexes: Grouped
  readonly triggers: Grouped
  readonly foreign_keys: Grouped
  readonly cascades: Grouped
  readonly checks: Grouped
  readonly is_mariadb: boolean
}

function grouped(rows: readonly MysqlRow[]): Grouped {
  const groups = new Map<string, MysqlRow[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const members = groups.get(key)
    if (members) members.push(row.slice(2))
    else groups.set(key, [row.slice(2)])
  }
  return groups
}

function keyOf([schema, table]: MysqlRow): string {
  return `${schema}\0${table}`
}

function toTable(row: MysqlRow, of: Belongings): SurveyedTable {
  const [schema = null, name, ...described] = row
  const key = keyOf(row)
  const columns = of.columns.get(key) ?? []
  const indexes = of.indexes.get(key) ?? []
  const keys = keysOf(indexes.filter(([, , , , non_unique]) => non_unique === '0'))
  const [type, , , , , , , comment] = described
  return {
    schema,
    table: name ?? '',
    kind: type === 'BASE TABLE' ? 'table' : type === 'VIEW' ? 'view' : 'other',
    // A view has its kind for a comment.
    comment: type === 'BASE TABLE' ? (comment ?? '') || null : null,
    columns: columns.map((column) => toColumn(column, of.is_mariadb)),
    primary_key: indexes.filter(([index]) => index === 'PRIMARY').map(([, column]) => column ?? ''),
    unique_keys: keys.filter(({ identifies }) => identifies).map((each) => each.columns),
    foreign_keys: foreignKeysOf(of.foreign_keys.get(key) ?? []),
    checks: (of.checks.get(key) ?? []).map(([clause]): TableCheck => ({ columns: [], expression: clause ?? '' })),
    indexes: indexesOf(indexes),
    triggers: (of.triggers.get(key) ?? []).map(([trigger]) => trigger ?? ''),
    row_security: 'none',
    problems: problemsOf({ table: described, columns, keys, cascades: of.cascades.get(key) ?? [] }, 'reader'),
  }
}

function toColumn(row: MysqlRow, isMariadb: boolean): SurveyedColumn {
  const [default_text = null, comment] = row.slice(-2)
  return {
    ...toColumnInfo(row),
    // MariaDB writes literals as SQL, and so the word for none.
    default_text: isMariadb && default_text === 'NULL' ? null : default_text,
    comment: (comment ?? '') || null,
  }
}

function foreignKeysOf(rows: readonly MysqlRow[]): readonly ForeignKey[] {
  return [...byFirst(rows).values()].map((members) => {
    const [, , schema = null, table] = members[0] ?? []
    return {
      columns: members.map(([, column]) => column ?? ''),
      references: { schema, table: table ?? '', columns: members.map((member) => member[4] ?? '') },
    }
  })
}

/** The columns before the first prefix or expression, of indexes that are sorted or hashed by whole values. */
function indexesOf(rows: readonly MysqlRow[]): readonly (readonly string[])[] {
  const usable = rows.filter((row) => row[5] === 'BTREE' || row[5] === 'HASH')
  return [...byFirst(usable).values()].flatMap((members) => {
    const end = members.findIndex(([, column, prefix]) => column === null || prefix !== null)
    const leading = end === -1 ? members : members.slice(0, end)
    return leading.length === 0 ? [] : [leading.map(([, column]) => column ?? '')]
  })
}

function byFirst(rows: readonly MysqlRow[]): ReadonlyMap<string, readonly MysqlRow[]> {
  const groups = new Map<string, MysqlRow[]>()
  for (const row of rows) {
    const members = groups.get(row[0] ?? '') ?? []
    groups.set(row[0] ?? '', members)
    members.push(row)
  }
  return groups
}
