import type { StoredReceipt, UpdateOutcome } from '../drivers/driver.js'
import { RunnerError } from '../errors.js'
import type { HandlerReport } from '../executors/executor.js'
import { DECISION_UNKNOWN, type Receipt, sealReceipt } from '../protocol/receipt.js'
import type { ProposalState } from '../protocol/state.js'
import type { Ports } from './ports.js'

type Told = Exclude<UpdateOutcome, { readonly outcome: 'duplicate' | 'drift' | 'expired' }>

/** The receipt of what one transaction did. */
export function receiptOfOutcome(
  ports: Ports,
  state: ProposalState,
  outcome: UpdateOutcome,
  dry_run: boolean,
): Receipt {
  if (outcome.outcome === 'duplicate' || outcome.outcome === 'drift' || outcome.outcome === 'expired') {
    throw new RunnerError('INTERNAL', `An outcome ${outcome.outcome} has no receipt of its own.`)
  }
  return seal(state, {
    ...facts(outcome, state),
    executed_at: ports.clock.now().toISOString(),
    dry_run,
    source_database_mutated: outcome.outcome === 'applied' && !dry_run,
  })
}

function facts(
  outcome: Told,
  { frozen }: ProposalState,
): Pick<Receipt, 'status' | 'rows_affected' | 'details'> & Versions {
  const guard = frozen.conflict_guard
  const expected = guard.kind === 'column' ? guard.expected_value.text : null
  switch (outcome.outcome) {
    case 'applied':
      return {
        status: 'applied',
        rows_affected: 1,
        previous_version: outcome.previous_version,
        new_version: outcome.new_version,
        safe_error_code: null,
        details: {},
      }
    case 'conflict':
      return {
        status: 'conflict',
        rows_affected: 0,
        previous_version: expected,
        new_version: outcome.current_version,
        safe_error_code: 'VERSION_CONFLICT',
        details: {},
      }
    case 'failed':
      return {
        status: 'failed',
        rows_affected: 0,
        previous_version: expected,
        new_version: null,
        safe_error_code: outcome.code,
        details: outcome.columns === undefined ? {} : { columns: outcome.columns },
      }
  }
}

type Versions = Pick<Receipt, 'previous_version' | 'new_version' | 'safe_error_code'>

/** Whether a receipt of the source is of this very proposal, and rests on a decision that this ledger knows. */
export function isExplained({ hash, decisions, frozen }: ProposalState, stored: StoredReceipt): boolean {
  const anchored = decisions.some((decision) => decision.entry_hash === stored.anchor)
  return stored.key === frozen.proposal_id && stored.proposal_hash === hash && anchored
}

/** The receipt that the source already holds under the proposal's key, in the ledger's words. It must be explained. */
export function receiptOfSource(state: ProposalState, stored: StoredReceipt): Receipt {
  if (!isExplained(state, stored)) {
    throw new RunnerError('INTERNAL', 'A receipt that is not explained is not the receipt of a proposal.')
  }
  const applied = stored.kind === 'applied'
  return seal(state, {
    status: applied ? 'applied' : 'failed',
    rows_affected: applied ? 1 : 0,
    previous_version: stored.previous_version,
    new_version: stored.new_version,
    safe_error_code: applied ? null : 'NOT_APPLIED',
    details: {},
    executed_at: stored.executed_at,
    dry_run: false,
    source_database_mutated: applied,
  })
}

/** The receipt of what the app says it did. What was done before under the same key counts as applied. */
export function receiptOfReport(ports: Ports, state: ProposalState, report: HandlerReport, dry_run: boolean): Receipt {
  const applied = report.status === 'applied' || report.status === 'already_applied'
  const code = report.status === 'conflict' ? 'VERSION_CONFLICT' : 'HANDLER_FAILED'
  return seal(state, {
    status: report.status === 'already_applied' ? 'applied' : report.status,
    rows_affected: report.rows_affected,
    previous_version: report.previous_version,
    new_version: report.new_version,
    new_object_id: report.new_object_id,
    safe_error_code: applied ? null : (report.safe_error_code ?? code),
    details: report.details,
    executed_at: ports.clock.now().toISOString(),
    dry_run,
    source_database_mutated: applied && !dry_run,
  })
}

