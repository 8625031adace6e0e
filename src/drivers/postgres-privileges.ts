/** What a role of PostgreSQL may do, told by the catalog and by one update of no row. */
import * as z from 'zod'
import type { TableProblem, TableRef } from '../sql/dialect.js'
import { quote, quoteTable } from '../sql/postgres.js'
import { PARAMETERS } from './postgres-beyond-sql.js'
import { serverErrorOf } from './postgres-errors.js'
import { toGrants, toPowers } from './postgres-grants.js'
import type { PgPool, PgSession } from './postgres-pool.js'
import {
  type BeyondGrant,
  beyondAnswer,
  type PrivilegesAnswer,
  privilegesAnswer,
} from './postgres-privileges-answer.js'
import { MOST_GRANTS, PRIVILEGES, TABLE_RIGHTS } from './postgres-privileges-sql.js'
import {
  type Credential,
  clockAhead,
  isLocalAddress,
  type PrivilegeRequest,
  type ServerFacts,
  type TableRights,
  type Wall,
} from './privileges.js'

const tableAnswer = z.object({
  reachable: z.boolean(),
  columns: z.array(z.object({ name: z.string(), select: z.boolean(), insert: z.boolean(), update: z.boolean() })),
  indexes: z.array(z.array(z.string())),
})
type TableAnswer = z.infer<typeof tableAnswer>

/** What is wrong with a table for the role that asks. Rejects where it cannot be described. */
export type ProblemsOf = (ref: TableRef) => Promise<readonly TableProblem[]>

/** Asks on one connection, one question after the other: a few for the role, two for each table. */
export async function pgPrivileges(
  pool: PgPool,
  request: PrivilegeRequest,
  problemsOf: ProblemsOf,
): Promise<Credential> {
  const { role, server, tables } = await pool.session(async (session) => {
    const from = Date.now()
    const { rows } = await session.run(PRIVILEGES, [String(MOST_GRANTS)])
    const asked = { from, until: Date.now() }
    const answer = privilegesAnswer.parse(JSON.parse(String(rows[0]?.[0])))
    const role = { ...answer, beyond: [...answer.beyond, ...(await askParameters(session, answer))] }
    const tables: (Omit<TableRights, 'problems'> | undefined)[] = []
    for (const ref of request.tables) tables.push(await tableRights(session, ref, role.reads_only))
    return { role, server: serverFacts(session, role, asked), tables: tables.filter((table) => table !== undefined) }
  })
  const known = await Promise.all(
    tables.map(async (table) => ({ ...table, problems: await problemsIn(table, problemsOf) })),
  )
  return {
    account: quote(role.name),
    default_schema: 'public',
    has_grants: true,
    sees_all: true,
    reads_only: role.reads_only,
    tables: known,
    grants: toGrants(role),
    is_cut: role.is_cut,
    powers: toPowers(role),
    server,
  }
}

/** Rights to settings can be granted since PostgreSQL 15. */
async function askParameters(session: PgSession, { server }: PrivilegesAnswer): Promise<readonly BeyondGrant[]> {
  if (Number.parseInt(server.version, 10) < 15) return []
  const { rows } = await session.run(PARAMETERS)
  return beyondAnswer.parse(JSON.parse(String(rows[0]?.[0])))
}

/** A table that the role cannot use has no problems that it could be asked for. */
function problemsIn({ ref }: Pick<TableRights, 'ref'>, problemsOf: ProblemsOf): Promise<readonly TableProblem[]> {
  return problemsOf(ref).catch(() => [])
}

async function tableRights(
  session: PgSession,
  ref: TableRef,
  reads_only: boolean,
): Promise<Omit<TableRights, 'problems'> | undefined> {
  const { rows } = await session.run(TABLE_RIGHTS, [ref.schema ?? 'public', ref.table])
  const json = rows[0]?.[0]
  if (typeof json !== 'string') return undefined
  const answer = tableAnswer.parse(JSON.parse(json))
  const having = (right: 'select' | 'insert' | 'update') =>
    answer.columns.filter((column) => column[right]).map(({ name }) => name)
  return {
    ref,
    is_reachable: answer.reachable,
    columns: answer.columns.map(({ name }) => name),
    select: having('select'),
    insert: having('insert'),
    update: having('update'),
    indexes: answer.indexes,
    wall: await wallOf(session, ref, answer, reads_only),
  }
}

/**
 * Has an update of no row planned. What is only explained is never run, whatever triggers there are, but the server
 * checks the right to it all the same, in a session that reads as in any other.
 */
async function wallOf(session: PgSession, ref: TableRef, answer: TableAnswer, reads_only: boolean): Promise<Wall> {
  // A column that may be set is the one that a missing grant would have to stop.
  const column = answer.columns.find(({ update }) => update) ?? answer.columns[0]
  if (column === undefined) return 'untried'
  const set = `${quote(column.name)} = ${quote(column.name)}`
  try {
    await session.run(`explain update ${quoteTable(ref)} set ${set} where false`)
    return reads_only ? 'session' : 'none'
  } catch (error) {
    return serverErrorOf(error)?.code === '42501' ? 'grant' : 'untried'
  }
}

function serverFacts(
  { client }: PgSession,
  { server }: PrivilegesAnswer,
  asked: { readonly from: number; readonly until: number },
): ServerFacts {
  const stream: unknown = client.connection.stream
  const [, major = '', minor = '0'] = /^(\d+)(?:\.(\d+))?/.exec(server.version) ?? []
  const version = major === '' ? [] : [Number(major), Number(minor)]
  return {
    name: `PostgreSQL ${version.join('.')}`.trim(),
    version,
    oldest: [13],
    is_encrypted: server.encrypted,
    is_local: isLocalAddress(addressOf(stream)),
    clock_ahead_ms: clockAhead(server.clock_ms, asked),
    is_pooled: isPooled(client, server.pid),
    is_replica: server.replica,
  }
}

function addressOf(stream: unknown): string | undefined {
  const isSocket = typeof stream === 'object' && stream !== null && 'remoteAddress' in stream
  return isSocket && typeof stream.remoteAddress === 'string' ? stream.remoteAddress : undefined
}

/** A pooler gives the client a process number of its own making. */
function isPooled(client: object, pid: number): boolean {
  return 'processID' in client && typeof client.processID === 'number' && client.processID !== pid
}
