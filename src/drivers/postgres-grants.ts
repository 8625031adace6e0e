/** Rights of a PostgreSQL role in words that every engine shares, each with the statements that take it away. */
import { quote, quoteTable } from '../sql/postgres.js'
import { powersBeyond } from './postgres-beyond.js'
import { leave, revokeFrom, throughOf } from './postgres-holder.js'
import type { Granted, NamedGrant, PrivilegesAnswer } from './postgres-privileges-answer.js'
import type { HeldGrant, Power, PowerKind } from './privileges.js'

/** Rights on tables, views and sequences. What several rights of one kind have in common is one grant. */
export function toGrants(role: PrivilegesAnswer): readonly HeldGrant[] {
  return [...[...role.granted, ...role.granted_columns].map((entry) => toGrant(role, entry)), ...ownedBy(role)]
}

function toGrant(role: PrivilegesAnswer, entry: Granted): HeldGrant {
  const { schema, name, right, columns, sequence } = entry
  const ref = { schema, table: name }
  const what = columns === null ? right : `${right} (${columns.map(quote).join(', ')})`
  const object = `${sequence ? 'sequence ' : ''}${quoteTable(ref)}`
  return {
    right,
    on: { kind: 'table', ref, is_sequence: sequence },
    columns,
    through: throughOf(entry),
    revoke: revokeFrom(role, entry, `${what} on ${object}`),
  }
}

const ALTERED: Readonly<Record<string, string>> = {
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
}

function ownedBy(role: PrivilegesAnswer): readonly HeldGrant[] {
  return role.owned.map(({ schema, name, kind, ...holder }): HeldGrant => {
    const ref = { schema, table: name }
    const give = `alter ${ALTERED[kind] ?? 'table'} ${quoteTable(ref)} owner to ${quote(role.trustee)};`
    return {
      right: 'own',
      on: { kind: 'table', ref, is_sequence: kind === 'S' },
      columns: null,
      through: holder.self ? null : `role ${quote(holder.role ?? '')}`,
      revoke: holder.self ? [give] : leave(role, holder.hops),
    }
  })
}

/** Attributes of roles, memberships with powers of their own, and what may be made, owned or called. */
export function toPowers(role: PrivilegesAnswer): readonly Power[] {
  return [
    ...role.roles.flatMap((each) => powersOfRole(role, each)),
    ...powersOfPlaces(role),
    ...callsOf(role),
    ...powersBeyond(role),
  ]
}

type RoleAnswer = PrivilegesAnswer['roles'][number]

const ATTRIBUTES: readonly (readonly [keyof RoleAnswer, PowerKind, string])[] = [
  ['superuser', 'superuser', 'nosuperuser'],
  ['bypass', 'bypasses_row_security', 'nobypassrls'],
  ['create_role', 'manages_roles', 'nocreaterole'],
  ['create_database', 'creates_databases', 'nocreatedb'],
  ['replication', 'replicates', 'noreplication'],
]

/** Roles that every server has. One that is not listed and not known to be harmless may do anything. */
const PREDEFINED: Readonly<Record<string, PowerKind | null>> = {
  pg_write_all_data: 'writes_everything',
  pg_read_all_data: 'reads_everything',
  pg_write_server_files: 'writes_files',
  pg_read_server_files: 'reads_files',
  pg_execute_server_program: 'runs_programs',
  pg_database_owner: null,
}

function powersOfRole(role: PrivilegesAnswer, each: RoleAnswer): readonly Power[] {
  // Whoever is a superuser has every attribute; told once, it is told.
  const attributes = ATTRIBUTES.filter(([key]) => each[key] === true).slice(0, each.superuser ? 1 : undefined)
  const own = attributes.map(([, kind, remedy]): Power => {
    const subject = each.self ? null : quote(each.name)
    // The first role of a server cannot stop being a superuser.
    const change = each.bootstrap ? [] : [`alter role ${quote(each.name)} ${remedy};`]
    return { kind, subject, revoke: each.self ? change : leave(role, each.hops) }
  })
  if (each.self || !each.name.startsWith('pg_')) return own
  const kind = Object.hasOwn(PREDEFINED, each.name) ? PREDEFINED[each.name] : 'administers'
  if (kind === null || kind === undefined) return own
  return [...own, { kind, subject: quote(each.name), revoke: leave(role, each.hops) }]
}

function powersOfPlaces(role: PrivilegesAnswer): readonly Power[] {
  const schemas = role.schemas.map((entry): Power => {
    const subject = quote(entry.name)
    if (entry.owned) return { kind: 'owns_schema', subject, revoke: notGiven(role, entry) }
    return { kind: 'creates_in_schema', subject, revoke: revokeFrom(role, entry, `create on schema ${subject}`) }
  })
  const databases = role.databases.map((entry): Power => {
    const subject = quote(entry.name)
    if (entry.owned) return { kind: 'owns_database', subject, revoke: notGiven(role, entry) }
    return { kind: 'creates_in_database', subject, revoke: revokeFrom(role, entry, `create on database ${subject}`) }
  })
  return [...schemas, ...databases]
}

function callsOf(role: PrivilegesAnswer): readonly Power[] {
  return role.functions.map((entry) => ({
    kind: 'calls_definer',
    subject: entry.name,
    revoke: revokeFrom(role, entry, `execute on routine ${entry.name}`),
  }))
}

/** What the role owns itself is not taken from it: it may be the user of the app. */
function notGiven(role: PrivilegesAnswer, { self, hops }: NamedGrant): readonly string[] {
  return self ? [] : leave(role, hops)
}
