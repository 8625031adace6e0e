/**
 * Connects the runner to one database.
 *
 * A driver runs statements; it never decides whether they are allowed. What an engine does differently is in its
 * dialect (spelling) or inside its driver (choreography), nowhere else.
 */
import type { TypedRow, TypedText } from '../protocol/values.js'
import type { Dialect, Engine, ScopedRead, TableInfo, TableRef } from '../sql/dialect.js'
import type { Credential, PrivilegeRequest } from './privileges.js'
import type { DatabaseSurvey, SurveyOptions } from './survey.js'

/** A row already in the receipts table. A tombstone bars the key: what it names was never applied and never will be. */
export interface StoredReceipt {
  readonly key: string
  readonly kind: 'applied' | 'tombstone'
  readonly proposal_hash: string
  /** Hash of the ledger entry of the decision that allowed it. */
  readonly anchor: string
  readonly previous_version: string | null
  readonly new_version: string | null
  /** RFC 3339, UTC. */
  readonly executed_at: string
}

/** What the receipts table is told before the row is touched. */
export interface ReceiptClaim {
  readonly table: TableRef
  readonly key: string
  readonly proposal_hash: string
  readonly anchor: string
}

export interface ColumnValue {
  readonly column: string
  readonly value: TypedText
}

/** One row to change, and everything that must still be true of it. */
export interface GuardedUpdate {
  /** `null`: the source holds no receipts (`runner_ledger`), so at-most-once rests on the caller's claim. */
  readonly receipt: ReceiptClaim | null
  /** As described when it was proposed; a driver refuses with `drift` when the table is another by now. */
  readonly table: TableInfo
  readonly key: ColumnValue
  readonly tenant: ColumnValue | null
  /** Compared exactly under the lock. Holds at least the patched columns. */
  readonly before: readonly ColumnValue[]
  /** Set, read back, compared exactly. */
  readonly after: readonly ColumnValue[]
  readonly version: {
    readonly column: string
    readonly expected: TypedText
    /** `timestamp` strictly later, `integer` plus exactly one, `database`: a trigger moves it. */
    readonly advance: 'timestamp' | 'integer' | 'database'
  } | null
  /** Do everything, then roll back; no receipt stays. */
  readonly dry_run: boolean
  /**
   * The change may not be carried out after this moment. Checked once more when the row is locked or the statement is
   * about to be sent; past it the outcome is `expired` and nothing was changed. Absent: at any time. Does not bear on a dry run.
   */
  readonly not_after?: Date
  /** The clock that {@link GuardedUpdate.not_after} is held against. @defaultValue this machine's */
  readonly now?: () => Date
}

export type UpdateOutcome =
  | { readonly outcome: 'applied'; readonly previous_version: string | null; readonly new_version: string | null }
  /** The receipt key is taken. Nothing was changed by this call. */
  | { readonly outcome: 'duplicate'; readonly receipt: StoredReceipt }
  /** The row is gone, another tenant's, or not as it was when proposed. Nothing was changed. */
  | { readonly outcome: 'conflict'; readonly current_version: string | null }
  /** The table is no longer as described. Nothing was changed. */
  | { readonly outcome: 'drift' }
  /** It was past `not_after` when the change could have been carried out. Nothing was changed. */
  | { readonly outcome: 'expired' }
  /** Rolled back for certain. `AFTER_IMAGE_MISMATCH`: the row read back was not the approved one; names of the columns in `columns`. */
  | { readonly outcome: 'failed'; readonly code: FailureCode; readonly columns?: readonly string[] }

export type FailureCode =
  | 'AFTER_IMAGE_MISMATCH'
  | 'VERSION_NOT_ADVANCED'
  | 'CONSTRAINT_VIOLATION'
  | 'VALUE_REFUSED'
  | 'ROW_COUNT'

export interface Driver {
  readonly engine: Engine
  readonly dialect: Dialect

  /**
   * Describes a table through the reader credential. Cached; `fresh` asks the database again.
   *
   * @throws RunnerError `SCHEMA_DRIFT` when there is no such table, `SOURCE_*` when the database cannot be asked.
   */
  describe(table: TableRef, options?: { readonly fresh?: boolean }): Promise<TableInfo>

  /**
   * Surveys the whole database, or one schema of it, through the reader credential: what its catalogue says of every
   * table that the role is shown. Never a row. Asked anew each time.
   *
   * @throws RunnerError `SOURCE_*` when the database cannot be asked.
   */
  survey(options?: SurveyOptions): Promise<DatabaseSurvey>

  /** Runs a scoped read through the reader credential, in one read-only statement. Values are the engine's own texts. */
  read(read: ScopedRead, values: readonly (string | null)[]): Promise<readonly TypedRow[]>

  /**
   * Applies one guarded change through the writer credential, all in one transaction.
   *
   * @throws RunnerError `OUTCOME_UNKNOWN` when the connection was lost after the change may have been committed;
   * `SOURCE_UNAVAILABLE` when it was lost before; `BUSY` for locks, deadlocks and time limits (rolled back for
   * certain); `RECEIPTS_MISSING`, `SOURCE_FORBIDDEN`, `PRECONDITION_FAILED`.
   */
  update(change: GuardedUpdate): Promise<UpdateOutcome>

  /**
   * Settles a key for ever without touching the row: waits for a transaction in flight on it, then returns its receipt
   * or leaves a tombstone and returns that.
   */
  settle(claim: ReceiptClaim): Promise<StoredReceipt>

  /** Looks a receipt up through the writer credential, without waiting for a transaction in flight. */
  findReceipt(table: TableRef, key: string): Promise<StoredReceipt | undefined>

  /** Reads one row under a lock through the writer, for `runner_ledger` where no receipt can tell. */
  readLocked(read: ScopedRead, values: readonly (string | null)[]): Promise<readonly TypedRow[]>

  /**
   * What one of the two credentials may do, as the database itself tells it: on the tables of the request, and beyond.
   * Writes nothing: an update of no row is planned, or rolled back.
   *
   * @throws RunnerError `SOURCE_*`, `BUSY` when the database cannot be asked.
   */
  privileges(role: 'reader' | 'writer', request: PrivilegeRequest): Promise<Credential>

  /** Runs the receipts migration through the writer credential. */
  migrate(receipts: TableRef): Promise<void>

  close(): Promise<void>
}

/** Moments of an update at which a test can let a connection or a process die. */
export type FaultPoint = 'connected' | 'begun' | 'row_updated' | 'receipt_written' | 'commit_sent' | 'committed'

/** How long a statement may take on connections of a host, which the contract's own limit does not reach. */
export const HOST_STATEMENT_MS = 3000

/** What a driver is opened with. URLs come from the environment and never leave the driver. */
export interface DriverOptions {
  readonly name: string
  /** Absent for SQLite and for connections of the host. */
  readonly reader_url?: string
  readonly writer_url?: string
  /** Environment variable that should hold the writer's URL: named by `ENV_MISSING` when a write needs it and it is not set. */
  readonly writer_env?: string
  /** SQLite file, absolute. */
  readonly path?: string
  readonly connections?: { readonly reader: unknown; readonly writer: unknown }
  readonly statement_timeout_ms: number
  readonly pool?: { readonly max?: number; readonly acquire_timeout_ms?: number; readonly idle_timeout_ms?: number }
  readonly tls?: { readonly ca?: string; readonly verify: boolean; readonly required: boolean }
  /** For tests: called at every {@link FaultPoint} with the engine's own connection. Inert where it is absent. */
  readonly fault?: (point: FaultPoint, connection: unknown) => void | Promise<void>
}
