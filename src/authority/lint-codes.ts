import { type Path, PROBLEM_CODES, type ProblemCode, toPointer } from '../contract/problems.js'

/** `error`: somebody is likely to be hurt by it; `warning`: a risk to be taken knowingly; `info`: could be better. */
export type LintSeverity = 'error' | 'warning' | 'info'

interface LintDefinition {
  readonly severity: LintSeverity
  /** What to do about it. */
  readonly next: string
}

/** Every code that lint answers with, beside the warnings of validation. Closed; a code is never renamed. */
export const LINT_CODES = {
  NUMBER_WRITTEN_UNBOUNDED: {
    severity: 'error',
    next: 'Give the column numeric_bounds with minimum and maximum, or the argument its own.',
  },
  STATE_WRITTEN_FREELY: {
    severity: 'error',
    next: 'Give the column transition_guards, or the argument an enum.',
  },
  SECRET_COLUMN_VISIBLE: { severity: 'error', next: 'Take the column out of visible_columns.' },
  SECRET_COLUMN_WRITTEN: { severity: 'error', next: 'Leave the column to the app: do not patch it.' },
  HANDLER_UNAUTHENTICATED: {
    severity: 'error',
    next: 'Give the executor auth, signing_secret_env, or both, and have the handler check them.',
  },
  HANDLER_UNSIGNED: {
    severity: 'warning',
    next: 'Give the executor signing_secret_env, and have the handler check it.',
  },
  VARIABLE_PASSED: { severity: 'warning', next: 'Pass on only what the program needs, and no secret of another.' },
  TEXT_WRITTEN_UNBOUNDED: { severity: 'warning', next: 'Give the argument max_length, or an enum.' },
  TEXT_UNBOUNDED: { severity: 'info', next: 'Give the argument max_length.' },
  PATTERN_LOOSE: {
    severity: 'warning',
    next: 'Anchor the pattern with ^ and $, and say which characters may stand between.',
  },
  EXPIRY_LONG: {
    severity: 'warning',
    next: 'Give expires_in_seconds of some days: what nobody decided on can be proposed again.',
  },
  GUARD_COARSE: {
    severity: 'info',
    next: 'Be sure that it is another one after every write; its type, which inspect shows, tells.',
  },
  ROLE_MISSING: { severity: 'warning', next: 'Give approval.required_role.' },
  OPERATORS_MISSING: {
    severity: 'warning',
    next: 'List in operators who may decide, or be sure that the app gives runtime.approvers.',
  },
  DUTIES_NOT_SEPARATED: {
    severity: 'warning',
    next: 'Leave separation_of_duties out, so that another person decides.',
  },
  FEW_APPROVALS: { severity: 'warning', next: 'Have two people approve: required_approvals 2.' },
  RIVALS_ALLOWED: {
    severity: 'warning',
    next: 'Leave on_active_proposal out, or let a new proposal supersede the old one.',
  },
  TEXT_NOT_MARKED: {
    severity: 'warning',
    next: 'List the column in untrusted_columns, or take it out of visible_columns.',
  },
  LIST_LARGE: { severity: 'warning', next: 'Lower max_rows to what a model needs to see at once.' },
  PROPOSALS_UNLIMITED: { severity: 'warning', next: 'Give rate_limits open_proposals or proposals_per_day.' },
  RECEIPTS_IN_LEDGER: { severity: 'warning', next: 'Keep receipts in the source: authority source_db.' },
  EVERYTHING_EXPOSED: { severity: 'warning', next: 'List in expose what the framework needs.' },
  COLUMN_NEVER_WRITTEN: { severity: 'info', next: 'Take the column out of allowed_columns.' },
  EVIDENCE_OPTIONAL: {
    severity: 'info',
    next: 'Leave evidence out: it is recorded either way, and people read this as a promise.',
  },
  DESCRIPTION_MISSING: { severity: 'info', next: 'Say in description when to use it, for the model.' },
  EXAMPLES_MISSING: { severity: 'info', next: 'Give examples a sample call: contract tests and people begin with it.' },
} as const satisfies Record<string, LintDefinition>

/** One of the closed set of lint codes, see `LINT_CODES`. */
export type LintCode = keyof typeof LINT_CODES

/** One choice of a contract that is valid, and worth a second look. */
export interface LintFinding {
  readonly severity: LintSeverity
  /** A code of lint, or of a warning of `validateConfig`. */
  readonly code: LintCode | ProblemCode
  /** JSON Pointer to the place. */
  readonly path: string
  /** One sentence: what is risky. */
  readonly message: string
  /** One sentence: what to do about it. */
  readonly next: string
}

export function finding(code: LintCode, path: Path, message: string): LintFinding {
  const { severity, next } = LINT_CODES[code]
  return { severity, code, path: toPointer(path), message, next }
}

/** A warning of validation as a finding: its message says what to do. */
export function fromWarning({
  code,
  path,
  message,
}: {
  code: ProblemCode
  path: string
  message: string
}): LintFinding {
  return { severity: 'warning', code, path, message: PROBLEM_CODES[code].summary, next: message }
}
