import { resolve } from 'node:path'
import { compileContract } from './capability/compile.js'
import { baseDirOf } from './contract/base-dir.js'
import type { Exact } from './contract/infer.js'
import { parseConfig } from './contract/parse.js'
import type { Config, ParsedConfig } from './contract/schema.js'
import { openDriver } from './drivers/open-driver.js'
import { RunnerError } from './errors.js'
import { createExecutors } from './executors/executors.js'
import type { ExecutorFunctions } from './executors/function.js'
import type {
  AuditRecord,
  EntryFilter,
  EvidenceFilter,
  Ledger,
  PageRequest,
  ProposalFilter,
  ReceiptFilter,
  RefusalCount,
  RunFilter,
} from './ledger/ledger.js'
import { openSqliteLedger } from './ledger/sqlite.js'
import { type ApplyOptions, apply } from './operations/apply.js'
import { applyJob } from './operations/apply-job.js'
import { approve } from './operations/approve.js'
import { resolveContext, type SessionContext } from './operations/context.js'
import type { ApproverClaim } from './operations/decide.js'
import { type DoctorOptions, doctor } from './operations/doctor.js'
import { exportJob } from './operations/export-job.js'
import type { Finding } from './operations/finding.js'
import { type Freshness, freshness } from './operations/freshness.js'
import { createIds } from './operations/ids.js'
import { type LedgerTools, ledgerTools } from './operations/ledger-tools.js'
import { createLimits } from './operations/limits.js'
import { type Migration, migrate, migrations } from './operations/migrations.js'
import { type Approvers, createPeople } from './operations/people.js'
import type { Clock, Ids, Logger, Ports } from './operations/ports.js'
import type { Proposal } from './operations/proposal.js'
import {
  auditQuery,
  entryQuery,
  evidenceQuery,
  type ProposalSummary,
  proposalQuery,
  type Query,
  receiptQuery,
  refusalQuery,
} from './operations/queries.js'
import { createReadiness, type Readiness } from './operations/ready.js'
import { type ReconcileOptions, reconcile } from './operations/reconcile.js'
import { createRefusalCounts } from './operations/refusal-counts.js'
import { reject } from './operations/reject.js'
import { renderReplay } from './operations/render-replay.js'
import { type Replay, replay } from './operations/replay.js'
import { requestInformation } from './operations/request-information.js'
import { revoke } from './operations/revoke.js'
import { type Connections, createSources } from './operations/sources.js'
import type { StoredEntry } from './protocol/entry.js'
import type { Evidence } from './protocol/evidence.js'
import type { WritebackJob } from './protocol/job.js'
import type { Receipt } from './protocol/receipt.js'
import { createReviewer, type Person, type Reviewer } from './reviewer.js'
import { createSession, type Session, type ToolSource } from './session.js'
import { createToolSource, type ResolveContext } from './tool-source.js'
import { type AdapterView, adapterViews } from './toolset/adapter-views.js'
import { cancelRun } from './workflow/cancel-run.js'
import { isRunId } from './workflow/load-run.js'
import type { WorkflowFunctions } from './workflow/move.js'
import { renderRunReplay } from './workflow/render-run.js'
import { type RunReplay, replayRun } from './workflow/replay-run.js'
import { type ResumeOptions, resumeAllRuns, resumeRun } from './workflow/resume-run.js'
import type { Run } from './workflow/run.js'
import { type RunSummary, runQuery } from './workflow/run-query.js'

