/** What a ledger is asked to forget, and what it forgot. Moments are RFC 3339, UTC; `null` leaves that kind alone. */

/**
 * What ended before a moment is forgotten: the content of its entries, never the entries. What cannot be read, or is not
 * what was recorded, is left as it is, so that `verify` goes on telling of it.
 */
export interface ForgetRequest {
  /** Proposals and runs that ended before. A proposal of a run ends with the run, if not later. */
  readonly records_before: string | null
  /** Evidence captured before, of runs that ended before, and cited only by proposals that ended before. */
  readonly evidence_before: string | null
  /** Counts of refused calls of earlier minutes. */
  readonly refusals_before: string | null
  /** Only what belongs to runs of this workflow. */
  readonly workflow?: string
  /** Only count. What waits past its expiry counts as ended then. */
  readonly dry_run: boolean
  /** Told after each batch how many records of how many were looked at. */
  readonly on_progress?: (done: number, total: number) => void
}

/** How much was forgotten; on a dry run, how much would be. */
export interface Forgotten {
  readonly proposals: number
  readonly runs: number
  /** Entries whose content was erased. */
  readonly entries: number
  /** Bundles of evidence whose rows were erased. Their audit lines stay. */
  readonly evidence: number
  /** Counts of refused calls that were deleted, a line for each minute and kind. */
  readonly refusals: number
}
