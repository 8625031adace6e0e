import { isOpen, RUN_STATUSES, type RunStatus } from '../protocol/run.js'
import type { Page, RunAppend, RunFilter, RunRow, StoredRun } from './ledger.js'
import { type Row, readInteger, readText, readTextOrNull, unreadable } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { type ListSource, listPage } from './sqlite-lists.js'
import { FIND_ENTRIES, toStoredEntry } from './sqlite-proposals.js'

const ROW_COLUMNS =
  'created_seq, run_id, status, tenant_id, principal, workflow, identity, keyed, created_at, expires_at'

const FIND_ROW = `select ${ROW_COLUMNS}, revision from runs where run_id = ?`

const LIST = {
  name: 'runs',
  table: 'runs',
  key: 'created_seq',
  columns: ROW_COLUMNS,
  also: ['workflow', 'principal'],
  item: toRunRow,
} as const

/** Runs of any status. */
export const RUN_LIST: ListSource<RunRow> = { ...LIST, indexes: [{ name: 'runs_by_tenant', columns: ['tenant_id'] }] }

/** Runs of one status in which they can still move. */
export const OPEN_RUN_LIST: ListSource<RunRow> = {
  ...LIST,
  only: 't.active = 1',
  indexes: [
    { name: 'runs_open_by_tenant', columns: ['tenant_id', 'status'] },
    { name: 'runs_open', columns: ['status'] },
  ],
}

/** Runs of one status in which they have ended. */
export const CLOSED_RUN_LIST: ListSource<RunRow> = {
  ...LIST,
  only: 't.active = 0',
  indexes: [{ name: 'runs_closed_by_tenant', columns: ['tenant_id', 'status'] }],
}

export function listRuns(connection: Connection, request: RunFilter): Page<RunRow> {
  const { status } = request
  if (status === undefined) return listPage(connection, RUN_LIST, request)
  return listPage(connection, isOpen(status) ? OPEN_RUN_LIST : CLOSED_RUN_LIST, request)
}

const OPEN_RUNS = `
  select run_id from runs
  where active = 1 and created_seq > coalesce((select created_seq from runs where run_id = ?), 0)
  order by created_seq limit 200`

export function openRuns(connection: Connection, after: string | null): readonly string[] {
  return connection.all(OPEN_RUNS, after).map((row) => readText(row, 'run_id'))
}

/** Reads a run with its entries on one snapshot, so that row and entries agree. */
export function findRun(connection: Connection, run_id: string): StoredRun | undefined {
  return connection.read(() => readRun(connection, run_id))
}

/** As {@link findRun}, inside a transaction. */
export function readRun(connection: Connection, run_id: string): StoredRun | undefined {
  const row = connection.get(FIND_ROW, run_id)
  if (row === undefined) return undefined
  const entries = connection.all(FIND_ENTRIES, run_id)
  return {
    row: toRunRow(row),
    revision: readInteger(row, 'revision'),
    entries: entries.map(toStoredEntry),
    previous_hashes: entries.map((entry) => readTextOrNull(entry, 'previous_hash') ?? undefined),
  }
}

const FIND_MEANT = 'select run_id from runs where identity = ? and (active = 1 or keyed = 1)'

export function findRunId(connection: Connection, identity: string): string | undefined {
  const row = connection.get(FIND_MEANT, identity)
  return row === undefined ? undefined : readText(row, 'run_id')
}

/** Whether a run is where an append expects it. */
export function runIsAt(connection: Connection, { row, revision }: RunAppend): boolean {
  const found = connection.get('select revision from runs where run_id = ?', row.run_id)
  if (found !== undefined) return readInteger(found, 'revision') === revision
  return revision === 0 && findRunId(connection, row.identity) === undefined
}

const INSERT_ROW = `
  insert into runs (created_seq, run_id, status, active, revision, tenant_id, principal, workflow, identity, keyed,
    created_at, expires_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** A row stands at the place of its first entry and its revision counts its entries, so both follow from the chain. */
export function storeRun(connection: Connection, { row, revision, entries }: RunAppend, first_seq: number): void {
  const active = isOpen(row.status) ? 1 : 0
  if (revision > 0) {
    const moved = 'update runs set status = ?, active = ?, revision = ? where run_id = ?'
    connection.run(moved, row.status, active, revision + entries.length, row.run_id)
    return
  }
  const { run_id, status, tenant_id, principal, workflow, identity, keyed, created_at, expires_at } = row
  connection.run(
    INSERT_ROW,
    ...[first_seq, run_id, status, active, entries.length, tenant_id, principal, workflow, identity],
    ...[keyed ? 1 : 0, created_at, expires_at],
  )
}

export function toRunRow(row: Row): RunRow {
  return {
    run_id: readText(row, 'run_id'),
    status: readStatus(row),
    tenant_id: readText(row, 'tenant_id'),
    principal: readText(row, 'principal'),
    workflow: readText(row, 'workflow'),
    identity: readText(row, 'identity'),
    keyed: readInteger(row, 'keyed') === 1,
    created_at: readText(row, 'created_at'),
    expires_at: readText(row, 'expires_at'),
  }
}

const STATUSES: ReadonlyMap<string, RunStatus> = new Map(RUN_STATUSES.map((status) => [status, status]))

function readStatus(row: Row): RunStatus {
  const status = STATUSES.get(readText(row, 'status'))
  if (status === undefined) throw unreadable(`status of ${readText(row, 'run_id')}`)
  return status
}
