/** What PostgreSQL's catalog says of a table, in one query, from whichever role asks. */
import * as z from 'zod'
import { type Digest, digest } from '../protocol/canonical.js'
import type { ColumnInfo, ColumnKind, TableInfo, TableProblem, TableRef } from '../sql/dialect.js'
import type { Role } from './postgres-options.js'

/** What is said of a type with its modifiers. */
export const catalogType = z.object({
  type: z.string(),
  cast: z.string(),
  base: z.string(),
  modifier: z.int(),
  labels: z.array(z.string()).nullable(),
})

const catalogColumn = catalogType.extend({
  name: z.string(),
  type_id: z.string(),
  not_null: z.boolean(),
  generated: z.boolean(),
})
type CatalogColumn = z.infer<typeof catalogColumn>

const catalogTable = z.object({
  id: z.string(),
  database: z.string(),
  /** `null` where not everybody may ask for it, so that reader and writer always see the same. */
  cluster: z.string().nullable(),
  kind: z.string(),
  persistence: z.string(),
  has_children: z.boolean(),
  row_security: z.boolean(),
  forces_row_security: z.boolean(),
  bypasses_row_security: z.boolean(),
  in_recovery: z.boolean(),
  synchronous_commit: z.string(),
  columns: z.array(catalogColumn),
  keys: z.array(z.object({ columns: z.array(z.string()), identifies: z.boolean() })),
  triggers: z.array(z.string()),
  trigger_names: z.array(z.string()),
  rules: z.array(z.string()),
  policies: z.array(z.string()),
  cascades: z.array(z.string()),
})
type CatalogTable = z.infer<typeof catalogTable>

/** A described table with what only this engine's driver needs of it. */
export interface PgTable {
  readonly info: TableInfo
  readonly id: string
  readonly type_ids: ReadonlyMap<string, string>
}

/**
 * What names the cluster, on its replicas as well. `ts_stat` runs a statement that it is given as text, and so only where
 * it is reached: a statement that itself names a function which the role may not call fails in any case.
 */
const CLUSTER = `case when has_function_privilege('public', 'pg_catalog.pg_control_system()', 'execute')
    then (select word from ts_stat('select system_identifier::text::tsvector from pg_catalog.pg_control_system()')) end`

/** What is said of the type `t` of a column `a`, which as a domain rests on type `b`: a {@link catalogType}. */
export const TYPE_FIELDS = `'type', format_type(a.atttypid, a.atttypmod),
      'cast', case when b.typname = 'bpchar' then 'bpchar' else format_type(b.oid, null) end,
      'base', case when b.typtype = 'e' then 'enum' when b.typtype <> 'b' then 'other'
        when b.typnamespace = 'pg_catalog'::regnamespace or b.typname = 'citext' then b.typname else 'other' end,
      'modifier', case when t.typtype = 'd' then t.typtypmod else a.atttypmod end,
      'labels', (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = b.oid)`

export const NOT_NULL = 'a.attnotnull or t.typnotnull'
/** Not for a statement to set. */
export const GENERATED = `a.attgenerated <> '' or a.attidentity <> ''`

/** The type of a column, and the one it rests on where it is a domain. */
export const TYPE_JOINS = `join pg_type t on t.oid = a.atttypid
    join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end`

/** Whether each value of index `i`, over columns of which `k` tells, stands for one row. */
export const IDENTIFIES =
  'i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null and k.never_null'

/** What an update of a referenced column does to the rows that refer to it, where it does anything. */
export const UPDATE_CASCADES = `f.contype = 'f' and f.confupdtype in ('c', 'n', 'd')`

