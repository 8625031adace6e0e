import { randomUUID } from 'node:crypto'
import { RunnerError } from '../errors.js'
import { canonicalJson } from '../protocol/canonical.js'
import { GENESIS, type NewEntry, type NewRunEntry, type StoredEntry, sealEntry } from '../protocol/entry.js'
import { isActive } from '../protocol/status.js'
import type { Append, Appended, ProposalRow } from './ledger.js'
import { readInteger, readText } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { useOfQuota } from './sqlite-quota.js'
import { auditOf, insertRead } from './sqlite-reads.js'
import { runIsAt, storeRun } from './sqlite-runs.js'

/** Writes one append. Runs inside a write transaction: what is checked here cannot change before it is committed. */
export function appendAll(connection: Connection, request: Append): Appended {
  assertComplete(request)
  if (!expectationsHold(connection, request)) return undefined
  const { run } = request
  const sealed = sealAll(connection, [...(run?.entries ?? []), ...request.entries])
  for (const entry of sealed) insertEntry(connection, entry)
  if (run !== undefined) storeRun(connection, run, sealed[0]?.seq ?? 0)
  const entries = sealed.slice(run?.entries.length ?? 0)
  for (const row of request.rows) storeRow(connection, row, request, entries)
  storeReceipts(connection, request, entries)
  const { job, reads = [] } = request
  for (const { record, audit } of reads) insertRead(connection, record, audit ?? auditOf(record.evidence))
  if (job !== undefined) insertJob(connection, job)
  return entries
}

/** Each proposal that is touched has an entry, the row that follows from it, and the revision that it rests on. */
function assertComplete({ expect, entries, rows, run }: Append): void {
  if (run?.entries.length === 0 || run?.entries.some(({ subject }) => subject !== run.row.run_id) === true) {
    throw new RunnerError('INTERNAL', 'An append to a run needs entries of this run.')
  }
  const touched = [...new Set(entries.map(({ subject }) => subject))].sort()
  const listed = rows.map(({ proposal_id }) => proposal_id).sort()
  const expected = new Set(expect.map(({ proposal_id }) => proposal_id))
  const complete = touched.length === listed.length && touched.every((id, place) => id === listed[place])
  if (complete && touched.every((id) => expected.has(id))) return
  throw new RunnerError('INTERNAL', 'An append needs an entry, a row and an expected revision for each proposal.')
}

function expectationsHold(connection: Connection, request: Append): boolean {
  const { expect, active, run } = request
  if (run !== undefined && !runIsAt(connection, run)) return false
  const unmoved = expect.every(({ proposal_id, revision }) => revisionOf(connection, proposal_id) === revision)
  return unmoved && (active === undefined || activeAre(connection, active)) && hasRoom(connection, request)
}

/** What the append touches besides the new proposal ends by it. */
function hasRoom(connection: Connection, { quota, rows }: Append): boolean {
  if (quota === undefined) return true
  const touched = rows.map(({ proposal_id }) => proposal_id)
  const { open_reached, created_reached } = useOfQuota(connection, quota, touched)
  return !open_reached && created_reached === null
}

function revisionOf(connection: Connection, proposal_id: string): number {
  const row = connection.get('select revision from proposals where proposal_id = ?', proposal_id)
  return row === undefined ? 0 : readInteger(row, 'revision')
}

function activeAre(connection: Connection, { object_key, proposal_ids }: NonNullable<Append['active']>): boolean {
  const rows = connection.all('select proposal_id from proposals where object_key = ? and active = 1', object_key)
  const expected = new Set(proposal_ids)
  return rows.length === expected.size && rows.every((row) => expected.has(readText(row, 'proposal_id')))
}

/** The head comes from the table and never from memory: another process may have moved it since. */
function sealAll(connection: Connection, entries: readonly (NewEntry | NewRunEntry)[]): readonly StoredEntry[] {
  const head = connection.get('select seq, hash from entries order by seq desc limit 1')
  let seq = head === undefined ? 0 : readInteger(head, 'seq')
  let prev: string = head === undefined ? GENESIS : readText(head, 'hash')
  return entries.map((entry) => {
    seq += 1
    const sealed = sealEntry(entry, seq, prev, randomUUID())
    prev = sealed.hash
    return sealed
  })
}

const INSERT_ENTRY = `
  insert into entries (seq, type, subject, at, commitment, prev, hash, salt, body) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`

function insertEntry(connection: Connection, entry: StoredEntry): void {
  const { seq, type, subject, at, commitment, prev, hash, salt, body } = entry
  connection.run(INSERT_ENTRY, seq, type, subject, at, commitment, prev, hash, salt, body)
}

/** A row stands at the place of its first entry and its revision counts its entries, so both follow from the chain. */
function storeRow(connection: Connection, row: ProposalRow, { expect }: Append, entries: readonly StoredEntry[]): void {
  const own = entries.filter((entry) => entry.subject === row.proposal_id)
  const revision = expect.find(({ proposal_id }) => proposal_id === row.proposal_id)?.revision ?? 0
  if (revision === 0) insertRow(connection, row, own[0]?.seq ?? 0, own.length)
  else updateRow(connection, row, revision + own.length)
}

const INSERT_ROW = `
  insert into proposals (created_seq, proposal_id, status, active, revision, hash, tenant_id, principal, capability,
    object_key, identity, created_at, expires_at, run_id)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

function insertRow(connection: Connection, row: ProposalRow, seq: number, revision: number): void {
  const { proposal_id, status, hash, tenant_id, principal, capability } = row
  const { object_key, identity, created_at, expires_at, run_id } = row
  connection.run(
    INSERT_ROW,
    ...[seq, proposal_id, status, activeFlag(row), revision, hash, tenant_id, principal, capability],
    ...[object_key, identity, created_at, expires_at, run_id],
  )
}

/** Only the status of a proposal ever moves; everything else was frozen with it. */
function updateRow(connection: Connection, row: ProposalRow, revision: number): void {
  connection.run(
    'update proposals set status = ?, active = ?, revision = ? where proposal_id = ?',
    ...[row.status, activeFlag(row), revision, row.proposal_id],
  )
}

function activeFlag({ status }: ProposalRow): number {
  return isActive(status) ? 1 : 0
}

const INSERT_RECEIPT = `
  insert into receipts (seq, receipt_id, proposal_id, tenant_id, status) values (?, ?, ?, ?, ?)`

function storeReceipts(connection: Connection, { entries, rows }: Append, stored: readonly StoredEntry[]): void {
  entries.forEach((entry, place) => {
    const seq = stored[place]?.seq
    const row = rows.find(({ proposal_id }) => proposal_id === entry.subject)
    if (entry.type !== 'receipt.recorded' || seq === undefined || row === undefined) return
    const { receipt_id, status } = entry.body
    connection.run(INSERT_RECEIPT, seq, receipt_id, entry.subject, row.tenant_id, status)
  })
}

function insertJob(connection: Connection, { job, digest }: NonNullable<Append['job']>): void {
  connection.run(
    'insert into jobs (writeback_job_id, proposal_id, digest, body) values (?, ?, ?, ?)',
    ...[job.writeback_job_id, job.proposal_id, digest, canonicalJson(job)],
  )
}
