/**
 * Reviewed capabilities instead of `execute_sql`: agents inspect and propose, people approve an exact hash, a trusted
 * apply writes it once.
 *
 * @packageDocumentation
 */

export type { AuthorityChange, AuthorityDirection } from './authority/change.js'
export { compareAuthority } from './authority/compare.js'
export { lintConfig } from './authority/lint.js'
export { LINT_CODES, type LintCode, type LintFinding, type LintSeverity } from './authority/lint-codes.js'
export { defineConfig } from './contract/define.js'
export { configDigest } from './contract/digest.js'
export type {
  AdapterName,
  AnswerOf,
  AnswerTo,
  ArgsOf,
  CapabilityName,
  DataOf,
  Exact,
  FunctionExecutorName,
  ProposalName,
  ReadName,
  ToolNames,
  WorkflowInput,
  WorkflowName,
} from './contract/infer.js'
export { loadConfig } from './contract/load.js'
export { type MigratedConfig, type Migration as ConfigMigration, migrateConfig } from './contract/migrate.js'
export type { ContractProblem, ProblemCode } from './contract/problems.js'
export { redactConfig } from './contract/redact.js'
export type { Config, ParsedConfig } from './contract/schema.js'
export { type Validation, validateConfig } from './contract/validate.js'
export type { ContractCase, ContractCases } from './contract-test/cases.js'
export type { ContractCaseDifference, ContractCaseResult, ContractTestReport } from './contract-test/report.js'
export { type ContractTestOptions, runContractTests } from './contract-test/run.js'
export { type ConnectionOptions, connectionOptions } from './drivers/connection-options.js'
export type { MysqlConnectionOptions } from './drivers/mysql-options.js'
export type { PgConnectionOptions } from './drivers/postgres-options.js'
export type { SqliteConnectionOptions } from './drivers/sqlite-options.js'
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  type ErrorShape,
  isRunnerError,
  type Retry,
  RunnerError,
  type RunnerErrorOptions,
} from './errors.js'
export type {
  ExecutorCall,
  ExecutorFunction,
  ExecutorFunctions,
  HandlerJob,
  HandlerResult,
} from './executors/function.js'
export type {
  Append,
  Appended,
  AuditRecord,
  Durability,
  EntryFilter,
  EvidenceFilter,
  EvidenceRecord,
  ForgetRequest,
  Forgotten,
  Ledger,
  LedgerCheck,
  LedgerProblem,
  LedgerStats,
  Page,
  PageRequest,
  ProposalFilter,
  ProposalQuota,
  ProposalRow,
  QuotaUse,
  ReceiptFilter,
  Refusal,
  RefusalCount,
  RunAppend,
  RunFilter,
  RunRow,
  StoredProposal,
  StoredRun,
  Verification,
  VerifyOptions,
} from './ledger/ledger.js'
export type { ApplyOptions } from './operations/apply.js'
export type { GivenClaims, GivenContext, SessionContext } from './operations/context.js'
export type { ApproverClaim } from './operations/decide.js'
export type { DoctorOptions } from './operations/doctor.js'
export type { Finding } from './operations/finding.js'
export type { Freshness } from './operations/freshness.js'
export type { Inspection } from './operations/inspect.js'
export type { LedgerTools } from './operations/ledger-tools.js'
export type { Migration } from './operations/migrations.js'
export type { OperatorFinding } from './operations/operator-finding.js'
export type { EvidenceView } from './operations/own-evidence.js'
export type { ReplayView } from './operations/own-replay.js'
export type { Approvers } from './operations/people.js'
export type { Clock, Ids, Link, Logger } from './operations/ports.js'
export type { Diff, Proposal, ProposalView, VisibleDiff } from './operations/proposal.js'
export type { Pruned, PruneOptions } from './operations/prune.js'
export type { ProposalSummary, Query } from './operations/queries.js'
export type { Readiness } from './operations/ready.js'
export type { ReconcileOptions } from './operations/reconcile.js'
export type { Replay, ReplayStep } from './operations/replay.js'
export type { Connections } from './operations/sources.js'
export type { WaitOptions } from './operations/wait-for-decision.js'
export type { Digest } from './protocol/canonical.js'
export type { EntryBody, EntryType, NewEntry, NewRunEntry, StoredEntry } from './protocol/entry.js'
export type { Envelope } from './protocol/envelope.js'
export type { Evidence } from './protocol/evidence.js'
export { isEnvelope } from './protocol/is-envelope.js'
export type { WritebackJob } from './protocol/job.js'
export type { Context, FrozenProposal } from './protocol/proposal.js'
export type { DeepReadonly } from './protocol/readonly.js'
export type { Receipt } from './protocol/receipt.js'
export { type RenderableProposal, type RenderV1Options, renderV1 } from './protocol/render-v1.js'
export type { FrozenRun, RunAction, RunAwaiting, RunEnd, RunStatus, StepKind } from './protocol/run.js'
export type { Decision } from './protocol/state.js'
export type { Awaiting, NextAction, ProposalStatus } from './protocol/status.js'
export {
  type ChangeSetV1,
  parseV1,
  type ReceiptV1,
  type RunnerRegistrationV1,
  type WritebackJobV1,
} from './protocol/v1.js'
export type { JsonScalar, TypedRow, TypedText } from './protocol/values.js'
export type { Decide, Person, QueueFilter, Reviewer } from './reviewer.js'
export {
  createRunner,
  type Revocation,
  type Runner,
  type RunnerApproval,
  type RunnerQuestion,
  type RunnerRejection,
  type Runtime,
} from './runner.js'
export type { Session, ToolSource } from './session.js'
export type { ResolveContext } from './tool-source.js'
export type { AdapterView } from './toolset/adapter-views.js'
export type { JsonSchema, ObjectSchema } from './toolset/json-schema.js'
export type { RecordKind } from './toolset/load-record.js'
export type { InlineEvidence, ModelProposal, ModelView } from './toolset/model-view.js'
export type { ToolAnnotations, ToolOptions, ToolOptionsOf, ToolSpec } from './toolset/tool-spec.js'
export type { ToolDefinition, ToolHandler, Toolset } from './toolset/tools.js'
export type { AnswerSchema, Flow, StepOptions, WorkflowFunction } from './workflow/function-flow.js'
export type { WorkflowFunctions } from './workflow/move.js'
export type { RunReplay } from './workflow/replay-run.js'
export type { ResumeOptions } from './workflow/resume-run.js'
export type { Run, RunStep } from './workflow/run.js'
export type { RunSummary } from './workflow/run-query.js'
export type { StartOptions } from './workflow/start-run.js'
export type { Outcome, ProposalRef } from './workflow/step-proposal.js'
export type { WorkflowRuns } from './workflow/workflow-runs.js'