/** The receipt of a refusal before any work. */
export function receiptOfRefusal(
  ports: Ports,
  state: ProposalState,
  { safe_error_code, status }: { readonly safe_error_code: string | null; readonly status: number },
  dry_run: boolean,
): Receipt {
  return seal(state, {
    status: 'failed',
    rows_affected: 0,
    previous_version: null,
    new_version: null,
    safe_error_code: safe_error_code ?? HANDLER_REFUSED,
    details: { refusal: HANDLER_REFUSED, http_status: status },
    executed_at: ports.clock.now().toISOString(),
    dry_run,
    source_database_mutated: false,
  })
}

/** The app refused what it was sent before it did any work. */
const HANDLER_REFUSED = 'HANDLER_REFUSED'

const DIGEST = /^sha256:[0-9a-f]{64}$/

/**
 * The receipt of an attempt that found its key taken by what this ledger cannot explain. It tells of this attempt alone,
 * which changed nothing, as no other under this key can. What was changed before, nobody here knows.
 */
export function receiptOfUnexplained(ports: Ports, state: ProposalState, { kind, anchor }: StoredReceipt): Receipt {
  return seal(state, {
    status: 'failed',
    rows_affected: 0,
    previous_version: null,
    new_version: null,
    safe_error_code: DECISION_UNKNOWN,
    // Whoever can write there chose what it says: only what has the form of a hash is kept.
    details: { source_receipt: kind, source_anchor: DIGEST.test(anchor) ? anchor : null },
    executed_at: ports.clock.now().toISOString(),
    dry_run: false,
    source_database_mutated: false,
  })
}

/** A receipt for an outcome that was established without a receipt in the source. */
export function receiptOfFinding(ports: Ports, state: ProposalState, applied: boolean, code: string): Receipt {
  return seal(state, {
    status: applied ? 'applied' : 'failed',
    rows_affected: applied ? 1 : 0,
    previous_version: null,
    new_version: null,
    safe_error_code: applied ? null : code,
    details: { established_by: code },
    executed_at: ports.clock.now().toISOString(),
    dry_run: false,
    source_database_mutated: applied,
  })
}

/** A receipt for an outcome that a person found out. */
export function receiptOfOperator(
  ports: Ports,
  state: ProposalState,
  applied: boolean,
  found: { readonly by: string; readonly reason: string },
): Receipt {
  const {
    receipt_hash: _,
    schema_version: __,
    ...receipt
  } = receiptOfFinding(ports, state, applied, 'OPERATOR_FINDING')
  return sealReceipt({ ...receipt, details: { ...receipt.details, ...found } })
}

/** The first receipt, told again. */
export function alreadyApplied({ receipt_hash: _, schema_version: __, ...receipt }: Receipt): Receipt {
  return sealReceipt({ ...receipt, status: 'already_applied' })
}

type Facts = Omit<
  Receipt,
  | 'schema_version'
  | 'receipt_id'
  | 'proposal_id'
  | 'proposal_hash'
  | 'idempotency_key'
  | 'new_object_id'
  | 'receipt_hash'
> &
  Partial<Pick<Receipt, 'new_object_id'>>

/** One receipt for one proposal: its id follows from the proposal's. */
function seal({ frozen, hash }: ProposalState, content: Facts): Receipt {
  return sealReceipt({
    receipt_id: frozen.proposal_id.replace(/^wrp_/, 'rct_'),
    proposal_id: frozen.proposal_id,
    proposal_hash: hash,
    idempotency_key: frozen.idempotency_key,
    new_object_id: null,
    ...content,
  })
}
