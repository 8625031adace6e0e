import { statusAt } from '../policy/expiry.js'
import type { Digest } from '../protocol/canonical.js'
import { afterToJson, type Context, type FrozenProposal } from '../protocol/proposal.js'
import { DECISION_UNKNOWN, type Receipt } from '../protocol/receipt.js'
import type { Decision, ProposalState } from '../protocol/state.js'
import {
  AFTER_UNKNOWN_DECISION,
  type Awaiting,
  type NextAction,
  nextStep,
  type ProposalStatus,
} from '../protocol/status.js'
import { type JsonScalar, toJson } from '../protocol/values.js'

/** What changes, column by column. `before` is null for a field of the app that is no column of the row. */
export type Diff = Readonly<Record<string, { readonly before: JsonScalar; readonly after: JsonScalar }>>

/** A {@link Diff} as a model may see it: of a column that it cannot read, only what it asked for. */
export type VisibleDiff = Readonly<Record<string, { readonly before?: JsonScalar; readonly after: JsonScalar }>>

/** A proposal as operators and reviewers see it. */
export interface Proposal {
  readonly id: string
  readonly version: number
  /** Digest of {@link frozen}: what an approval binds to. */
  readonly hash: Digest
  readonly status: ProposalStatus
  readonly capability: string
  readonly context: Context
  readonly target: { readonly type: string; readonly id: string }
  readonly diff: Diff
  readonly frozen: FrozenProposal
  readonly evidence_bundle_id: string
  readonly approval: {
    readonly required_role?: string
    readonly required_approvals: number
    readonly decisions: readonly Omit<Decision, 'entry_hash'>[]
  }
  /** What a reviewer asked for, while it is not answered. */
  readonly information_requested?: string
  readonly superseded_by?: string
  readonly receipt?: Receipt
  readonly created_at: string
  readonly expires_at: string
  readonly run_id?: string
  readonly next_allowed_actions: readonly NextAction[]
  readonly awaiting: Awaiting
  readonly next: string
}

/** What the session that made a proposal may see of it. */
export interface ProposalView {
  readonly id: string
  readonly hash: Digest
  readonly status: ProposalStatus
  readonly capability: string
  readonly target: Proposal['target']
  readonly diff: VisibleDiff
  readonly decision?: { readonly decision: 'approved' | 'rejected'; readonly reason?: string }
  readonly information_requested?: string
  readonly receipt_status?: Receipt['status']
  readonly expires_at: string
  readonly next_allowed_actions: readonly NextAction[]
  readonly awaiting: Awaiting
  readonly next: string
}

/** Shows a state as it counts at `now`. */
export function toProposal(state: ProposalState, now: Date): Proposal {
  const { frozen, hash, decisions, question, receipt, superseded_by } = state
  const status = statusAt(state.status, frozen.expires_at, now)
  const { required_role, required_approvals } = frozen.approval
  return {
    id: frozen.proposal_id,
    version: frozen.proposal_version,
    hash,
    status,
    capability: frozen.capability,
    context: frozen.context,
    target: { type: frozen.target.type, id: frozen.target.primary_key.value.text ?? '' },
    diff: diffOf(frozen),
    frozen,
    evidence_bundle_id: frozen.evidence.bundle_id,
    approval: {
      ...(required_role === null ? {} : { required_role }),
      required_approvals,
      decisions: decisions.map(({ entry_hash: _, ...decision }) => decision),
    },
    ...(question === undefined ? {} : { information_requested: question }),
    ...(superseded_by === undefined ? {} : { superseded_by }),
    ...(receipt === undefined ? {} : { receipt }),
    created_at: frozen.created_at,
    expires_at: frozen.expires_at,
    ...(frozen.run_id === null ? {} : { run_id: frozen.run_id }),
    ...nextStep(status, question !== undefined),
    ...(receipt?.safe_error_code === DECISION_UNKNOWN ? { next: AFTER_UNKNOWN_DECISION } : {}),
  }
}

/** Shows a proposal to whoever made it, who may read the `visible` columns. */
export function toProposalView(proposal: Proposal, visible: readonly string[]): ProposalView {
  const last = proposal.approval.decisions.at(-1)
  return {
    id: proposal.id,
    hash: proposal.hash,
    status: proposal.status,
    capability: proposal.capability,
    target: proposal.target,
    diff: visibleDiff(proposal.diff, visible),
    ...(last === undefined
      ? {}
      : { decision: { decision: last.decision, ...(last.reason === undefined ? {} : { reason: last.reason }) } }),
    ...(proposal.information_requested === undefined ? {} : { information_requested: proposal.information_requested }),
    ...(proposal.receipt === undefined ? {} : { receipt_status: proposal.receipt.status }),
    expires_at: proposal.expires_at,
    next_allowed_actions: proposal.next_allowed_actions,
    awaiting: proposal.awaiting,
    next: proposal.next,
  }
}

export function visibleDiff(diff: Diff, visible: readonly string[]): VisibleDiff {
  return Object.fromEntries(
    Object.entries(diff).map(([column, change]) => [
      column,
      visible.includes(column) ? change : { after: change.after },
    ]),
  )
}

function diffOf(frozen: FrozenProposal): Diff {
  return Object.fromEntries(
    Object.entries(afterToJson(frozen)).map(([column, after]) => {
      const earlier = frozen.before[column]
      return [column, { before: earlier === undefined ? null : toJson(earlier), after }]
    }),
  )
}