/** Binds schema and table name; answers one JSON text, or no row when there is no such relation. */
export const DESCRIBE = `select json_build_object(
  'id', c.oid::text,
  'database', current_database(),
  'cluster', ${CLUSTER},
  'kind', c.relkind,
  'persistence', c.relpersistence,
  'has_children', exists (select from pg_inherits i where i.inhparent = c.oid),
  'row_security', c.relrowsecurity,
  'forces_row_security', c.relforcerowsecurity,
  'bypasses_row_security', r.rolsuper or r.rolbypassrls or (pg_has_role(c.relowner, 'USAGE') and not c.relforcerowsecurity),
  'in_recovery', pg_is_in_recovery(),
  'synchronous_commit', current_setting('synchronous_commit'),
  'columns', coalesce((select json_agg(json_build_object(
      'name', a.attname,
      'type_id', a.atttypid::text,
      'not_null', ${NOT_NULL},
      'generated', ${GENERATED},
      ${TYPE_FIELDS}
    ) order by a.attnum)
    from pg_attribute a ${TYPE_JOINS}
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]'),
  'keys', coalesce((select json_agg(json_build_object(
      'columns', coalesce(k.columns, '{}'),
      'identifies', ${IDENTIFIES}
    ) order by i.indexrelid::regclass::text)
    from pg_index i cross join lateral (
      select array_agg(a.attname order by p.place) as columns, bool_and(a.attnotnull) as never_null
      from unnest(i.indkey::int2[]) with ordinality p (attnum, place)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = p.attnum
      where p.place <= i.indnkeyatts) k
    where i.indrelid = c.oid and i.indisunique), '[]'),
  'triggers', coalesce((select json_agg(pg_get_triggerdef(g.oid) || ' ' || g.tgenabled::text || ' ' || md5(p.prosrc) order by g.tgname)
    from pg_trigger g join pg_proc p on p.oid = g.tgfoid where g.tgrelid = c.oid and not g.tgisinternal), '[]'),
  'trigger_names', coalesce((select json_agg(t.name order by t.name) from (
      select g.tgname as name from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal
      union all select w.rulename from pg_rewrite w where w.ev_class = c.oid and w.rulename <> '_RETURN') t), '[]'),
  'rules', coalesce((select json_agg(pg_get_ruledef(w.oid) order by w.rulename)
    from pg_rewrite w where w.ev_class = c.oid and w.rulename <> '_RETURN'), '[]'),
  'policies', coalesce((select json_agg(concat_ws(' ', l.polname, l.polcmd, l.polpermissive, l.polroles::text,
      pg_get_expr(l.polqual, c.oid), pg_get_expr(l.polwithcheck, c.oid)) order by l.polname)
    from pg_policy l where l.polrelid = c.oid), '[]'),
  'cascades', coalesce((select json_agg(distinct f.conrelid::regclass::text)
    from pg_constraint f where f.confrelid = c.oid and ${UPDATE_CASCADES}), '[]')
)::text
from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.rolname = current_user
where n.nspname = $1::text and c.relname = $2::text`

/** Reads the answer of {@link DESCRIBE}, which says of the server and of row security what holds for the role that asked. */
export function parseTable(ref: TableRef, json: string, role: Role): PgTable {
  const table = catalogTable.parse(JSON.parse(json))
  const unique_keys = table.keys.filter((key) => key.identifies).map((key) => key.columns)
  const info: TableInfo = {
    ref,
    columns: new Map(table.columns.map((column) => [column.name, columnInfo(column)])),
    unique_keys,
    has_triggers: table.triggers.length > 0 || table.rules.length > 0,
    trigger_names: table.trigger_names,
    problems: [...problemsOf(table, unique_keys.length > 0), ...(role === 'writer' ? writerProblemsOf(table) : [])],
    fingerprint: fingerprintOf(table),
  }
  return { info, id: table.id, type_ids: new Map(table.columns.map(({ name, type_id }) => [name, type_id])) }
}

/**
 * Covers which database it is, so that nothing that was proposed on one is applied to another that looks alike. Object
 * ids stay out: a table that was made again is described alike. So does whatever depends on who asks.
 */
function fingerprintOf(table: CatalogTable): Digest {
  const { database, cluster, kind, has_children, row_security, forces_row_security, keys, triggers, rules, policies } =
    table
  const columns = table.columns.map(({ name, type, cast, modifier, not_null, generated, labels }) => {
    return [name, type, cast, modifier, not_null, generated, labels]
  })
  const security = { row_security, forces_row_security, policies }
  const place = { database, cluster }
  return digest('synapsor.table.v1', { place, columns, kind, has_children, keys, triggers, rules, security })
}

