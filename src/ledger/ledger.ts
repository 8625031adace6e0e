/**
 * The durable record. Operations decide what is recorded; a ledger only keeps it, in order, and tells the truth.
 *
 * Two kinds of record. *Entries* are hash-chained and gap-free. *Evidence* lies outside the chain under digests of its
 * own and is committed without waiting for the disk.
 */
import type { NewEntry, NewRunEntry, StoredEntry } from '../protocol/entry.js'
import type { Evidence } from '../protocol/evidence.js'
import type { WritebackJob } from '../protocol/job.js'
import type { Receipt } from '../protocol/receipt.js'
import type { RunStatus } from '../protocol/run.js'
import type { ProposalStatus } from '../protocol/status.js'
import type { ProposalQuota, QuotaUse } from './quota.js'
import type { ForgetRequest, Forgotten } from './retention.js'
import type { LedgerProblem, Verification, VerifyOptions } from './verification.js'

export type { ForgetRequest, Forgotten, LedgerProblem, ProposalQuota, QuotaUse, Verification, VerifyOptions }

/** `durable`: on disk before the promise resolves. `relaxed`: survives the process, not a power cut. */
export type Durability = 'durable' | 'relaxed'

/** What lists and compare-and-set need of a proposal. Derived from its entries, which alone are the truth. */
export interface ProposalRow {
  readonly proposal_id: string
  readonly status: ProposalStatus
  readonly hash: string
  readonly tenant_id: string
  readonly principal: string
  readonly capability: string
  readonly object_key: string
  /** Equal for two requests that ask for the same change of the same row version. */
  readonly identity: string
  readonly created_at: string
  readonly expires_at: string
  readonly run_id: string | null
}

export interface StoredProposal {
  readonly row: ProposalRow
  /** How many entries the proposal has. Moves with each of them: the handle of compare-and-set. */
  readonly revision: number
  /** All of them, oldest first. */
  readonly entries: readonly StoredEntry[]
  /** Hash of the entry before each of {@link entries}, by place, so that links can be checked. */
  readonly previous_hashes: readonly (string | undefined)[]
}

/** What lists and compare-and-set need of a run. Derived from its entries, which alone are the truth. */
export interface RunRow {
  readonly run_id: string
  readonly status: RunStatus
  readonly tenant_id: string
  readonly principal: string
  readonly workflow: string
  /** Equal for two requests that mean the same run. */
  readonly identity: string
  /** Whether the host named it: then the same key is the same run also after its end. */
  readonly keyed: boolean
  readonly created_at: string
  readonly expires_at: string
}

export interface StoredRun {
  readonly row: RunRow
  /** How many entries the run has. Moves with each of them: the handle of compare-and-set. */
  readonly revision: number
  /** All of them, oldest first. */
  readonly entries: readonly StoredEntry[]
  /** Hash of the entry before each of {@link entries}, by place, so that links can be checked. */
  readonly previous_hashes: readonly (string | undefined)[]
}

/** What an append records of a run. */
export interface RunAppend {
  /** Revision that the run must have; 0 for one that must not exist yet, nor another one that means the same. */
  readonly revision: number
  /** At least one. They come before the entries of proposals. */
  readonly entries: readonly NewRunEntry[]
  /** The row as it is after the entries. */
  readonly row: RunRow
}

/** One append: all of it or nothing. */
export interface Append {
  readonly durability: Durability
  /** Revision that each touched proposal must have; 0 for one that must not exist yet. */
  readonly expect: readonly { readonly proposal_id: string; readonly revision: number }[]
  /** The active proposals on this object must be exactly these. */
  readonly active?: { readonly object_key: string; readonly proposal_ids: readonly string[] }
  /** There must be room for one more beside those that this append touches. */
  readonly quota?: ProposalQuota
  readonly entries: readonly NewEntry[]
  /** The rows as they are after the entries. */
  readonly rows: readonly ProposalRow[]
  /** The run that it belongs to. */
  readonly run?: RunAppend
  /** Reads that came before what is appended. Without an audit line, one is written from the evidence itself. */
  readonly reads?: readonly { readonly record: EvidenceRecord; readonly audit?: AuditRecord }[]
  readonly job?: { readonly job: WritebackJob; readonly digest: string }
}

/** The appended entries, or `undefined` when somebody else was faster and nothing was written: load again and decide again. */
export type Appended = readonly StoredEntry[] | undefined

export interface EvidenceRecord {
  readonly evidence: Evidence
  readonly digest: string
  /** Canonical JSON of {@link evidence}, where the caller has it already: saves rendering it twice. */
  readonly text?: string
}

/** One line of the query audit: which statement was sent for whom, without any value. */
export interface AuditRecord {
  readonly audit_id: string
  readonly bundle_id: string
  readonly capability: string
  readonly tenant_id: string
  readonly principal: string
  readonly source: string
  readonly query_fingerprint: string
  readonly row_count: number
  readonly at: string
}

/**
 * Refused calls of one minute, counted. Every field is one of a small set of values, so that whoever makes the calls
 * cannot make the table grow: a capability that the contract lacks is not named here.
 */
export interface Refusal {
  /** RFC 3339 to the minute, as `2026-01-31T09:15Z`. */
  readonly minute: string
  readonly tenant_id: string
  readonly capability: string
  readonly code: string
}

/** Refused calls of one minute, with how many there were. */
export type RefusalCount = Refusal & { readonly count: number }

export interface PageRequest {
  /** As given in `next_cursor`. */
  readonly cursor?: string
  /** 1 to 200, default 50. */
  readonly limit?: number
}

