/**
 * The one error of the library: a closed table of codes, one class, one brand.
 * This file imports nothing, so that every room may use it.
 */

/** What a caller can sensibly do after an error. */
export type Retry = 'never' | 'same_request' | 'propose_again' | 'reconcile'

interface ErrorDefinition {
  readonly retry: Retry
  readonly summary: string
  readonly next: string
}

/**
 * Every code the library throws, with what it means, whether to try again, and what to do.
 * A code is never renamed. `docs/errors.md` explains each at length.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: {
    retry: 'never',
    summary: 'The contract is not valid.',
    next: 'Correct the listed keys and load the contract again.',
  },
  CONTRACT_CHANGED: {
    retry: 'propose_again',
    summary: 'The capability changed after this was proposed.',
    next: 'Propose again under the contract as it is now.',
  },
  CAPABILITY_NOT_FOUND: {
    retry: 'never',
    summary: 'The contract has no such capability.',
    next: 'Use one of the capability names in the contract.',
  },
  INVALID_ARGUMENT: {
    retry: 'never',
    summary: 'An argument is unknown, missing or not acceptable.',
    next: 'Correct the named argument and call again.',
  },
  CONTEXT_MISSING: {
    retry: 'never',
    summary: 'The trusted tenant or principal is missing or not acceptable.',
    next: 'Give the session the context that its provider needs.',
  },
  ENV_MISSING: {
    retry: 'never',
    summary: 'An environment variable named by the contract is not set.',
    next: 'Set the named variable and start again.',
  },
  NOT_FOUND: { retry: 'never', summary: 'No such row for this tenant.', next: 'Check the identifier.' },
  PROPOSALS_DISABLED: {
    retry: 'never',
    summary: 'The contract is in read_only mode.',
    next: 'Use a read capability, or change the mode of the contract to review.',
  },
  ACTIVE_PROPOSAL_EXISTS: {
    retry: 'never',
    summary: 'Another proposal on the same object is still active.',
    next: 'Wait for its decision, withdraw it, or have it decided.',
  },
  BOUND_EXCEEDED: {
    retry: 'never',
    summary: 'A value is outside the reviewed bounds.',
    next: 'Choose a value inside the bounds.',
  },
  TRANSITION_REFUSED: {
    retry: 'never',
    summary: 'The contract does not allow this change of state.',
    next: 'Choose a change that the contract allows.',
  },
  RESULT_TOO_LARGE: {
    retry: 'never',
    summary: 'A row is larger than an answer may be.',
    next: 'Have the contract show fewer columns.',
  },
  RATE_LIMITED: {
    retry: 'same_request',
    summary: 'More was asked for than is allowed.',
    next: 'Wait for retry_after_ms and call again.',
  },
  PROPOSAL_NOT_FOUND: { retry: 'never', summary: 'No such proposal here.', next: 'Check the proposal id.' },
  EVIDENCE_NOT_FOUND: {
    retry: 'never',
    summary: 'No such evidence bundle here.',
    next: 'Check the evidence bundle id.',
  },
  RECEIPT_NOT_FOUND: { retry: 'never', summary: 'No such receipt here.', next: 'Check the receipt id.' },
  ENTRY_NOT_FOUND: {
    retry: 'never',
    summary: 'No such ledger entry here.',
    next: 'Give the sequence number of an entry, as text.',
  },
  WRONG_STATUS: {
    retry: 'never',
    summary: 'The proposal is not in a status that allows this.',
    next: 'Look at the status and at next_allowed_actions.',
  },
  HASH_MISMATCH: {
    retry: 'never',
    summary: 'The hash is not that of this proposal.',
    next: 'Read the proposal again and decide on what it says now.',
  },
  APPROVER_UNKNOWN: {
    retry: 'never',
    summary: 'The approver is not known here.',
    next: 'Add the person to operators, or ask somebody who is listed.',
  },
  ROLE_REQUIRED: {
    retry: 'never',
    summary: 'The approver does not hold the required role.',
    next: 'Ask a person who holds the required role.',
  },
  SELF_APPROVAL: {
    retry: 'never',
    summary: 'Nobody decides on a proposal of their own.',
    next: 'Ask another person to decide.',
  },
  ALREADY_DECIDED: {
    retry: 'never',
    summary: 'This person has already decided on this proposal.',
    next: 'Ask another person if more approvals are needed.',
  },
  NOT_APPROVED: { retry: 'never', summary: 'The proposal is not approved.', next: 'Have it approved first.' },
  EXPIRED: { retry: 'propose_again', summary: 'The proposal has expired.', next: 'Propose again.' },
  INTEGRITY: {
    retry: 'never',
    summary: 'A stored record is not what was recorded.',
    next: 'Do not apply it. Run ledger.verify() and find out who changed the record.',
  },
  ERASED: {
    retry: 'never',
    summary: 'The content of this record has been erased.',
    next: 'Nothing brings it back. Its links in the chain and its audit lines remain.',
  },
  SCHEMA_DRIFT: {
    retry: 'propose_again',
    summary: 'A table or column is missing or has changed.',
    next: 'Compare the contract with the database, then propose again.',
  },
  OUTCOME_UNKNOWN: {
    retry: 'reconcile',
    summary: 'The change may or may not have been committed.',
    next: 'Apply again, or call reconcile: either settles it, neither writes twice.',
  },
  EXECUTOR_UNAVAILABLE: {
    retry: 'never',
    summary: 'No executor here can apply this change.',
    next: 'Name an executor of the contract that this process can use, or let the runner write with direct_sql.',
  },
  HANDLER_UNAVAILABLE: {
    retry: 'same_request',
    summary: 'The handler of the app could not be reached: nothing was sent to it.',
    next: 'Start the handler, check where its environment variable points, then call again.',
  },
  SOURCE_UNAVAILABLE: {
    retry: 'same_request',
    summary: 'The source database cannot be reached.',
    next: 'Check that it runs and that the URL points to it, then call again.',
  },
  SOURCE_AUTH: {
    retry: 'never',
    summary: 'The source database refused the credential.',
    next: 'Check user and password in the environment variable of the source.',
  },
  SOURCE_TLS: {
    retry: 'never',
    summary: 'A trusted TLS connection to the source database could not be made.',
    next: 'Give the authority certificate with tls.ca_env.',
  },
  SOURCE_FORBIDDEN: {
    retry: 'never',
    summary: 'The credential may not do this in the source database.',
    next: 'Grant what runner.migrations() lists.',
  },
  RECEIPTS_MISSING: {
    retry: 'never',
    summary: 'The receipts table is missing in the source database, or is another.',
    next: 'Run runner.migrate(source), or the SQL of runner.migrations(). A table of another shape must be moved away first.',
  },
  PRECONDITION_FAILED: {
    retry: 'never',
    summary: 'The table or the database does not meet what a safe apply needs.',
    next: 'Mend what the message names.',
  },
  BUSY: {
    retry: 'same_request',
    summary: 'Something else holds what this call needs.',
    next: 'Call again in a moment.',
  },
  LEDGER_UNAVAILABLE: {
    retry: 'same_request',
    summary: 'The ledger cannot be read or written.',
    next: 'Make the ledger file and its folder readable and writable.',
  },
  LEDGER_OUTDATED: {
    retry: 'never',
    summary: 'The ledger was written by an older version.',
    next: 'Run runner.ledger.migrate().',
  },
  LEDGER_TOO_NEW: {
    retry: 'never',
    summary: 'The ledger was written by a newer version.',
    next: 'Update @synapsor/runner.',
  },
  SECRET_REFUSED: {
    retry: 'never',
    summary: 'A value looks like a secret and was not stored.',
    next: 'Leave secrets out of arguments and visible columns.',
  },
  RUN_NOT_FOUND: { retry: 'never', summary: 'No such run here.', next: 'Check the run id.' },
  STEP_FAILED: {
    retry: 'same_request',
    summary: 'A function of the app failed in a run.',
    next: 'Mend the function of the step, then resume the run.',
  },
  STEP_CONFLICT: {
    retry: 'never',
    summary: 'A known step was called with other arguments.',
    next: 'Use a new step key.',
  },
  WORKFLOW_NOT_ALLOWED: {
    retry: 'never',
    summary: 'The workflow does not allow this.',
    next: 'Call only what the workflow contract lists.',
  },
  EVIDENCE_REQUIRED: {
    retry: 'never',
    summary: 'Evidence is required and none was recorded.',
    next: 'Inspect first, then propose.',
  },
  SIGNATURE_REQUIRED: { retry: 'never', summary: 'This decision needs a signature.', next: 'Sign the decision.' },
  SIGNATURE_INVALID: {
    retry: 'never',
    summary: 'The signature does not fit the decision.',
    next: 'Sign again with the key on file.',
  },
  PLATFORM_UNSUPPORTED: {
    retry: 'never',
    summary: 'This Node.js lacks something the runner needs.',
    next: 'Use Node.js 20.19 or newer and install the named package.',
  },
  INTERNAL: {
    retry: 'never',
    summary: 'Something unexpected went wrong inside the runner.',
    next: 'Report it with the code and the message.',
  },
} as const satisfies Record<string, ErrorDefinition>

/** One of the closed set of error codes, see {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES

/** Identifiers that help to find the cause. Never a column value, never a secret. */
export type ErrorDetails = Readonly<Record<string, unknown>>