/** What stops a safe write, or needs care, whoever asks. */
export function problemsOf(
  table: Pick<CatalogTable, 'kind' | 'persistence' | 'has_children' | 'cascades'>,
  hasKey: boolean,
): readonly TableProblem[] {
  const problems: TableProblem[] = []
  const refuse = (code: TableProblem['code'], message: string) => problems.push({ severity: 'refuse', code, message })
  const warn = (code: TableProblem['code'], message: string) => problems.push({ severity: 'warn', code, message })
  if (table.kind === 'p') refuse('NOT_A_TABLE', 'It is a partitioned table. Name the partition that holds the rows.')
  else if (table.kind !== 'r')
    refuse('NOT_A_TABLE', 'It is a view, a foreign table or something else without rows of its own.')
  else if (table.has_children) refuse('NOT_A_TABLE', 'Other tables inherit from it, so that no key identifies a row.')
  if (table.persistence === 't') refuse('NOT_A_TABLE', 'It is a temporary table.')
  if (table.persistence === 'u') warn('NOT_DURABLE', 'It is unlogged: a crash of the server empties it.')
  if (!hasKey) refuse('NO_UNIQUE_KEY', 'No unique key of columns that are never NULL identifies a row.')
  if (table.cascades.length > 0) {
    warn('CASCADES', `Changing a referenced column changes rows elsewhere as well: ${table.cascades.join(', ')}.`)
  }
  return problems
}

/** What matters where changes are committed. A reader may well be on a replica. */
function writerProblemsOf(table: CatalogTable): readonly TableProblem[] {
  const problems: TableProblem[] = []
  const refuse = (code: TableProblem['code'], message: string) => problems.push({ severity: 'refuse', code, message })
  if (table.row_security && table.bypasses_row_security) {
    refuse(
      'ROW_SECURITY_BYPASSED',
      'Its row security does not bind this role: owner without FORCE, superuser or BYPASSRLS.',
    )
  }
  if (table.in_recovery) refuse('REPLICA', 'The server is a replica and takes no writes.')
  if (table.synchronous_commit === 'off')
    refuse('NOT_DURABLE', 'synchronous_commit is off: a crash takes back what was answered.')
  return problems
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'decimal',
  float4: 'float',
  float8: 'float',
  bool: 'boolean',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  citext: 'text',
  enum: 'enum',
  uuid: 'uuid',
  timestamptz: 'timestamp',
  timestamp: 'datetime',
  date: 'date',
  json: 'json',
  jsonb: 'json',
  bytea: 'binary',
}

const RANGES: Readonly<Record<string, { readonly minimum: string; readonly maximum: string }>> = {
  int2: { minimum: '-32768', maximum: '32767' },
  int4: { minimum: '-2147483648', maximum: '2147483647' },
  int8: { minimum: '-9223372036854775808', maximum: '9223372036854775807' },
}

/** What its type holds, from what the catalog says. */
export function columnInfo(column: Omit<CatalogColumn, 'type_id'>): ColumnInfo {
  const { name, type, cast, base, not_null, generated, labels } = column
  const limits = limitsOf(base, column.modifier)
  // A negative scale rounds before the point, which no reviewer expects.
  const kind = limits.scale !== undefined && limits.scale < 0 ? 'other' : (KINDS[base] ?? 'other')
  return {
    name,
    type,
    ...(cast === type ? {} : { cast }),
    kind,
    nullable: !not_null,
    generated,
    ...RANGES[base],
    ...limits,
    ...(labels ? { labels } : {}),
  }
}

function limitsOf(base: string, modifier: number): Partial<ColumnInfo> {
  const isLimited = modifier >= 0
  if (base === 'timestamptz' || base === 'timestamp') return { fraction_digits: isLimited ? modifier : 6 }
  if (base === 'bpchar') return { blank_padded: true, ...(isLimited ? { max_length: modifier - 4 } : {}) }
  if (base === 'varchar' && isLimited) return { max_length: modifier - 4 }
  if (base === 'numeric' && isLimited) {
    // Eleven bits with sign, since PostgreSQL 15.
    const scale = (((modifier - 4) & 2047) ^ 1024) - 1024
    return { precision: ((modifier - 4) >> 16) & 65_535, scale }
  }
  return {}
}
