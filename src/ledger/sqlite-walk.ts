import { isRunnerError } from '../errors.js'
import type { StoredEntry } from '../protocol/entry.js'
import { jobDigest } from '../protocol/job.js'
import { bodyOf } from '../protocol/state.js'
import type { LedgerProblem } from './ledger.js'
import { parseJson, type Row, readInteger, readText, readTextOrNull } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { readProposal, toStoredEntry } from './sqlite-proposals.js'
import { AUDIT_TEXTS, toAuditRecord } from './sqlite-reads.js'
import { readRun } from './sqlite-runs.js'
import { readStats } from './sqlite-stats.js'
import type { Run } from './sqlite-store.js'
import type { LedgerWalk } from './verify.js'
import type { WalkedEntry } from './verify-entry.js'
import type { WalkedEvidence } from './verify-evidence.js'
import type { WalkedProposal } from './verify-proposal.js'
import type { WalkedRun } from './verify-run.js'

/** Small enough that a piece takes a few milliseconds. A proposal is read, parsed and folded with all its entries. */
const PIECE = 100
const PROPOSAL_PIECE = 20

/** Larger places cannot be told apart in JavaScript, and are not given. */
const LAST_PLACE = Number.MAX_SAFE_INTEGER

/** A number that JavaScript cannot hold exactly is shown as none, so that one such record does not hide the others. */
const exact = (column: string): string => `iif(${column} between ${-LAST_PLACE} and ${LAST_PLACE}, ${column}, null)`

const ENTRIES = `
  select e.seq, e.type, e.subject, e.at, e.commitment, e.prev, e.hash, e.salt, e.body,
    ${exact('coalesce(l.created_seq, w.created_seq)')} as created_seq, r.receipt_id, r.proposal_id as receipt_proposal_id, r.status as receipt_status
  from entries as e
  left join proposals as l on l.proposal_id = e.subject
  left join runs as w on w.run_id = e.subject
  left join receipts as r on r.seq = e.seq
  where e.seq > ? and e.seq <= ${LAST_PLACE} order by e.seq limit ${PIECE}`

const PROPOSALS = `
  select created_seq, proposal_id, ${exact('active')} as active from proposals
  where created_seq > ? and created_seq <= ${LAST_PLACE} order by created_seq limit ${PROPOSAL_PIECE}`

const RUNS = `
  select created_seq, run_id, ${exact('active')} as active from runs
  where created_seq > ? and created_seq <= ${LAST_PLACE} order by created_seq limit ${PROPOSAL_PIECE}`

const EVIDENCE = `
  select ${AUDIT_TEXTS}, ${exact('row_count')} as row_count, digest, body from reads
  where seq > ? and seq <= ${LAST_PLACE} order by seq limit ${PIECE}`

/** Shows the records of a SQLite ledger to `verifyLedger`. */
export function walkSqlite(run: Run): LedgerWalk {
  return {
    count: () => run(countAll),
    entries: (after) => run((file) => file.all(ENTRIES, after).map((row) => walkEntry(file, row))),
    proposals: (after) =>
      run((file) => file.read(() => file.all(PROPOSALS, after).map((row) => walkProposal(file, row)))),
    runs: (after) => run((file) => file.read(() => file.all(RUNS, after).map((row) => walkRun(file, row)))),
    evidence: (after) => run((file) => file.all(EVIDENCE, after).map(walkEvidence)),
    findBundle: (bundle_id) => run((file) => bundleOf(file, bundle_id)),
    leftovers: (head) => run((file) => leftovers(file, head)),
  }
}

function countAll(connection: Connection): number {
  const { entries, proposals, runs, evidence } = readStats(connection, '')
  return entries + proposals + runs + evidence
}

function walkEntry(connection: Connection, row: Row): WalkedEntry {
  const entry = readable(() => toStoredEntry(row))
  return {
    seq: readInteger(row, 'seq'),
    entry,
    created_seq: readable(() => readInteger(row, 'created_seq')),
    receipt: row.receipt_id === null ? undefined : readable(() => toListedReceipt(row)),
    job_digest: entry?.type === 'job.exported' ? readable(() => jobDigestOf(connection, entry)) : undefined,
  }
}

function toListedReceipt(row: Row): WalkedEntry['receipt'] {
  return {
    receipt_id: readText(row, 'receipt_id'),
    proposal_id: readText(row, 'receipt_proposal_id'),
    status: readText(row, 'receipt_status'),
  }
}

/** The digest under which the exported job is kept, if its text still has that digest. */
function jobDigestOf(connection: Connection, entry: StoredEntry): string | undefined {
  const { writeback_job_id } = bodyOf('job.exported', entry)
  const row = connection.get('select digest, body from jobs where writeback_job_id = ?', writeback_job_id)
  if (row === undefined) return undefined
  const digest = readText(row, 'digest')
  return jobDigest(parseJson(readText(row, 'body'))) === digest ? digest : undefined
}

function walkProposal(connection: Connection, row: Row): WalkedProposal {
  return {
    seq: readInteger(row, 'created_seq'),
    stored: readable(() => readProposal(connection, readText(row, 'proposal_id'))),
    active_flag: row.active,
  }
}

function walkRun(connection: Connection, row: Row): WalkedRun {
  return {
    seq: readInteger(row, 'created_seq'),
    stored: readable(() => readRun(connection, readText(row, 'run_id'))),
    active_flag: row.active,
  }
}

function bundleOf(connection: Connection, bundle_id: string): Awaited<ReturnType<LedgerWalk['findBundle']>> {
  const row = connection.get('select digest, body is null as erased from reads where bundle_id = ?', bundle_id)
  return row === undefined ? undefined : { digest: readText(row, 'digest'), erased: readInteger(row, 'erased') === 1 }
}

function walkEvidence(row: Row): WalkedEvidence {
  return {
    seq: readInteger(row, 'seq'),
    audit: readable(() => toAuditRecord(row)),
    digest: readText(row, 'digest'),
    text: readTextOrNull(row, 'body'),
  }
}

function leftovers(connection: Connection, head: number): readonly LedgerProblem[] {
  const problem = (code: LedgerProblem['code'], message: string): LedgerProblem => ({ seq: head, code, message })
  const misplaced = (table: string, place: string): boolean =>
    connection.get(`select 1 from ${table} where ${place} < 1 or ${place} > ${LAST_PLACE} limit 1`) !== undefined
  return [
    ...(misplaced('entries', 'seq') ? [problem('GAP', 'An entry stands at an impossible place.')] : []),
    ...(misplaced('proposals', 'created_seq')
      ? [problem('PROJECTION', 'A proposal is listed at an impossible place.')]
      : []),
    ...(misplaced('runs', 'created_seq') ? [problem('PROJECTION', 'A run is listed at an impossible place.')] : []),
    ...(misplaced('reads', 'seq') ? [problem('EVIDENCE', 'Evidence stands at an impossible place.')] : []),
    ...(strayReceipt(connection, head) ? [problem('PROJECTION', 'A receipt is listed that was never recorded.')] : []),
  ]
}

/** Those at the place of an entry are compared with it. */
function strayReceipt(connection: Connection, head: number): boolean {
  const sql = 'select 1 from receipts where seq < 1 union all select 1 from receipts where seq > ? limit 1'
  return connection.get(sql, head) !== undefined
}

/** `undefined` for what cannot be read as what the schema says. */
function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (isRunnerError(error)) return undefined
    throw error
  }
}
