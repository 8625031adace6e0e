/**
 * Reviewed capabilities instead of `execute_sql`: agents inspect and propose, people approve an exact hash, a trusted
 * apply writes it once.
 *
 * @packageDocumentation
 */

export { defineConfig } from './contract/define.js'
export { configDigest } from './contract/digest.js'
export type { ArgsOf, CapabilityName, DataOf, Exact, ProposalName, ReadName } from './contract/infer.js'
export { loadConfig } from './contract/load.js'
export { migrateConfig } from './contract/migrate.js'
export { redactConfig } from './contract/redact.js'
export type { Config, ParsedConfig } from './contract/schema.js'
export { validateConfig } from './contract/validate.js'
export { connectionOptions } from './drivers/connection-options.js'
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  type ErrorShape,
  isRunnerError,
  type Retry,
  RunnerError,
} from './errors.js'
export type {
  AuditRecord,
  EntryFilter,
  EvidenceFilter,
  Ledger,
  LedgerProblem,
  LedgerStats,
  Page,
  PageRequest,
  ProposalFilter,
  ReceiptFilter,
} from './ledger/ledger.js'
export type { ApplyOptions } from './operations/apply.js'
export type { GivenContext, SessionContext } from './operations/context.js'
export type { ApproverClaim } from './operations/decide.js'
export type { Inspection } from './operations/inspect.js'
export type { Migration } from './operations/migrations.js'
export type { Approvers } from './operations/people.js'
export type { Clock, Ids, Link, Logger } from './operations/ports.js'
export type { Diff, Proposal, ProposalView } from './operations/proposal.js'
export type { ProposalSummary, Query } from './operations/queries.js'
export type { Replay, ReplayStep } from './operations/replay.js'
export type { Connections } from './operations/sources.js'
export type { WaitOptions } from './operations/wait-for-decision.js'
export type { StoredEntry } from './protocol/entry.js'
export type { Envelope } from './protocol/envelope.js'
export type { Evidence } from './protocol/evidence.js'
export type { WritebackJob } from './protocol/job.js'
export type { Context, FrozenProposal } from './protocol/proposal.js'
export type { Receipt } from './protocol/receipt.js'
export { renderV1 } from './protocol/render-v1.js'
export type { Decision } from './protocol/state.js'
export type { Awaiting, NextAction, ProposalStatus } from './protocol/status.js'
export { parseV1 } from './protocol/v1.js'
export type { JsonScalar, TypedText } from './protocol/values.js'
export type { Decide, Person, Reviewer } from './reviewer.js'
export { createRunner, type Runner, type RunnerApproval, type Runtime } from './runner.js'
export type { Session } from './session.js'
