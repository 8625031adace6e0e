/** What a role may do beyond the tables and routines of its database: reach other servers, the machine, settings. */
import { HOLDER, HOLDERS, REACH } from './postgres-reach-sql.js'

/** `what`: as `revoke … from` names it. `kind` says how it is to be read. */
const ENTRY = (kind: string, name: string, what: string) =>
  `json_build_object('kind', ${kind}, 'name', ${name}, 'what', ${what}, ${HOLDER}) as entry`

const OF_SELF = `'public', false, 'self', h.is_self, 'role', h.name, 'hops', coalesce(to_json(h.hops), '[]'::json)`

/** What the installation, or an extension, let these have and no one else. */
const MADE_SO = (grantee: string) => `exists (select from pg_init_privs i cross join lateral aclexplode(i.initprivs) x
    where i.classoid = 'pg_proc'::regclass and i.objoid = p.oid and x.grantee = ${grantee})`
const IS_KEPT_BACK = `exists (select from pg_init_privs i where i.classoid = 'pg_proc'::regclass and i.objoid = p.oid)
    and not ${MADE_SO('0')}`

const ROUTINE = `format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))`

/**
 * A routine that was kept from everybody when it was made and is held all the same, or that opens a connection to
 * another database, whoever may call it.
 */
const ROUTINES = `select ${ENTRY(`case when p.probin = '$libdir/dblink' then 'dblink' else p.proname::text end`, ROUTINE, `'execute on routine ' || ${ROUTINE}`)}
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  ${HOLDERS(`coalesce(p.proacl, acldefault('f', p.proowner))`, 'p.proowner')}
    and ((${IS_KEPT_BACK} and not ${MADE_SO('a.grantee')})
      or (p.probin = '$libdir/dblink' and p.prosrc in ('dblink_connect', 'dblink_record', 'dblink_exec')))
  group by n.nspname, p.proname, p.probin, p.oid, a.grantee`

const SERVERS = `select ${ENTRY(`'foreign_server'`, `format('%I', f.srvname)`, `format('usage on foreign server %I', f.srvname)`)}
  from pg_foreign_server f ${HOLDERS(`coalesce(f.srvacl, acldefault('S', f.srvowner))`, 'f.srvowner')}
  group by f.srvname, a.grantee
  union all
  select json_build_object('kind', 'foreign_server_owned', 'name', format('%I', f.srvname), 'what', null, ${OF_SELF})
  from pg_foreign_server f join held h on h.id = f.srvowner
  union all
  select json_build_object('kind', 'user_mapping', 'name', format('%I', u.srvname),
    'what', format('user mapping for %I server %I', u.usename, u.srvname), ${OF_SELF})
  from pg_user_mappings u join held h on h.id = u.umuser`

const WRAPPERS = `select ${ENTRY(`'foreign_wrapper'`, `format('%I', w.fdwname)`, `format('usage on foreign data wrapper %I', w.fdwname)`)}
  from pg_foreign_data_wrapper w ${HOLDERS(`coalesce(w.fdwacl, acldefault('F', w.fdwowner))`, 'w.fdwowner')}
  group by w.fdwname, a.grantee`

/** What is made later comes with these. */
const LATER = `select json_build_object('kind', 'later', 'name', format('%s on %s of %I', lower(a.privilege_type), k.plural, o.rolname),
    'what', format('alter default privileges for role %I%s revoke %s on %s', o.rolname,
      coalesce(' in schema ' || quote_ident(n.nspname), ''), lower(a.privilege_type), k.plural), ${HOLDER})
  from pg_default_acl d join pg_roles o on o.oid = d.defaclrole left join pg_namespace n on n.oid = d.defaclnamespace
  join (values ('r', 'tables'), ('S', 'sequences'), ('n', 'schemas')) k (type, plural) on k.type = d.defaclobjtype::text
  ${HOLDERS('d.defaclacl', 'd.defaclrole')} and a.privilege_type <> 'SELECT'
    and not (d.defaclobjtype = 'n' and a.privilege_type = 'USAGE')
  group by a.privilege_type, k.plural, o.rolname, n.nspname, a.grantee`

/** Part of the one question about a role. */
export const BEYOND = `beyond as (
  ${[ROUTINES, SERVERS, WRAPPERS, LATER].join('\n  union all\n  ')}
)`

/** Settings that only a superuser may change, and who else may. Asked of PostgreSQL 15 and later, where there are such rights. */
export const PARAMETERS = `${REACH}, settings as (
  select ${ENTRY(`lower(a.privilege_type)`, `format('%s', q.parname)`, `format('%s on parameter %I', lower(a.privilege_type), q.parname)`)}
  from pg_parameter_acl q ${HOLDERS('q.paracl', '10')}
  group by q.parname, a.privilege_type, a.grantee
)
select (select coalesce(json_agg(entry), '[]') from settings)::text`
