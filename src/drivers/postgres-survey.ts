/** All tables of a PostgreSQL database, from its catalog alone: in one statement, since thousands of them are common. */
import * as z from 'zod'
import type { ColumnInfo } from '../sql/dialect.js'
import {
  catalogType,
  columnInfo,
  GENERATED,
  IDENTIFIES,
  NOT_NULL,
  problemsOf,
  TYPE_FIELDS,
  TYPE_JOINS,
  UPDATE_CASCADES,
} from './postgres-describe.js'
import type { PgSession } from './postgres-pool.js'
import { byName, type DatabaseSurvey, type SurveyedTable, type SurveyOptions } from './survey.js'

const names = z.array(z.string())
const numbers = z.array(z.int())

/** A type that any column has, by the key that its columns give. */
const surveyedType = catalogType.extend({ key: z.string() })

const surveyedTable = z.object({
  schema: z.string(),
  table: z.string(),
  kind: z.string(),
  persistence: z.string(),
  has_children: z.boolean(),
  row_security: z.boolean(),
  forces_row_security: z.boolean(),
  comment: z.string().nullable(),
  /** Number, name, key of the type, never NULL, generated, default, comment. */
  columns: z
    .array(
      z.tuple([
        z.int(),
        z.string(),
        z.string(),
        z.boolean(),
        z.boolean(),
        z.string().nullable(),
        z.string().nullable(),
      ]),
    )
    .nullable(),
  /** With the numbers of its columns, 0 for an expression. */
  keys: z
    .array(z.object({ columns: numbers, identifies: z.boolean(), is_primary: z.boolean(), is_usable: z.boolean() }))
    .nullable(),
  foreign_keys: z
    .array(z.object({ columns: numbers, schema: z.string(), table: z.string(), referenced: names }))
    .nullable(),
  checks: z.array(z.object({ columns: numbers.nullable(), expression: z.string() })).nullable(),
  triggers: names,
  cascades: names.nullable(),
})
type CatalogTable = z.infer<typeof surveyedTable>

