/** Who a role of PostgreSQL is or could become, and who holds an entry of an access list: what every question begins with. */

/**
 * Who the role is or could become: itself, and every role that it is a member of, directly or not, whether it inherits
 * or would have to say `set role`. With each, the memberships of its own that lead there.
 */
export const REACH = `with recursive path (id, hop) as (
  select r.oid, null::oid from pg_roles r where r.rolname in (current_user, session_user)
  union
  select m.roleid, coalesce(p.hop, m.roleid) from path p join pg_auth_members m on m.member = p.id
), member (id, hops) as (
  select p.id, array_agg(distinct h.rolname::text) filter (where h.oid is not null)
  from path p left join pg_roles h on h.oid = p.hop group by p.id
), held (id, name, hops, is_self) as (
  select m.id, r.rolname::text, m.hops, r.rolname in (current_user, session_user) from member m join pg_roles r on r.oid = m.id
  union all
  select o.oid, o.rolname::text, (select hops from member where member.id = d.datdba), false
  from pg_roles o, pg_database d where o.rolname = 'pg_database_owner' and d.datname = current_database()
  and d.datdba in (select member.id from member)
)`

/** Who holds an entry of an access list: everybody, or a role within reach. The owner's own are told as ownership. */
export const HOLDERS = (list: string, owner: string) => `cross join lateral aclexplode(${list}) a
  left join held h on h.id = a.grantee
  where (a.grantee = 0 or h.id is not null) and a.grantee <> ${owner}`

export const HOLDER = `'public', bool_or(a.grantee = 0), 'self', coalesce(bool_or(h.is_self), false), 'role', min(h.name),
  'hops', coalesce(min(to_json(h.hops)::text)::json, '[]'::json)`
