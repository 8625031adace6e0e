/** What a user of MySQL or MariaDB may do, told by `show grants`, by the information schema and by an update of no row. */
import type { TableProblem, TableRef } from '../sql/dialect.js'
import { quote, quoteTable } from '../sql/mysql.js'
import { isForbidden, isReadOnly } from './mysql-errors.js'
import { parseGrantLine } from './mysql-grants.js'
import { accountOf, type Held, toGrants, toPowers } from './mysql-held.js'
import { type Flavour, flavourOf } from './mysql-options.js'
import type { MysqlPool } from './mysql-pool.js'
import type { MysqlRow, MysqlSession } from './mysql-session.js'
import { askViews, viewPowers } from './mysql-views.js'
import {
  type Credential,
  clockAhead,
  isLocalAddress,
  type PrivilegeRequest,
  type ServerFacts,
  type TableRights,
  type Wall,
} from './privileges.js'

/** Rights that are listed at most. */
const MOST_GRANTS = 400
/** Roles of roles that are followed at most; what lies behind is taken for anything. */
const MOST_ROLES = 50

export type ProblemsOf = (ref: TableRef) => Promise<readonly TableProblem[]>

export async function mysqlPrivileges(
  pool: MysqlPool,
  role: 'reader' | 'writer',
  { request, problemsOf }: { readonly request: PrivilegeRequest; readonly problemsOf: ProblemsOf },
): Promise<Credential> {
  const asked = await pool.session(async (session) => {
    const server = await askServer(session)
    const held = await askGrants(session, server.flavour)
    const views = await askViews(session)
    const tables: (Omit<TableRights, 'problems'> | undefined)[] = []
    for (const ref of request.tables) tables.push(await tableRights(session, role, ref))
    await session.send('rollback')
    return { server, held, views, tables: tables.filter((table) => table !== undefined) }
  })
  const { server, held } = asked
  // One after the other: describing takes several statements on a connection.
  const tables: TableRights[] = []
  for (const table of asked.tables) {
    tables.push({ ...table, problems: await problemsOf(table.ref).catch(() => []) })
  }
  // What only reads is cut first.
  const grants = toGrants(server.account, held).toSorted(
    (one, other) => Number(one.right === 'select') - Number(other.right === 'select'),
  )
  return {
    account: server.account,
    default_schema: server.schema,
    has_grants: true,
    sees_all: false,
    reads_only: role === 'reader',
    tables,
    grants: grants.slice(0, MOST_GRANTS),
    is_cut: grants.length > MOST_GRANTS,
    powers: [...toPowers(server.account, held), ...viewPowers(asked.views, grants)],
    server: server.facts,
  }
}

const SERVER = `select version(), coalesce(database(), ''), current_user(), cast(unix_timestamp(now(6)) as char),
  cast(@@global.read_only as char)`

async function askServer(session: MysqlSession) {
  const from = Date.now()
  const { rows } = await session.run(SERVER)
  const asked = { from, until: Date.now() }
  const [version, schema, user, seconds, read_only] = rows[0] ?? []
  const cipher = await session.run(`show session status like 'Ssl_cipher'`)
  const flavour = flavourOf(version)
  const [, major = '', minor = '', patch = ''] = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)/.exec(version ?? '') ?? []
  const facts: ServerFacts = {
    name: `${flavour === 'mariadb' ? 'MariaDB' : 'MySQL'} ${[major, minor, patch].join('.')}`,
    version: major === '' ? [] : [Number(major), Number(minor)],
    oldest: flavour === 'mariadb' ? [10, 6] : [8, 0],
    is_encrypted: (cipher.rows[0]?.[1] ?? '') !== '',
    is_local: isLocalAddress(addressOf(session.connection)),
    clock_ahead_ms: clockAhead(Number(seconds) * 1000, asked),
    is_pooled: false,
    is_replica: read_only !== '0' && read_only !== 'OFF',
  }
  return { facts, flavour, schema: schema ?? '', account: accountOf(user ?? '') }
}

function addressOf(connection: object): string | undefined {
  const inner: unknown = 'stream' in connection ? connection.stream : undefined
  const isSocket = typeof inner === 'object' && inner !== null && 'remoteAddress' in inner
  return isSocket && typeof inner.remoteAddress === 'string' ? inner.remoteAddress : undefined
}

/** Whose grants are still to be asked for, and the role of the user's own that leads there. `null`: the user itself. */
interface Waiting {
  readonly role: string | null
  readonly first: string | null
}

