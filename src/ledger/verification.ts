/** What `verify` is told. */
export interface VerifyOptions {
  /** Told now and then how many records of how many were looked at. What is written meanwhile is not in `total`. */
  readonly on_progress?: (done: number, total: number) => void
}

/** What `verify` found. */
export interface Verification {
  readonly ok: boolean
  readonly entries: number
  /** In the order found; at most 1,000 of them. */
  readonly problems: readonly LedgerProblem[]
}

/** Where `verify` stops: a ledger with this many problems is not worth walking further. */
export const MAX_PROBLEMS = 1000

/** A problem that `verify` found, and where. */
export interface LedgerProblem {
  /** Of the entry; for `EVIDENCE` the place of the bundle among the evidence. */
  readonly seq: number
  readonly code: 'HASH' | 'PAYLOAD' | 'LINK' | 'GAP' | 'PROJECTION' | 'EVIDENCE'
  readonly message: string
}