/** What a contract must not hold. Everything has a default. */
export interface Runtime<C extends Config = Config> {
  /** The only place where `*_env` names are looked up. @defaultValue `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The host's own pools or SQLite handles, made with `connectionOptions`. Checked at first use, never closed here. */
  readonly connections?: Connections
  /** An app's own users, asked when deciding and again when applying. Not beside `operators` in the contract. */
  readonly approvers?: Approvers
  /**
   * Executors of the contract that are functions, by their names there. The way to write inside the app's own transaction.
   */
  readonly executors?: ExecutorFunctions<C>
  /** Workflows that are functions, by their names in the contract. */
  readonly workflows?: WorkflowFunctions<C>
  /** File path, `':memory:'`, or an implementation. @defaultValue `storage.sqlite_path` of the contract */
  readonly ledger?: string | Ledger
  /**
   * How long a verb waits for a ledger file that another process is writing, in milliseconds, before it throws `BUSY`.
   * Nothing to an implementation of your own.
   *
   * @defaultValue `5000`
   */
  readonly ledger_timeout_ms?: number
  /** What expiry is held against, and what records are dated with. @defaultValue the clock of this machine */
  readonly clock?: Clock
  /** Makes ids. @defaultValue a prefix, the time, and 80 random bits */
  readonly ids?: Ids
  /** @defaultValue one line on stderr for each message */
  readonly logger?: Logger
  /** Folder that relative paths resolve against. @defaultValue that of the loaded contract file, else the current one */
  readonly base_dir?: string
}

/** What an approval through the runner carries. */
export interface RunnerApproval {
  /** The hash that the approver looked at. */
  readonly hash: string
  readonly approver: ApproverClaim
  /** At most 4000 characters. Kept on record, and shown to the session that proposed. */
  readonly reason?: string
  /** Kept with the decision as it is given, at most 4000 characters. */
  readonly signature?: string
}

/** What a rejection through the runner carries. */
export interface RunnerRejection {
  readonly approver: ApproverClaim
  /** The hash that was looked at. Left out, whatever the proposal is gets rejected. */
  readonly hash?: string
  /** At most 4000 characters. Kept on record, and shown to the session that proposed. */
  readonly reason?: string
}

/** What a reviewer wants to know, asked through the runner. */
export interface RunnerQuestion {
  readonly approver: ApproverClaim
  /** 1 to 2000 characters, shown to the session that proposed. */
  readonly question: string
}

/** What a revocation carries. */
export interface Revocation {
  readonly approver: ApproverClaim
  /** At most 4000 characters. Kept on record. */
  readonly reason?: string
}

/**
 * The operator's surface: makes sessions and reviewers, and alone applies. Ids of proposals are taken as `wrp_…` and as
 * `wrp://wrp_…`. A runner of any contract is a plain `Runner` too.
 *
 * Every verb that uses the ledger throws RunnerError `LEDGER_UNAVAILABLE`, `LEDGER_OUTDATED`, `LEDGER_TOO_NEW` or `BUSY`
 * where it cannot, `INTEGRITY` where a record that it relies on is not what was recorded, and `ERASED` where its content
 * was pruned.
 */
export interface Runner<C extends Config = Config> {
  /** The contract: validated, every default filled in, frozen. Whoever holds a runner may read it; it holds no secret. */
  readonly config: ParsedConfig

  /**
   * Makes the model's surface, bound to one context. Opens nothing.
   *
   * @param context - Facts or verified claims, as the provider of the contract needs them; nothing where the contract
   * says where to look.
   * @throws RunnerError `CONTEXT_MISSING` when what is given does not fit the provider, `ENV_MISSING`,
   * `EXECUTOR_UNAVAILABLE` in mode `cloud`.
   */
  session(context?: SessionContext): Session<C>

  /** What each adapter of the contract exposes, under which names. */
  adapters(): readonly AdapterView[]
  /**
   * One set of tools for many users: `resolve` is asked at every call for whom it is made, with what the framework's run
   * carries. Where it throws or gives nothing that fits, the call is refused.
   */
  sessionsFrom<Host = unknown>(resolve: ResolveContext<Host>): ToolSource<C, Host>
  /**
   * Makes one person's surface. Opens nothing; who the person is gets established with each decision.
   *
   * @throws RunnerError `APPROVER_UNKNOWN` without an id, `CONTEXT_MISSING` for a tenant that is given and blank.
   */
  reviewer(person: Person): Reviewer

  /**
   * Approves one exact hash for a person of any tenant. With a quorum, the proposal is approved once enough different
   * people have.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `HASH_MISMATCH`, `WRONG_STATUS`, `EXPIRED`, `APPROVER_UNKNOWN`,
   * `ROLE_REQUIRED`, `SELF_APPROVAL`, `ALREADY_DECIDED`, `INVALID_ARGUMENT`, `SECRET_REFUSED`.
   */
  approve(id: string, approval: RunnerApproval): Promise<Proposal>