/** The grants of the user and, one after the other, of every role that it could take on. */
async function askGrants(session: MysqlSession, flavour: Flavour): Promise<readonly Held[]> {
  const held: Held[] = []
  const seen = new Set<string>()
  const waiting: Waiting[] = [{ role: null, first: null }]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { role, first } = next
    if (held.length > MOST_ROLES) return [...held, { role, first, lines: [{ kind: 'unknown' }] }]
    const lines = (await showGrants(session, flavour, next)).map(parseGrantLine)
    held.push({ role, first, lines })
    for (const each of lines.flatMap((line) => (line.kind === 'roles' ? line.roles : []))) {
      if (!seen.has(each)) waiting.push({ role: each, first: first ?? each })
      seen.add(each)
    }
  }
  return held
}

/** What nobody prints: it is not understood, which is what a role that does not show its grants deserves. */
const HIDDEN = 'HIDDEN'

async function showGrants(
  session: MysqlSession,
  flavour: Flavour,
  { role, first }: Waiting,
): Promise<readonly string[]> {
  if (role === null || first === null) return show(session, 'show grants')
  try {
    if (flavour === 'mysql') return await show(session, `show grants for current_user() using ${role}`)
    return await inRole(session, first, () => show(session, `show grants for ${role}`))
  } catch (error) {
    if (isForbidden(error)) return [HIDDEN]
    throw error
  }
}

async function show(session: MysqlSession, text: string): Promise<readonly string[]> {
  const { rows } = await session.run(text)
  return rows.map(([line]) => line ?? '')
}

/** MariaDB shows the grants of a role only to those who have taken it on. The session goes on as it was. */
async function inRole<Result>(session: MysqlSession, role: string, work: () => Promise<Result>): Promise<Result> {
  const { rows } = await session.run('select current_role()')
  const earlier = rows[0]?.[0]
  await session.send(`set role ${role}`)
  try {
    return await work()
  } finally {
    await session.send(`set role ${earlier === null || earlier === undefined ? 'none' : quote(earlier)}`)
  }
}

/** What the information schema says of each column that the user has a right to. */
const COLUMNS = `select column_name, lower(privileges) from information_schema.columns
  where table_schema = coalesce(?, database()) and table_name = ? order by ordinal_position`
const INDEXES = `select index_name, column_name, cast(sub_part as char), index_type from information_schema.statistics
  where table_schema = coalesce(?, database()) and table_name = ? order by index_name, seq_in_index`

async function tableRights(
  session: MysqlSession,
  role: 'reader' | 'writer',
  ref: TableRef,
): Promise<Omit<TableRights, 'problems'> | undefined> {
  const place = [ref.schema ?? null, ref.table]
  const { rows } = await session.run(COLUMNS, place)
  if (rows.length === 0) return undefined
  const having = (right: string) =>
    rows.filter(([, rights]) => rights?.split(',').includes(right) === true).map(([name]) => name ?? '')
  const indexes = await session.run(INDEXES, place)
  const columns = rows.map(([name]) => name ?? '')
  return {
    ref,
    is_reachable: true,
    columns,
    select: having('select'),
    insert: having('insert'),
    update: having('update'),
    indexes: leadingColumns(indexes.rows),
    // The writer would open a transaction for it, and what it may set is known.
    wall: role === 'reader' ? await wallOf(session, ref, having('update')[0] ?? columns[0]) : 'untried',
  }
}

/** An index over a prefix or an expression helps up to there. */
function leadingColumns(rows: readonly MysqlRow[]): readonly (readonly string[])[] {
  const indexes = new Map<string, { readonly columns: string[]; isOver: boolean }>()
  for (const [name, column, prefix, type] of rows) {
    const index = indexes.get(name ?? '') ?? { columns: [], isOver: type === 'FULLTEXT' || type === 'SPATIAL' }
    indexes.set(name ?? '', index)
    if (column === null || column === undefined || prefix !== null) index.isOver = true
    if (!index.isOver) index.columns.push(column ?? '')
  }
  return [...indexes.values()].map(({ columns }) => columns).filter((columns) => columns.length > 0)
}

/** The right is checked when the statement is prepared, before the session has its say. There are no triggers without a row. */
async function wallOf(session: MysqlSession, ref: TableRef, column: string | undefined): Promise<Wall> {
  if (column === undefined) return 'untried'
  try {
    await session.send('start transaction')
    await session.run(`update ${quoteTable(ref)} set ${quote(column)} = ${quote(column)} where false`)
    return 'none'
  } catch (error) {
    if (isForbidden(error)) return 'grant'
    return isReadOnly(error) ? 'session' : 'untried'
  } finally {
    await session.send('rollback')
  }
}
