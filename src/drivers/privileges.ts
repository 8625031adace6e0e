/** What a credential may do, as the database itself tells it. A driver reports it; what is too much is decided elsewhere. */
import type { TableProblem, TableRef } from '../sql/dialect.js'

export interface PrivilegeRequest {
  /** Tables that the credential is for. One that is not there is left out of the answer. */
  readonly tables: readonly TableRef[]
}

/** One of the two credentials of a source. */
export interface Credential {
  /** As a statement names it: quoted, with its host where the engine has one. Never a password. */
  readonly account: string
  /** Where a table lies that is named without a schema. */
  readonly default_schema: string
  /** Whether the engine has rights at all. Where it has none, the connection alone keeps from writing. */
  readonly has_grants: boolean
  /** Whether it is shown tables and columns that it has no right to. Else what it may not use is as good as absent. */
  readonly sees_all: boolean
  /** Its transactions only read unless a statement says otherwise: a seat belt, which the same session can take off. */
  readonly reads_only: boolean
  readonly tables: readonly TableRights[]
  /** Every right on a table, view, sequence or schema within its reach, that of roles which it could take on included. */
  readonly grants: readonly HeldGrant[]
  /** Rights were left out of `grants`, because there are too many to list. */
  readonly is_cut: boolean
  readonly powers: readonly Power[]
  readonly server: ServerFacts
}

/** What the credential can do with one table as it logs in, without taking on anything else. */
export interface TableRights {
  /** As it was asked for. */
  readonly ref: TableRef
  /** Whether the schema lets it through. */
  readonly is_reachable: boolean
  /** Every column that it is shown. */
  readonly columns: readonly string[]
  readonly select: readonly string[]
  readonly insert: readonly string[]
  readonly update: readonly string[]
  /** Leading columns of each index that the engine can use for an equality. */
  readonly indexes: readonly (readonly string[])[]
  /** As the credential sees them. */
  readonly problems: readonly TableProblem[]
  /** What stopped an update of no row. */
  readonly wall: Wall
}

/** `grant`: the right is missing. `session`: only the session that reads. `none`: nothing did. `untried`: it was not asked. */
export type Wall = 'grant' | 'session' | 'none' | 'untried'

/** Where a right holds. */
export type GrantScope =
  | { readonly kind: 'table'; readonly ref: TableRef; readonly is_sequence: boolean }
  /** Everything in a schema; a database on MySQL. */
  | { readonly kind: 'schema'; readonly schema: string }
  | { readonly kind: 'server' }

export interface HeldGrant {
  /** In lower case, as the engine names it: `select`, `update`, `delete`. `own`: all of them, and those of its owner. */
  readonly right: string
  readonly on: GrantScope
  /** `null` for whole rows. */
  readonly columns: readonly string[] | null
  /** `null` where the credential holds it itself. */
  readonly through: string | null
  /** Statements that take it away, from the credential or from whom it has it. */
  readonly revoke: readonly string[]
}

/** A right beyond tables. */
export interface Power {
  readonly kind: PowerKind
  /** The function, schema, role or privilege that it is about, quoted. */
  readonly subject: string | null
  /** The view, where it is one. */
  readonly ref?: TableRef
  /** Statements that take it away. Empty where there is none to be given. */
  readonly revoke: readonly string[]
}

export type PowerKind =
  | 'superuser'
  | 'bypasses_row_security'
  | 'manages_roles'
  | 'creates_databases'
  | 'replicates'
  | 'writes_everything'
  | 'reads_everything'
  | 'writes_files'
  | 'reads_files'
  | 'runs_programs'
  | 'administers'
  | 'creates_in_schema'
  | 'creates_in_database'
  | 'owns_schema'
  | 'owns_database'
  | 'calls_definer'
  /** A routine that only administrators may call unless somebody said otherwise. */
  | 'calls_kept_back'
  /** Another server, or whatever a foreign data wrapper opens. */
  | 'reaches_elsewhere'
  | 'alters_system'
  | 'sets_parameter'
  | 'disables_triggers'
  /** A right to write what is made later. */
  | 'is_granted_later'
  /** A view that runs with the rights of its maker, routines that it calls included. */
  | 'reads_through_maker'
  | 'file_open_to_others'
  /** A grant that was not understood: it may be anything. */
  | 'unknown'

/** The server behind a connection, and the connection itself. */
export interface ServerFacts {
  /** As it names itself: `PostgreSQL 18.4`, `MariaDB 10.11.6`. */
  readonly name: string
  /** Major and minor version; empty where it says none. */
  readonly version: readonly number[]
  /** The oldest version that the driver is made for. */
  readonly oldest: readonly number[]
  readonly is_encrypted: boolean
  /** On this machine: nothing goes over a network. */
  readonly is_local: boolean
  /** How far its clock is ahead of this machine's, in milliseconds, as far as that is beyond doubt. `0` in one process. */
  readonly clock_ahead_ms: number
  /** Something between answers in the server's name. */
  readonly is_pooled: boolean
  /** Takes no writes. */
  readonly is_replica: boolean
}

/** How far `server_ms` lies outside of the time in which the server was asked for it. */
export function clockAhead(server_ms: number, asked: { readonly from: number; readonly until: number }): number {
  if (!Number.isFinite(server_ms)) return 0
  if (server_ms < asked.from) return Math.round(server_ms - asked.from)
  return server_ms > asked.until ? Math.round(server_ms - asked.until) : 0
}

const LOOPBACK = /^(::ffff:)?127\.|^::1$/

/** Whether the other end of a socket is on this machine; one without an address is a file. */
export function isLocalAddress(address: string | undefined): boolean {
  return address === undefined || LOOPBACK.test(address)
}