  /**
   * Rejects a pending proposal for good. One rejection is enough, whatever the quorum.
   *
   * @throws RunnerError as {@link Runner.approve}.
   */
  reject(id: string, rejection: RunnerRejection): Promise<Proposal>

  /**
   * Asks whoever proposed for more. The proposal stays pending, and can only be rejected: the answer is a new one.
   *
   * @throws RunnerError as {@link Runner.approve}.
   */
  requestInformation(id: string, request: RunnerQuestion): Promise<Proposal>

  /**
   * Takes an approval back; acknowledged only when no apply can follow. It needs the role that the proposal requires.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `APPROVER_UNKNOWN`, `ROLE_REQUIRED`, `WRONG_STATUS` when it is too late,
   * `INVALID_ARGUMENT`, `SECRET_REFUSED`, `SOURCE_*`, `RECEIPTS_MISSING`.
   */
  revoke(id: string, revocation: Revocation): Promise<Proposal>

  /**
   * Writes an approved proposal once: guarded, in one transaction with its receipt. What reached the source is a
   * receipt (`applied`, `already_applied`, `conflict`, `failed`) and is returned; a later call returns the first one,
   * `applied` as `already_applied`.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `NOT_APPROVED`, `EXPIRED`, `WRONG_STATUS`, `CONTRACT_CHANGED`,
   * `BOUND_EXCEEDED`, `TRANSITION_REFUSED`, `APPROVER_UNKNOWN`, `ROLE_REQUIRED`, `SELF_APPROVAL`, `SCHEMA_DRIFT`,
   * `PRECONDITION_FAILED`, `RECEIPTS_MISSING`, `EXECUTOR_UNAVAILABLE`, `ENV_MISSING`, `SOURCE_*`, `BUSY`, and
   * `OUTCOME_UNKNOWN`: apply again or reconcile, neither writes twice.
   *
   * @example
   * ```ts
   * import { isRunnerError, type Receipt, type Runner } from '@synapsor/runner'
   *
   * async function applyAndSettle(runner: Runner, id: string): Promise<Receipt | undefined> {
   *   try {
   *     return await runner.apply(id)
   *   } catch (error) {
   *     if (!isRunnerError(error) || error.retry !== 'reconcile') throw error
   *     return (await runner.reconcile(id)).receipt
   *   }
   * }
   * ```
   */
  apply(id: string, options?: ApplyOptions): Promise<Receipt>

  /**
   * Finds out what became of an apply that was cut off, and puts it on record. Never writes the row itself; an executor
   * of the app is asked again under the same key, and may make the approved change now. A proposal whose end is known is
   * returned as it is.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `WRONG_STATUS` before it is approved, `CONTRACT_CHANGED` where receipts
   * are kept elsewhere by now, `SOURCE_*`, `RECEIPTS_MISSING`, and, where the source holds no receipts,
   * `OUTCOME_UNKNOWN` when the row does not tell.
   */
  reconcile(id: string, options?: ReconcileOptions): Promise<Proposal>

  /**
   * Exports an approved change for another process. The job may be applied for 15 minutes.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `WRONG_STATUS`.
   */
  exportJob(id: string): Promise<WritebackJob>

  /**
   * Applies an exported job through the ledger that issued it, as it was exported or as `renderV1` renders it.
   *
   * @throws RunnerError `INVALID_ARGUMENT` for what is no job, `INTEGRITY` for an edited one, `EXPIRED` past its 15
   * minutes, and as {@link Runner.apply}.
   */
  applyJob(job: unknown): Promise<Receipt>

  /**
   * Tells a proposal's story, or by a run's id (`run_…`) that of the run, from the ledger alone. Reads no source, writes
   * nothing.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `RUN_NOT_FOUND`, `INTEGRITY`.
   */
  replay<Id extends string>(id: Id): Promise<Id extends `run_${string}` ? RunReplay : Replay>