/** The one error shape, the same in the library, in envelopes, on the command line and over HTTP. */
export interface ErrorShape {
  readonly code: ErrorCode
  readonly message: string
  readonly retry: Retry
  readonly retry_after_ms?: number
  readonly details: ErrorDetails
  readonly next: string
}

/** What a {@link RunnerError} carries beside its code and message. */
export interface RunnerErrorOptions {
  readonly details?: ErrorDetails
  readonly next?: string
  readonly retry_after_ms?: number
  readonly cause?: unknown
}

const BRAND = Symbol.for('@synapsor/runner.error')

/**
 * What every verb throws. Branch on `code`, never on the message.
 *
 * `message` says what happened and to what, `next` what to do about it. A driver's own failure
 * is the `cause`; its text is never part of the message.
 */
export class RunnerError extends Error {
  readonly code: ErrorCode
  readonly retry: Retry
  readonly retry_after_ms?: number
  readonly details: ErrorDetails
  readonly next: string

  constructor(code: ErrorCode, message: string, options: RunnerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'RunnerError'
    this.code = code
    this.retry = ERROR_CODES[code].retry
    if (options.retry_after_ms !== undefined) this.retry_after_ms = options.retry_after_ms
    this.details = options.details ?? {}
    this.next = options.next ?? ERROR_CODES[code].next
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** The shape that envelopes, the command line and HTTP answers carry. The cause stays behind. */
  toJSON(): ErrorShape {
    const { code, message, retry, retry_after_ms, details, next } = this
    return { code, message, retry, ...(retry_after_ms === undefined ? {} : { retry_after_ms }), details, next }
  }
}

/** True for a {@link RunnerError} from any installed copy of this package. */
export function isRunnerError(value: unknown): value is RunnerError {
  return typeof value === 'object' && value !== null && BRAND in value
}
