import type { StoredEntry } from '../protocol/entry.js'
import { isActive, PROPOSAL_STATUSES, type ProposalStatus } from '../protocol/status.js'
import type { Page, ProposalFilter, ProposalRow, StoredProposal } from './ledger.js'
import { type Row, readInteger, readText, readTextOrNull, unreadable } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { type ListSource, mergePage } from './sqlite-lists.js'

const ROW_COLUMNS = `created_seq, proposal_id, status, hash, tenant_id, principal, capability, object_key, identity,
  created_at, expires_at, run_id`

const FIND_ROW = `select ${ROW_COLUMNS}, revision from proposals where proposal_id = ?`

/** The entries of a proposal or a run, each with the hash of the one before it in the chain. */
export const FIND_ENTRIES = `
  select e.seq, e.type, e.subject, e.at, e.commitment, e.prev, e.hash, e.salt, e.body, before.hash as previous_hash
  from entries as e
  left join entries as before on before.seq = e.seq - 1
  where e.subject = ? order by e.seq`

const FIND_ACTIVE = `
  select ${ROW_COLUMNS} from proposals where object_key = ? and active = 1 order by created_seq`

const LIST = {
  name: 'proposals',
  table: 'proposals',
  key: 'created_seq',
  columns: ROW_COLUMNS,
  also: ['capability', 'principal'],
  item: toProposalRow,
} as const
const BY_RUN = { name: 'proposals_by_run', columns: ['run_id'] } as const

/** Proposals of any status. */
export const PROPOSAL_LIST: ListSource<ProposalRow> = {
  ...LIST,
  indexes: [BY_RUN, { name: 'proposals_by_tenant', columns: ['tenant_id'] }],
}

const OPEN = [
  BY_RUN,
  { name: 'proposals_open_by_tenant', columns: ['tenant_id', 'status'] },
  { name: 'proposals_open', columns: ['status'] },
] as const

/** Proposals of one status in which they can still change their row. */
export const OPEN_LIST: ListSource<ProposalRow> = { ...LIST, only: 't.active = 1', indexes: OPEN }

/** Those of them that wait and may still be acted on. */
export const WAITING_LIST: ListSource<ProposalRow> = {
  ...LIST,
  only: 't.active = 1 and t.expires_at > ?',
  indexes: OPEN,
}

/** Those that waited for too long. Nobody has touched them since, so that it is not on record. */
export const LAPSED_LIST: ListSource<ProposalRow> = {
  ...LIST,
  only: 't.active = 1 and t.expires_at <= ?',
  indexes: OPEN,
}

/** Proposals of one status in which they have ended. */
export const CLOSED_LIST: ListSource<ProposalRow> = {
  ...LIST,
  only: 't.active = 0',
  indexes: [BY_RUN, { name: 'proposals_closed_by_tenant', columns: ['tenant_id', 'status'] }],
}

export function listProposals(connection: Connection, request: ProposalFilter, as_of: string): Page<ProposalRow> {
  const { cursor: _, limit: __, ...filter } = request
  const bound = [as_of]
  switch (request.status) {
    case undefined:
      return mergePage(connection, request, [{ source: PROPOSAL_LIST, filter }])
    case 'pending_review':
    case 'approved':
      return mergePage(connection, request, [{ source: WAITING_LIST, filter, bound }])
    case 'expired':
      return mergePage(connection, request, [
        { source: CLOSED_LIST, filter },
        { source: LAPSED_LIST, filter: { ...filter, status: 'pending_review' }, bound },
        { source: LAPSED_LIST, filter: { ...filter, status: 'approved' }, bound },
      ])
    default:
      return mergePage(connection, request, [{ source: isActive(request.status) ? OPEN_LIST : CLOSED_LIST, filter }])
  }
}

/** Reads a proposal with its entries on one snapshot, so that row and entries agree. */
export function findProposal(connection: Connection, proposal_id: string): StoredProposal | undefined {
  return connection.read(() => readProposal(connection, proposal_id))
}

/** As {@link findProposal}, inside a transaction. */
export function readProposal(connection: Connection, proposal_id: string): StoredProposal | undefined {
  const row = connection.get(FIND_ROW, proposal_id)
  if (row === undefined) return undefined
  const entries = connection.all(FIND_ENTRIES, proposal_id)
  return {
    row: toProposalRow(row),
    revision: readInteger(row, 'revision'),
    entries: entries.map(toStoredEntry),
    previous_hashes: entries.map((entry) => readTextOrNull(entry, 'previous_hash') ?? undefined),
  }
}

export function activeProposals(connection: Connection, object_key: string): readonly ProposalRow[] {
  return connection.all(FIND_ACTIVE, object_key).map(toProposalRow)
}

/** By the index of open ones, of which there are few. */
const LAPSED = `
  select proposal_id from proposals
  where active = 1 and status in ('pending_review', 'approved') and expires_at <= ?
    and created_seq > coalesce((select created_seq from proposals where proposal_id = ?), 0)
  order by created_seq limit 200`

export function lapsedProposals(connection: Connection, as_of: string, after: string | null): readonly string[] {
  return connection.all(LAPSED, as_of, after).map((row) => readText(row, 'proposal_id'))
}

export function toProposalRow(row: Row): ProposalRow {
  return {
    proposal_id: readText(row, 'proposal_id'),
    status: readStatus(row),
    hash: readText(row, 'hash'),
    tenant_id: readText(row, 'tenant_id'),
    principal: readText(row, 'principal'),
    capability: readText(row, 'capability'),
    object_key: readText(row, 'object_key'),
    identity: readText(row, 'identity'),
    created_at: readText(row, 'created_at'),
    expires_at: readText(row, 'expires_at'),
    run_id: readTextOrNull(row, 'run_id'),
  }
}

const STATUSES: ReadonlyMap<string, ProposalStatus> = new Map(PROPOSAL_STATUSES.map((status) => [status, status]))

function readStatus(row: Row): ProposalStatus {
  const status = STATUSES.get(readText(row, 'status'))
  if (status === undefined) throw unreadable(`status of ${readText(row, 'proposal_id')}`)
  return status
}

export function toStoredEntry(row: Row): StoredEntry {
  return {
    seq: readInteger(row, 'seq'),
    type: readText(row, 'type'),
    subject: readText(row, 'subject'),
    at: readText(row, 'at'),
    commitment: readText(row, 'commitment'),
    prev: readText(row, 'prev'),
    hash: readText(row, 'hash'),
    salt: readTextOrNull(row, 'salt'),
    body: readTextOrNull(row, 'body'),
  }
}