  /** Renders a story for people, or as JSON with keys in one order. */
  renderReplay(replay: Replay | RunReplay, format: 'markdown' | 'json'): string

  /**
   * Moves a run on: what is approved is applied, and the run goes to its next wait. One that waits for somebody else is
   * given as it is.
   *
   * @throws RunnerError `RUN_NOT_FOUND`, `WRONG_STATUS` for a run that has ended, `CONTRACT_CHANGED`, `STEP_CONFLICT`,
   * `EXECUTOR_UNAVAILABLE`, and as {@link Runner.apply}.
   */
  resume(run_id: string, options?: ResumeOptions): Promise<Run>
  /** As {@link Runner.resume}, for every open run that can move. One that fails is told to the log and left as it is. */
  resumeAll(): Promise<readonly Run[]>
  /**
   * Ends a run of anybody. What it proposed and nobody has decided on is withdrawn.
   *
   * @throws RunnerError `RUN_NOT_FOUND`, `WRONG_STATUS`.
   */
  cancel(run_id: string): Promise<Run>

  /**
   * Tells whether the row of a proposal is still as it was when it was proposed, whatever the status of the proposal is.
   * Reads it through the reader credential of its source; writes nothing and leaves no evidence. A source that cannot be
   * asked is no error: the state is `unknown`, with the code.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`.
   *
   * @example
   * ```ts
   * import type { Runner } from '@synapsor/runner'
   *
   * async function warnIfMoved(runner: Runner, id: string): Promise<void> {
   *   const { state, columns } = await runner.freshness(id)
   *   if (state === 'changed') console.log(`The row has changed since: ${columns.join(', ')}.`)
   * }
   * ```
   */
  freshness(id: string): Promise<Freshness>

  /**
   * Asks everything that the runner needs whether it can be used now: the ledger, each source, and the receipts table of
   * each source that is to be written. For a probe: all at once, each within about two seconds, codes without any text.
   * Never throws.
   */
  ready(): Promise<readonly Readiness[]>

  /**
   * Looks the whole set-up over, for a person: what {@link Runner.ready} asks, in words, the environment variables that
   * the contract names, each capability's table and columns, what the two credentials of a source may do beyond what
   * the grants of {@link Runner.migrations} give them, the server, and whether executors can be reached. Each finding
   * that is not `ok` has a `reason` that stays, and `mend`, statements for an administrator, where there are such.
   * Writes nothing. Names capabilities, tables, columns, roles and variables; never a URL, a host or a value. Never throws.
   *
   * @example
   * ```ts
   * import { createRunner, loadConfig } from '@synapsor/runner'
   *
   * const runner = createRunner(loadConfig('synapsor.runner.json'))
   * for (const { severity, name, message } of await runner.doctor()) console.log(severity, name, message)
   * ```
   */
  doctor(options?: DoctorOptions): Promise<readonly Finding[]>

  /** Lists the SQL of the receipts tables and of the grants, for a person to read and run. Opens nothing. */
  migrations(): readonly Migration[]

  /**
   * Creates the receipts table of one source through its writer credential. Safe to call again. Apply never does it.
   *
   * @throws RunnerError `CONFIG_INVALID` for a source that the contract lacks, `PRECONDITION_FAILED` for one that holds
   * no receipts, `ENV_MISSING`, `SOURCE_*`.
   */
  migrate(source: string): Promise<void>

  /** Proposals; a list gives summaries. `get` throws RunnerError `PROPOSAL_NOT_FOUND`. */
  readonly proposals: Query<Proposal, ProposalFilter, ProposalSummary>
  /** What was read, by bundle id (`ev_…`). `get` throws RunnerError `EVIDENCE_NOT_FOUND`. */
  readonly evidence: Query<Evidence, EvidenceFilter>
  /** Which statement was sent for whom, without any value. */
  readonly audit: Pick<Query<AuditRecord, EvidenceFilter>, 'list'>
  /** Refused calls, counted by the minute: of which code, for which tenant and capability. */
  readonly refusals: Pick<Query<RefusalCount, PageRequest>, 'list'>
  /** Receipts, by id (`rct_…`). `get` throws RunnerError `RECEIPT_NOT_FOUND`. */
  readonly receipts: Query<Receipt, ReceiptFilter>
  /** Runs of workflows, by id (`run_…`). `get` throws RunnerError `RUN_NOT_FOUND`. */
  readonly runs: Query<Run, RunFilter, RunSummary>
  /** Links of the chain, by their `seq` as text. `get` throws RunnerError `ENTRY_NOT_FOUND`. */
  readonly entries: Query<StoredEntry, EntryFilter>