/** Newest first. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next_cursor: string | null
}

/**
 * All of what is given must hold. `principal` and `capability` only sieve, so they need one of the others beside them;
 * a `status` in which a proposal has ended needs `tenant_id` or `run_id`.
 */
export interface ProposalFilter extends PageRequest {
  readonly tenant_id?: string
  readonly principal?: string
  readonly capability?: string
  readonly status?: ProposalStatus
  readonly run_id?: string
}

/**
 * All of what is given must hold. `principal` and `workflow` only sieve, so they need one of the others beside them; a
 * `status` in which a run has ended needs `tenant_id`.
 */
export interface RunFilter extends PageRequest {
  readonly tenant_id?: string
  readonly principal?: string
  readonly workflow?: string
  readonly status?: RunStatus
}

/** All of what is given must hold. `capability` only sieves, so it needs `tenant_id`. */
export interface EvidenceFilter extends PageRequest {
  readonly tenant_id?: string
  readonly capability?: string
}

/** All of what is given must hold. `type` only sieves, so it needs `subject`. */
export interface EntryFilter extends PageRequest {
  readonly subject?: string
  readonly type?: string
}

/** All of what is given must hold. `status` only sieves, so it needs `tenant_id`. */
export interface ReceiptFilter extends PageRequest {
  readonly tenant_id?: string
  readonly status?: Receipt['status']
}

export interface LedgerStats {
  readonly location: string
  readonly schema_version: number
  readonly entries: number
  readonly proposals: number
  readonly runs: number
  readonly evidence: number
  readonly bytes: number
}

/** What a ledger that can be written runs on. */
export interface LedgerCheck {
  readonly schema_version: number
  /** As its makers write it, with its version: `SQLite 3.51.3`. */
  readonly engine: string
}

/**
 * Every method throws RunnerError `LEDGER_UNAVAILABLE` when the record cannot be read or written, `BUSY` when another
 * process holds it for too long, `LEDGER_OUTDATED` or `LEDGER_TOO_NEW` when its schema is not this version's. The cost
 * of a call does not grow with the ledger; only a filter that sieves walks what the filter beside it finds. No method
 * blocks the event loop while it waits.
 */
export interface Ledger {
  append(request: Append): Promise<Appended>

  /**
   * Records what a read returned, and its audit line. Relaxed. Calls that come together may be committed together: each is
   * answered once it is committed, and refused only for what is wrong with itself.
   */
  recordRead(record: EvidenceRecord, audit: AuditRecord): Promise<void>
  /** Adds `count` refusals of one kind, 1 where nothing is said. Relaxed. */
  countRefusal(refusal: Refusal, count?: number): Promise<void>

  findProposal(proposal_id: string): Promise<StoredProposal | undefined>
  /** Active proposals on one row, oldest first: a handful at most. */
  activeProposals(object_key: string): Promise<readonly ProposalRow[]>
  /** What waits past its expiry at `as_of` (RFC 3339, UTC) is listed as `expired`, whatever stands in its row. */
  listProposals(filter: ProposalFilter, as_of: string): Promise<Page<ProposalRow>>

  /**
   * Counts against a quota, without the proposals in `ending`. The cost is that of what is open, and of what the tenant
   * has proposed since.
   */
  useOfQuota(quota: ProposalQuota, ending: readonly string[]): Promise<QuotaUse>
  /** Ids of those that wait past their expiry at `as_of` (RFC 3339, UTC), oldest first, behind `after`. At most 200. */
  lapsedProposals(as_of: string, after: string | null): Promise<readonly string[]>

  findRun(run_id: string): Promise<StoredRun | undefined>
  /** The run that means this and may still be meant: it is open, or the host named it. */
  findRunId(identity: string): Promise<string | undefined>
  listRuns(filter: RunFilter): Promise<Page<RunRow>>
  /** Ids of runs that have not ended, oldest first, behind `after`. At most 200. */
  openRuns(after: string | null): Promise<readonly string[]>

  findEvidence(bundle_id: string): Promise<EvidenceRecord | undefined>
  listEvidence(filter: EvidenceFilter): Promise<Page<EvidenceRecord>>
  listAudit(filter: EvidenceFilter): Promise<Page<AuditRecord>>
  listRefusals(filter: PageRequest): Promise<Page<RefusalCount>>

  listEntries(filter: EntryFilter): Promise<Page<StoredEntry>>
  findEntry(seq: number): Promise<StoredEntry | undefined>
  findReceipt(receipt_id: string): Promise<Receipt | undefined>
  listReceipts(filter: ReceiptFilter): Promise<Page<Receipt>>
  findJob(writeback_job_id: string): Promise<{ readonly job: WritebackJob; readonly digest: string } | undefined>

  /** Walks the whole chain, every payload and every projection. */
  verify(options?: VerifyOptions): Promise<Verification>
  /** Finds out whether records can be read and written now. Takes the lock of a write, and writes nothing. */
  check(): Promise<LedgerCheck>
  /**
   * False while there is no ledger yet: the first record makes it, and this makes none. Rejects where none could be made.
   * Absent where there always is one.
   */
  isMade?(): Promise<boolean>
  stats(): Promise<LedgerStats>
  /** Brings an older schema to this version's. */
  migrate(): Promise<void>
  /** Writes a copy as of now to `path`, which must not exist yet. Also of a ledger of an older schema. */
  backup(path: string): Promise<void>
  /** Erases what is old, in pieces small enough that others get through. */
  forget(request: ForgetRequest): Promise<Forgotten>
  /** Gives the space of what was erased back, and overwrites it. */
  vacuum(): Promise<void>
  close(): Promise<void>
}
