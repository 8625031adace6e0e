/** The questions that PostgreSQL is asked about a role. All of it is told by the catalog; nothing of a row is read. */
import { BEYOND } from './postgres-beyond-sql.js'
import { HOLDER, HOLDERS, REACH } from './postgres-reach-sql.js'

/** Rights on single tables beyond those of the request that are listed at most. */
export const MOST_GRANTS = 400

const NOT_SYSTEM = `n.nspname not in ('information_schema', 'pg_catalog') and n.nspname not like 'pg\\_toast%' and n.nspname not like 'pg\\_temp%'`

/** What an extension shows to everybody is no table of the app. */
const OF_EXTENSION = `exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')`

/** Answers one JSON text. Binds how many rights to list at most. */
export const PRIVILEGES = `${REACH}, granted as (
  select json_build_object('schema', n.nspname, 'name', c.relname, 'sequence', c.relkind = 'S',
    'right', lower(a.privilege_type), 'columns', null, ${HOLDER}) as entry,
    row_number() over (order by (a.privilege_type = 'SELECT'), n.nspname, c.relname, a.privilege_type) as place
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  ${HOLDERS(`coalesce(c.relacl, acldefault(case when c.relkind = 'S' then 's' else 'r' end::"char", c.relowner))`, 'c.relowner')}
    and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and not (a.grantee = 0 and a.privilege_type = 'SELECT' and ${OF_EXTENSION})
    and (${NOT_SYSTEM} or (n.nspname = 'pg_catalog' and a.grantee <> 0 and a.privilege_type <> 'SELECT'))
  group by n.nspname, c.relname, c.relkind, a.privilege_type, a.grantee
), granted_columns as (
  select json_build_object('schema', n.nspname, 'name', c.relname, 'sequence', false, 'right', lower(a.privilege_type),
    'columns', json_agg(t.attname order by t.attnum), ${HOLDER}) as entry
  from pg_attribute t join pg_class c on c.oid = t.attrelid join pg_namespace n on n.oid = c.relnamespace
  ${HOLDERS('t.attacl', 'c.relowner')} and t.attacl is not null and t.attnum > 0 and not t.attisdropped and ${NOT_SYSTEM}
  group by n.nspname, c.relname, a.privilege_type, a.grantee
), owned as (
  select json_build_object('schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'self', h.is_self, 'role', h.name,
    'hops', coalesce(to_json(h.hops), '[]'::json)) as entry, row_number() over (order by n.nspname, c.relname) as place
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join held h on h.id = c.relowner
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${NOT_SYSTEM}
), schemas as (
  select json_build_object('name', n.nspname, 'owned', false, ${HOLDER}) as entry
  from pg_namespace n ${HOLDERS(`coalesce(n.nspacl, acldefault('n', n.nspowner))`, 'n.nspowner')}
    and a.privilege_type = 'CREATE' and n.nspname not like 'pg\\_%' group by n.nspname, a.grantee
  union all
  select json_build_object('name', n.nspname, 'owned', true, 'public', false, 'self', h.is_self, 'role', h.name,
    'hops', coalesce(to_json(h.hops), '[]'::json))
  from pg_namespace n join held h on h.id = n.nspowner where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
    and h.name <> 'pg_database_owner'
), databases as (
  select json_build_object('name', d.datname, 'owned', false, ${HOLDER}) as entry
  from pg_database d ${HOLDERS(`coalesce(d.datacl, acldefault('d', d.datdba))`, 'd.datdba')}
    and a.privilege_type = 'CREATE' and d.datname = current_database() group by d.datname, a.grantee
  union all
  select json_build_object('name', d.datname, 'owned', true, 'public', false, 'self', h.is_self, 'role', h.name,
    'hops', coalesce(to_json(h.hops), '[]'::json))
  from pg_database d join held h on h.id = d.datdba where d.datname = current_database()
), functions as (
  select json_build_object('name', format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
    'owned', false, ${HOLDER}) as entry
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  ${HOLDERS(`coalesce(p.proacl, acldefault('f', p.proowner))`, 'p.proowner')}
    and p.prosecdef and p.proowner not in (select held.id from held)
    and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype) and p.oid >= 16384
  group by n.nspname, p.proname, p.oid, a.grantee
), ${BEYOND}
select json_build_object(
  'name', current_user,
  'trustee', (select t.rolname from pg_roles t where t.oid = coalesce(
    (select d.datdba from pg_database d where d.datname = current_database() and d.datdba not in (select held.id from held)), 10)),
  'reads_only', current_setting('default_transaction_read_only') = 'on',
  'roles', (select coalesce(json_agg(json_build_object('name', h.name, 'self', h.is_self, 'role', h.name,
      'hops', coalesce(to_json(h.hops), '[]'::json), 'bootstrap', r.oid = 10, 'superuser', r.rolsuper, 'bypass', r.rolbypassrls,
      'create_role', r.rolcreaterole, 'create_database', r.rolcreatedb, 'replication', r.rolreplication)
      order by h.is_self desc, h.name), '[]')
    from held h join pg_roles r on r.oid = h.id),
  'granted', (select coalesce(json_agg(entry), '[]') from granted where place <= $1::int),
  'is_cut', (select count(*) > $1::int from granted) or (select count(*) > $1::int from owned),
  'granted_columns', (select coalesce(json_agg(entry), '[]') from granted_columns),
  'owned', (select coalesce(json_agg(entry), '[]') from owned where place <= $1::int),
  'schemas', (select coalesce(json_agg(entry), '[]') from schemas),
  'databases', (select coalesce(json_agg(entry), '[]') from databases),
  'functions', (select coalesce(json_agg(entry), '[]') from functions),
  'beyond', (select coalesce(json_agg(entry), '[]') from beyond),
  'server', json_build_object(
    'version', current_setting('server_version'),
    'encrypted', coalesce((select s.ssl from pg_stat_ssl s where s.pid = pg_backend_pid()), false),
    'pid', pg_backend_pid(),
    'clock_ms', extract(epoch from clock_timestamp()) * 1000,
    'replica', pg_is_in_recovery())
)::text`

/** What the role can do with one table as it is. Binds schema and table name; answers one JSON text, or no row. */
export const TABLE_RIGHTS = `select json_build_object(
  'reachable', has_schema_privilege(n.oid, 'USAGE'),
  'columns', coalesce((select json_agg(json_build_object('name', t.attname,
      'select', has_column_privilege(c.oid, t.attnum, 'SELECT'), 'insert', has_column_privilege(c.oid, t.attnum, 'INSERT'),
      'update', has_column_privilege(c.oid, t.attnum, 'UPDATE')) order by t.attnum)
    from pg_attribute t where t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped), '[]'),
  'indexes', coalesce((select json_agg(k.columns) from pg_index i cross join lateral (
      select array_agg(t.attname order by p.place) as columns
      from unnest(i.indkey::int2[]) with ordinality p (attnum, place)
      join pg_attribute t on t.attrelid = c.oid and t.attnum = p.attnum
      where p.place <= i.indnkeyatts
        and p.place < coalesce((select min(e.place) from unnest(i.indkey::int2[]) with ordinality e (attnum, place) where e.attnum = 0), 1000)
    ) k join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
    where i.indrelid = c.oid and i.indisvalid and i.indpred is null and m.amname in ('btree', 'hash') and k.columns is not null), '[]')
)::text
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1::text and c.relname = $2::text`
