/** What a connection to a SQLite file may do. There are no grants: a connection that only reads, and the mode of the file, are all there is. */
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { TableInfo, TableRef } from '../sql/dialect.js'
import { sqliteDialect } from '../sql/sqlite.js'
import type { Credential, Power, PrivilegeRequest, TableRights, Wall } from './privileges.js'
import { isBusy } from './sqlite-errors.js'
import { assertIdle, prepared, type SqliteHandle, select } from './sqlite-handle.js'

const INDEXES = `select l.name as key, x.name as column_name from pragma_index_list(?, ?) l
  join pragma_index_xinfo(l.name, ?) x where x.key and not l.partial order by l.name, x.seqno`

/** Describes what is there; throws `SCHEMA_DRIFT` for what is not. */
type Describe = (ref: TableRef) => TableInfo

export function sqlitePrivileges(handle: SqliteHandle, { tables }: PrivilegeRequest, describe: Describe): Credential {
  assertIdle(handle)
  const rights = tables.flatMap((ref) => tableRights(handle, ref, describe))
  const version = String(prepared(handle, 'select sqlite_version() as version').get()?.version)
  return {
    account: handle.label.role,
    default_schema: 'main',
    has_grants: false,
    sees_all: true,
    reads_only: Number(prepared(handle, 'pragma query_only').get()?.query_only) === 1,
    tables: rights,
    grants: [],
    is_cut: false,
    powers: filePowers(handle),
    server: {
      name: `SQLite ${version}`,
      version: version.split('.').map(Number).slice(0, 2),
      oldest: [3],
      is_encrypted: false,
      is_local: true,
      clock_ahead_ms: 0,
      is_pooled: false,
      is_replica: false,
    },
  }
}

function tableRights(handle: SqliteHandle, ref: TableRef, describe: Describe): readonly TableRights[] {
  const info = describedOr(ref, describe)
  if (info === undefined) return []
  const columns = [...info.columns.keys()]
  const settable = [...info.columns.values()].filter(({ generated }) => !generated).map(({ name }) => name)
  const writable = handle.label.role === 'writer' ? settable : []
  return [
    {
      ref,
      is_reachable: true,
      columns,
      select: columns,
      insert: writable,
      update: writable,
      indexes: indexesOf(handle, ref, info),
      problems: info.problems,
      wall: handle.label.role === 'reader' ? wallOf(handle, ref, settable[0]) : 'untried',
    },
  ]
}

/** A table that is missing is told by whoever needs it. */
function describedOr(ref: TableRef, describe: Describe): TableInfo | undefined {
  try {
    return describe(ref)
  } catch (error) {
    if (isBusy(error)) throw error
    return undefined
  }
}

function indexesOf(handle: SqliteHandle, { schema = 'main', table }: TableRef, info: TableInfo) {
  const indexes = new Map<string, string[]>()
  const ended = new Set<string>()
  for (const { key, column_name } of select(handle, INDEXES, table, schema, schema)) {
    const name = String(key)
    if (column_name === null) ended.add(name)
    if (!ended.has(name)) indexes.set(name, [...(indexes.get(name) ?? []), String(column_name)])
  }
  // The primary key of a rowid table has no index of its own.
  return [...info.unique_keys, ...indexes.values()]
}

/** Of no row, and rolled back. */
function wallOf(handle: SqliteHandle, ref: TableRef, column: string | undefined): Wall {
  if (column === undefined) return 'untried'
  const { quote, table } = sqliteDialect
  const { database } = handle
  database.exec('begin')
  try {
    database.exec(`update ${table(ref)} set ${quote(column)} = ${quote(column)} where 0`)
    return 'none'
  } catch (error) {
    return isBusy(error) ? 'untried' : 'session'
  } finally {
    database.exec('rollback')
  }
}

const WRITABLE_BY_OTHERS = 0o022
const STICKY = 0o1000

/** What stands beside the file is read as part of it. Windows has no such modes. */
function filePowers(handle: SqliteHandle): readonly Power[] {
  const file = select(handle, `select file from pragma_database_list where name = 'main'`)[0]?.file
  if (typeof file !== 'string' || file === '' || process.platform === 'win32') return []
  const open = [
    ...(isOpen(file) ? ['the file itself'] : []),
    ...['-wal', '-shm', '-journal']
      .filter((ending) => isOpen(`${file}${ending}`))
      .map((ending) => `its ${ending} file`),
    // In a sticky folder, as /tmp is, nobody can put another file in the place of one.
    ...(isOpen(dirname(file), STICKY) ? ['its folder'] : []),
  ]
  return open.length === 0 ? [] : [{ kind: 'file_open_to_others', subject: open.join(', '), revoke: [] }]
}

/** Whether others may write it, unless one of the bits `unless` keeps them from it. What is not there is not open. */
function isOpen(path: string, unless = 0): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats !== undefined && (stats.mode & WRITABLE_BY_OTHERS) !== 0 && (stats.mode & unless) === 0
}