const USER_SCHEMA = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`
const TYPE_KEY = `a.atttypid || ':' || a.atttypmod`
/** Only what is not validated can be not enforced, and older servers know no such thing. */
const ENFORCED = `(k.convalidated or to_jsonb(k) ->> 'conenforced' is distinct from 'false')`

/**
 * Binds the schema, or NULL for every one; answers `type` or `table` and a JSON text, for each of them. What belongs to a
 * table is gathered for all of them at once and then joined: looked up table by table, it would take as many scans as
 * there are tables. Columns share their types, of which there are few.
 */
export const SURVEY = `with tables as materialized (
  select c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${USER_SCHEMA} and ($1::text is null or n.nspname = $1::text)
), attributes as materialized (
  select a.* from tables c join pg_attribute a on a.attrelid = c.oid where a.attnum > 0 and not a.attisdropped
), columns as (
  select a.attrelid as id, json_agg(json_build_array(a.attnum, a.attname, ${TYPE_KEY}, ${NOT_NULL}, ${GENERATED},
      pg_get_expr(d.adbin, d.adrelid), m.description) order by a.attnum) as list
  from attributes a join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join pg_description m on m.classoid = 'pg_class'::regclass and m.objoid = a.attrelid and m.objsubid = a.attnum
  group by a.attrelid
), keys as (
  select i.indrelid as id, json_agg(json_build_object(
      'columns', (i.indkey::int2[])[0:i.indnkeyatts - 1],
      'identifies', i.indisunique and ${IDENTIFIES},
      'is_primary', i.indisprimary,
      'is_usable', i.indisvalid and i.indpred is null and m.amname in ('btree', 'hash')
    ) order by not i.indisprimary, x.relname) as list
  from tables c join pg_index i on i.indrelid = c.oid
  join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam cross join lateral (
    select bool_and(a.attnotnull) as never_null from pg_attribute a
    where a.attrelid = i.indrelid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])) k
  group by i.indrelid
), foreign_keys as (
  select f.conrelid as id, json_agg(json_build_object(
      'columns', f.conkey,
      'schema', n.nspname, 'table', r.relname,
      'referenced', (select json_agg(a.attname order by p.place) from unnest(f.confkey) with ordinality p (number, place)
        join pg_attribute a on a.attrelid = f.confrelid and a.attnum = p.number)
    ) order by f.conname) as list
  from tables c join pg_constraint f on f.conrelid = c.oid
  join pg_class r on r.oid = f.confrelid join pg_namespace n on n.oid = r.relnamespace
  where f.contype = 'f' group by f.conrelid
), checks as (
  select k.id, json_agg(json_build_object('columns', k.columns, 'expression', k.expression)
    order by k.place, k.name) as list
  from (
    select k.conrelid as id, k.conkey as columns, pg_get_expr(k.conbin, k.conrelid) as expression, 0 as place, k.conname as name
    from tables c join pg_constraint k on k.conrelid = c.oid where k.contype = 'c' and ${ENFORCED}
    union all
    select a.attrelid, array[a.attnum], pg_get_expr(k.conbin, 0), a.attnum, k.conname
    from pg_constraint k join attributes a on a.atttypid = k.contypid
    where k.contype = 'c' and k.contypid <> 0 and ${ENFORCED}
  ) k group by k.id
), cascades as (
  select f.confrelid as id, json_agg(distinct f.conrelid::regclass::text) as list
  from pg_constraint f where ${UPDATE_CASCADES} group by f.confrelid
)
select 'type', json_build_object('key', ${TYPE_KEY}, ${TYPE_FIELDS})::text
from (select distinct atttypid, atttypmod from attributes) a ${TYPE_JOINS}
union all
select 'table', json_build_object(
  'schema', c.nspname,
  'table', c.relname,
  'kind', c.relkind,
  'persistence', c.relpersistence,
  'has_children', exists (select from pg_inherits i where i.inhparent = c.oid),
  'row_security', c.relrowsecurity,
  'forces_row_security', c.relforcerowsecurity,
  'comment', m.description,
  'columns', columns.list,
  'keys', keys.list,
  'foreign_keys', foreign_keys.list,
  'checks', checks.list,
  'triggers', array(select g.tgname::text from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal
    union all select w.rulename::text from pg_rewrite w where w.ev_class = c.oid and w.rulename <> '_RETURN' order by 1),
  'cascades', cascades.list
)::text
from tables c
left join columns on columns.id = c.oid
left join keys on keys.id = c.oid
left join foreign_keys on foreign_keys.id = c.oid
left join checks on checks.id = c.oid
left join cascades on cascades.id = c.oid
left join pg_description m on m.classoid = 'pg_class'::regclass and m.objoid = c.oid and m.objsubid = 0`

const SERVER = `select current_database(), current_setting('server_version')`

/** Surveys the database that a session is connected to. */
export async function surveyDatabase(session: PgSession, { schema }: SurveyOptions): Promise<DatabaseSurvey> {
  const [server] = (await session.run(SERVER)).rows
  const { rows } = await session.run(SURVEY, [schema ?? null])
  const [version = ''] = (server?.[1] ?? '').split(' ')
  const types = new Map<string, ColumnInfo>()
  const tables: CatalogTable[] = []
  for (const [of, json] of rows) {
    const found: unknown = JSON.parse(json ?? 'null')
    if (of === 'table') {
      tables.push(surveyedTable.parse(found))
      continue
    }
    const { key, ...type } = surveyedType.parse(found)
    types.set(key, columnInfo({ ...type, name: '', not_null: true, generated: false }))
  }
  return {
    engine: 'postgres',
    server: `PostgreSQL ${version}`,
    database: server?.[0] ?? null,
    tables: tables.map((table) => toTable(table, types)).sort(byName),
  }
}

const KINDS: Readonly<Record<string, SurveyedTable['kind']>> = {
  r: 'table',
  p: 'partitioned',
  v: 'view',
  m: 'materialized_view',
  f: 'foreign',
}

function toTable(table: CatalogTable, types: ReadonlyMap<string, ColumnInfo>): SurveyedTable {
  const columns = table.columns ?? []
  const keys = table.keys ?? []
  const named = new Map(columns.map(([number, name]) => [number, name]))
  const namesOf = (places: readonly number[]) =>
    places.map((place) => named.get(place)).filter((name) => name !== undefined)
  const unique_keys = keys.filter(({ identifies }) => identifies).map((key) => namesOf(key.columns))
  return {
    schema: table.schema,
    table: table.table,
    kind: KINDS[table.kind] ?? 'other',
    comment: table.comment,
    columns: columns.flatMap(([, name, type, not_null, generated, default_text, comment]) => {
      const info = types.get(type)
      return info === undefined ? [] : [{ ...info, name, nullable: !not_null, generated, default_text, comment }]
    }),
    primary_key: namesOf(keys.find(({ is_primary }) => is_primary)?.columns ?? []),
    unique_keys,
    foreign_keys: (table.foreign_keys ?? []).map(({ columns: own, schema, table: to, referenced }) => ({
      columns: namesOf(own),
      references: { schema, table: to, columns: referenced },
    })),
    checks: (table.checks ?? []).map((check) => ({
      columns: namesOf(check.columns ?? []),
      expression: check.expression,
    })),
    indexes: keys
      .filter(({ is_usable }) => is_usable)
      .map((key) => namesOf(leading(key.columns)))
      .filter((names) => names.length > 0),
    triggers: table.triggers,
    row_security: !table.row_security ? 'none' : table.forces_row_security ? 'forced' : 'enabled',
    problems: problemsOf({ ...table, cascades: table.cascades ?? [] }, unique_keys.length > 0),
  }
}

/** The columns before the first expression. */
function leading(columns: readonly number[]): readonly number[] {
  const end = columns.indexOf(0)
  return end === -1 ? columns : columns.slice(0, end)
}
