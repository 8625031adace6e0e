/**
 * Why the doctor is not content, by a name that stays. The messages may be worded anew from one release to the next;
 * what acts on a finding goes by this.
 */
export const REASONS = {
  READER_CAN_WRITE: 'The credential that sessions read through has a right to write, or could take one on.',
  READER_TOO_POWERFUL: 'The reader is more than a reader: an administrator, an owner, a caller of functions of others.',
  READER_SEES_MORE: 'The reader can read tables or columns that no capability names.',
  READER_LACKS: 'The reader lacks a right that a capability needs.',
  WRITER_LACKS: 'The writer lacks a right that an approved change needs.',
  WRITER_TOO_WIDE: 'The writer may do more than any approved change needs.',
  WRITER_TOO_POWERFUL: 'The writer is more than a writer: no check of the database binds it.',
  RECEIPTS_UNPROTECTED: 'The writer may change or remove receipts, which are to stay for ever.',
  SAME_CREDENTIAL: 'Reader and writer are one credential, so that whatever reads could write.',
  FILE_OPEN_TO_OTHERS: 'Other users of the machine can change the database file.',
  TENANT_NOT_INDEXED: 'No index begins with the tenant or the key, so that a read walks the whole table.',
  VERSION_NULLABLE: 'The version column may be NULL, and a row without a version cannot be proposed.',
  COARSE_VERSION: 'Two writes can share one version, so that a stale one could get through.',
  NOT_A_TABLE: 'What is to be written is a view, a partitioned table or something else without rows of its own.',
  NO_UNIQUE_KEY: 'Nothing identifies one row.',
  NOT_TRANSACTIONAL: 'The table, or the connection, cannot roll back.',
  ROW_SECURITY_BYPASSED: 'Row security of the table does not bind the writer.',
  NOT_STRICT: 'The server stores another value than it is given.',
  NOT_DURABLE: 'A crash can take back what was answered.',
  REPLICA: 'The server takes no writes.',
  CHARSET: 'A column has a character set other than utf8mb4.',
  CASCADES: 'A change of the row changes rows elsewhere.',
  TRIGGERS: 'Triggers of the table can change more than was approved, so that apply fails.',
  RECEIPTS_MISSING: 'There is no receipts table.',
  RECEIPTS_UNFIT: 'The receipts table could lose a receipt, or take two keys for one.',
  SERVER_TOO_OLD: 'The server is older than what the driver is made for.',
  NOT_ENCRYPTED: 'The connection goes over a network without TLS.',
  CLOCK_OFF: 'The clocks of the server and of this machine differ.',
  POOLED: 'A pooler stands between, and may hand a session to somebody else.',
  EXECUTOR_UNAVAILABLE: 'What an approved change would be handed to cannot be reached.',
  LEDGER_BROKEN: 'The newest entries of the ledger are not what was recorded.',
  LEDGER_OPEN_TO_OTHERS: 'Other users of the machine can read or change the ledger.',
  DISK_NEARLY_FULL: 'The disk of the ledger has little room left.',
} as const satisfies Readonly<Record<string, string>>

/** A name of {@link REASONS}. */
export type Reason = keyof typeof REASONS

export function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && Object.hasOwn(REASONS, value)
}