  /** Care of the ledger. */
  readonly ledger: LedgerTools

  /**
   * Closes what the runner opened: its connections and its ledger, which first gets what refusals it has not counted yet.
   * The host's own connections stay open.
   */
  close(): Promise<void>
  /** As {@link Runner.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Makes a runner from a contract. Synchronous; touches nothing until a verb is called.
 *
 * The contract is validated and copied. One that was declared in TypeScript types its sessions: names, arguments and
 * visible columns are checked by the compiler.
 *
 * @throws RunnerError `CONFIG_INVALID` with every problem in `details.errors`, `PLATFORM_UNSUPPORTED` on an old Node.js.
 *
 * @example
 * ```ts
 * import { createRunner, loadConfig } from '@synapsor/runner'
 *
 * const runner = createRunner(loadConfig('synapsor.runner.json'))
 * const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' })
 * const answer = await session.call('billing.inspect_invoice', { invoice_id: 'INV-3001' })
 * await runner.close()
 * ```
 */
export function createRunner<const C extends Config>(
  config: C & Exact<Config, C>,
  runtime: Runtime<NoInfer<C>> = {},
): Runner<C> {
  assertPlatform()
  const parsed = parseConfig(config)
  // C types names, arguments and rows for the compiler alone: every verb checks them against the contract itself.
  const plain = runtime as Runtime
  const ports = createPorts(parsed, plain, plain.base_dir ?? baseDirOf(config) ?? process.cwd())
  return bindRunner(ports, plain) as Runner<C>
}

/** The oldest Node.js that the package runs on. */
const OLDEST_NODE = [20, 19] as const

function assertPlatform(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  throw new RunnerError('PLATFORM_UNSUPPORTED', `Node.js ${process.versions.node} is too old.`, {
    next: `Use Node.js ${OLDEST_NODE.join('.')} or newer.`,
  })
}

function createPorts(config: ParsedConfig, runtime: Runtime, base_dir: string): Ports {
  if (config.operators !== undefined && runtime.approvers !== undefined) {
    throw new RunnerError('CONFIG_INVALID', 'Both `operators` and `runtime.approvers` say who may decide.', {
      next: 'Keep one of them.',
    })
  }
  const logger = runtime.logger ?? stderrLogger
  const clock = runtime.clock ?? { now: () => new Date() }
  const ledger = openLedger(config, runtime, logger, base_dir)
  return {
    contract: compileContract(config),
    sources: createSources({
      config,
      env: runtime.env ?? process.env,
      connections: runtime.connections ?? {},
      base_dir,
      openDriver,
    }),
    executors: createExecutors({
      config,
      env: runtime.env ?? process.env,
      functions: runtime.executors ?? {},
      base_dir,
    }),
    ledger,
    records: ledger,
    refusals: createRefusalCounts(ledger),
    limits: createLimits(config.rate_limits, clock),
    people: createPeople(config.operators, runtime.approvers),
    clock,
    ids: runtime.ids ?? createIds(clock),
    logger,
  }
}

function openLedger(config: ParsedConfig, runtime: Runtime, logger: Logger, base_dir: string): Ledger {
  const { ledger: given, ledger_timeout_ms } = runtime
  if (typeof given === 'object') return given
  const path = given ?? config.storage.sqlite_path
  return openSqliteLedger({
    path: path === ':memory:' ? path : resolve(base_dir, path),
    logger,
    ...(ledger_timeout_ms === undefined ? {} : { busy_timeout_ms: ledger_timeout_ms }),
  })
}

const stderrLogger: Logger = {
  info: (message, details) => writeLine('info', message, details),
  warn: (message, details) => writeLine('warn', message, details),
}

function writeLine(level: string, message: string, details: Readonly<Record<string, unknown>> | undefined): void {
  process.stderr.write(
    `synapsor-runner ${level}: ${message}${details === undefined ? '' : ` ${JSON.stringify(details)}`}\n`,
  )
}

function bindRunner(ports: Ports, { env = process.env, workflows = {}, executors = {} }: Runtime): Runner {
  assertFunctions(ports, workflows)
  assertExecutors(ports, executors)
  const close = async (): Promise<void> => {
    ports.executors.close()
    await ports.sources.close()
    await ports.refusals.flush()
    await ports.ledger.close()
  }
  const session: Runner['session'] = (context) => {
    const { config } = ports.contract
    assertLocal(config)
    return createSession(ports, resolveContext(config, env, context), workflows)
  }
  return Object.freeze<Runner>({
    config: ports.contract.config,
    session,
    adapters: () => adapterViews(ports.contract),
    sessionsFrom: (resolve) => createToolSource(ports, session, resolve),
    reviewer: (person) => createReviewer(ports, person),
    approve: (id, approval) => approve(ports, { ...approval, id }),
    reject: (id, rejection) => reject(ports, { ...rejection, id }),
    requestInformation: (id, request) => requestInformation(ports, { ...request, id }),
    revoke: (id, revocation) => revoke(ports, { ...revocation, id }),
    apply: (id, options) => apply(ports, id, options),
    reconcile: (id, options) => reconcile(ports, id, options),
    exportJob: (id) => exportJob(ports, id),
    applyJob: (job) => applyJob(ports, job),
    replay: ((id: string) => (isRunId(id) ? replayRun(ports, id) : replay(ports, id))) as Runner['replay'],
    renderReplay: (story, format) => ('run' in story ? renderRunReplay(story, format) : renderReplay(story, format)),
    resume: (run_id, options) => resumeRun(ports, workflows, run_id, options),
    resumeAll: () => resumeAllRuns(ports, workflows),
    cancel: (run_id) => cancelRun(ports, { run_id }),
    freshness: (id) => freshness(ports, id),
    ready: createReadiness(ports),
    doctor: (options) => doctor(ports, env, options),
    migrations: () => migrations(ports),
    migrate: (source) => migrate(ports, source),
    proposals: proposalQuery(ports),
    evidence: evidenceQuery(ports),
    audit: auditQuery(ports),
    refusals: refusalQuery(ports),
    receipts: receiptQuery(ports),
    runs: runQuery(ports),
    entries: entryQuery(ports),
    ledger: ledgerTools(ports),
    close,
    [Symbol.asyncDispose]: close,
  })
}

/** A function that no workflow names would never be called. */
function assertFunctions({ contract }: Ports, functions: WorkflowFunctions): void {
  const workflows = new Map(contract.config.workflows.map((workflow) => [workflow.name, workflow]))
  for (const name of Object.keys(functions)) {
    const workflow = workflows.get(name)
    const isFunction = workflow !== undefined && workflow.steps === undefined && workflow.linked === undefined
    if (isFunction && typeof functions[name] === 'function') continue
    throw new RunnerError('CONFIG_INVALID', `The contract has no workflow ${name} that is a function.`, {
      next: 'Name in runtime.workflows only workflows of the contract that have no steps, each with a function.',
    })
  }
}

function assertExecutors({ contract }: Ports, functions: ExecutorFunctions): void {
  const { executors } = contract.config
  for (const name of Object.keys(functions)) {
    const isNamed = Object.hasOwn(executors, name) && executors[name]?.type === 'function'
    if (isNamed && typeof functions[name] === 'function') continue
    throw new RunnerError('CONFIG_INVALID', `The contract has no executor ${name} that is a function.`, {
      next: 'Name in runtime.executors only executors of type `function` of the contract, each with a function.',
    })
  }
}

function assertLocal({ mode }: ParsedConfig): void {
  if (mode !== 'cloud') return
  throw new RunnerError('EXECUTOR_UNAVAILABLE', 'This version has no cloud mode.', {
    next: 'Set mode to review, shadow or read_only.',
  })
}
