/** Rights of a user of MySQL or MariaDB in words that every engine shares, each with the statements that take it away. */
import { quote, quoteTable } from '../sql/mysql.js'
import type { GrantLine, GrantObject } from './mysql-grants.js'
import type { GrantScope, HeldGrant, Power, PowerKind } from './privileges.js'

/** What one account or role was granted. */
export interface Held {
  /** As `show grants` spells it; `null` for the user itself. */
  readonly role: string | null
  /** The role of the user's own through which it is reached. */
  readonly first: string | null
  readonly lines: readonly GrantLine[]
}

/** `name@host` as the server answers it, as a statement names it. The name may hold an `@`, the host cannot. */
export function accountOf(user: string): string {
  const at = user.lastIndexOf('@')
  return at < 0 ? quote(user) : `${quote(user.slice(0, at))}@${quote(user.slice(at + 1))}`
}

type RightsLine = Extract<GrantLine, { kind: 'rights' }>

/** Rights on everything, on a database, or on a table. */
export function toGrants(account: string, held: readonly Held[]): readonly HeldGrant[] {
  return held.flatMap(({ role, first, lines }) =>
    lines.filter(isOnTables).flatMap(({ rights, on, with_grant_option, to_public }) =>
      [...rights, ...(with_grant_option ? [{ right: 'grant option', columns: null }] : [])]
        .filter(({ right }) => !isPower(right, on) && right !== 'usage' && right !== 'proxy')
        .map(({ right, columns }): HeldGrant => {
          const what = columns === null ? right : `${right} (${columns.map(quote).join(', ')})`
          return {
            right,
            on: scopeOf(on),
            columns,
            through: to_public ? 'public' : role === null ? null : `role ${role}`,
            revoke: to_public ? fromPublic(what, on) : revoke(account, first, `${what} on ${spell(on)}`),
          }
        }),
    ),
  )
}

function isOnTables(line: GrantLine): line is RightsLine {
  return line.kind === 'rights' && line.on.type === ''
}

/** Rights that hold for the server alone. Any that is not listed here or among those on tables administers something. */
const POWERS: Readonly<Record<string, PowerKind>> = {
  'all privileges': 'superuser',
  all: 'superuser',
  super: 'superuser',
  file: 'writes_files',
  'create user': 'manages_roles',
  'create role': 'manages_roles',
  'drop role': 'manages_roles',
  role_admin: 'manages_roles',
  'grant option': 'manages_roles',
  process: 'reads_everything',
  'replication slave': 'replicates',
  'replication slave admin': 'replicates',
  'replication master admin': 'replicates',
  'replication replica': 'replicates',
}

/** Of a right on everything: those that every table has too. */
const ON_TABLES = new Set(
  'select insert update delete create drop references index alter trigger execute event usage|create view|show view|create routine|alter routine|create temporary tables|lock tables|show databases|delete history|delete versioning rows|show create routine'
    .split('|')
    .flatMap((part, place) => (place === 0 ? part.split(' ') : [part])),
)

function isPower(right: string, on: GrantObject): boolean {
  return on.schema === null && on.type === '' && (Object.hasOwn(POWERS, right) || !ON_TABLES.has(right))
}

/** Rights over the server, routines that run with their maker's rights, and lines that were not understood. */
export function toPowers(account: string, held: readonly Held[]): readonly Power[] {
  return held.flatMap(({ role, first, lines }) => lines.flatMap((line) => powersOf(account, { role, first, line })))
}

function powersOf(
  account: string,
  { role, first, line }: { readonly role: string | null; readonly first: string | null; readonly line: GrantLine },
): readonly Power[] {
  if (line.kind === 'unknown')
    return [{ kind: 'unknown', subject: role, revoke: first === null ? [] : leave(account, first) }]
  if (line.kind !== 'rights') return []
  const { on, with_grant_option } = line
  const rights = [...line.rights.map(({ right }) => right), ...(with_grant_option ? ['grant option'] : [])]
  if (on.type !== '') {
    const calling = rights.filter((right) => right !== 'usage')
    return calling.map((right) => ({
      kind: 'calls_definer',
      subject: spell(on),
      revoke: line.to_public ? fromPublic(right, on) : revoke(account, first, `${right} on ${spell(on)}`),
    }))
  }
  if (rights.includes('proxy')) return [{ kind: 'manages_roles', subject: 'PROXY', revoke: [] }]
  return rights
    .filter((right) => isPower(right, on))
    .map((right) => ({
      kind: POWERS[right] ?? 'administers',
      subject: right.toUpperCase(),
      revoke: line.to_public ? fromPublic(right, on) : revoke(account, first, `${right} on *.*`),
    }))
}

function scopeOf({ schema, name }: GrantObject): GrantScope {
  if (schema === null) return { kind: 'server' }
  return name === null
    ? { kind: 'schema', schema }
    : { kind: 'table', ref: { schema, table: name }, is_sequence: false }
}

/** As it was granted: a database may be a pattern, which is taken back by the same pattern only. */
function spell({ type, schema, name }: GrantObject): string {
  if (schema === null) return '*.*'
  const object = name === null ? `${quote(schema)}.*` : quoteTable({ schema, table: name })
  return type === '' ? object : `${type} ${object}`
}

function revoke(account: string, first: string | null, what: string): readonly string[] {
  return first === null ? [`revoke ${what} from ${account};`] : leave(account, first)
}

function fromPublic(what: string, on: GrantObject): readonly string[] {
  return [`revoke ${what} on ${spell(on)} from public;`]
}

function leave(account: string, first: string): readonly string[] {
  return [`revoke ${first} from ${account};`]
}
