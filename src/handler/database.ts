/** What the path of an approved change needs of an app's database. One file for each engine stands behind it. */
import type { HandlerRequest } from '../protocol/handler.js'
import type { Engine, TableRef } from '../protocol/table.js'
import type { TypedText } from '../protocol/values.js'

/** Where the receipts of a handler are kept, and how long it waits for what others hold. */
export interface HandlerDatabaseOptions {
  /**
   * The receipts table.
   *
   * @defaultValue `synapsor_handler_receipts`, on PostgreSQL in schema `public`
   */
  readonly receipts?: TableRef
  /**
   * How long to wait for a row or a key that another transaction holds, in milliseconds; MySQL counts whole seconds.
   * On SQLite: how long a request waits for its turn on the connection, whose `busy_timeout` says the rest. Then the
   * answer is 503 with `Retry-After`: nothing was done, and the same request can be sent again.
   *
   * @defaultValue `5000`
   */
  readonly lock_wait_ms?: number
}

/**
 * An app's database, as {@link createWritebackHandler} writes in it. Made by `postgresDatabase`, `mysqlDatabase` or
 * `sqliteDatabase`; `Tx` is the client that the app's functions get, inside the open transaction.
 */
export interface HandlerDatabase<Tx> {
  readonly engine: Engine
  readonly receipts: TableRef
  /**
   * Runs `work` in one transaction. What `work` has not committed when it is through is rolled back.
   *
   * @throws RunnerError `BUSY` when somebody else held a lock or the connection for too long, or too many wait for it,
   * and nothing was done; `RECEIPTS_MISSING`, `SOURCE_UNAVAILABLE`
   * before anything was begun, `OUTCOME_UNKNOWN` when a commit was sent and not answered. All else as it was thrown.
   */
  transaction<Result>(work: (transaction: HandlerTransaction<Tx>) => Promise<Result>): Promise<Result>
  /** Creates the receipts table where it is missing. */
  migrate(): Promise<void>
}

/** What stands under a key. */
export interface StoredReceipt {
  readonly receipt_id: string
  readonly proposal_id: string
  readonly proposal_hash: string | null
  readonly request_digest: string
  /** JSON. `null` only in a transaction that is still open, or that was ended from outside. */
  readonly answer: string | null
}

export interface ReceiptClaim {
  readonly key: string
  readonly receipt_id: string
  readonly proposal_id: string
  readonly proposal_hash: string | null
  readonly request_digest: string
}

/** A row as it is found: by key and tenant, and which of its columns to read. */
export interface RowQuery {
  readonly table: TableRef
  readonly key: ColumnText
  readonly tenant: ColumnText | null
  readonly columns: readonly string[]
}

export interface ColumnText {
  readonly column: string
  readonly text: string
}

/** Values by column, in the text that the runner reads too. */
export type FoundRow = ReadonlyMap<string, TypedText>

/** One open transaction. The steps are taken in the order in which they stand here. */
export interface HandlerTransaction<Tx> {
  readonly tx: Tx
  /**
   * Takes the key, and waits while another transaction has it. Answers what stands under the key, `undefined` when it
   * was free; then everything that follows can be undone without giving the key back.
   */
  claim(claim: ReceiptClaim): Promise<StoredReceipt | undefined>
  /** Locks the rows that key and tenant may mean, and reads them. The caller compares byte for byte. */
  lockRows(query: RowQuery): Promise<readonly FoundRow[]>
  /** The same rows as they are by now. */
  readRows(query: RowQuery): Promise<readonly FoundRow[]>
  /**
   * Undoes everything since the key was taken.
   *
   * @throws RunnerError `INTEGRITY` when the transaction is not the one begun here: nobody knows what was kept.
   */
  undo(): Promise<void>
  /** True for a failure with which the database itself ends a transaction, and keeps nothing of it. */
  isEndedBy(error: unknown): boolean
  /**
   * For a transaction that was ended from outside: rolls back what is open, and puts the key down without an answer, in
   * a transaction of its own. A key that is there stays as it is.
   */
  abandon(claim: ReceiptClaim): Promise<void>
  /** Writes the answer under the key. @throws RunnerError `INTEGRITY` when the transaction is not the one begun here. */
  record(key: string, answer: string): Promise<void>
  commit(): Promise<void>
}

export type TargetOf = NonNullable<HandlerRequest['target']>

export const DEFAULT_RECEIPTS = 'synapsor_handler_receipts'
export const DEFAULT_LOCK_WAIT_MS = 5000

/** What separates the app's work from the key. A name that no app has by chance. */
export const SAVEPOINT = 'synapsor_handler_work'
