import { resolve } from 'node:path'
import { compileContract } from './capability/compile.js'
import { baseDirOf } from './contract/base-dir.js'
import type { CapabilityName, Exact } from './contract/infer.js'
import { parseConfig } from './contract/parse.js'
import type { Config, ParsedConfig } from './contract/schema.js'
import { openDriver } from './drivers/open-driver.js'
import { RunnerError } from './errors.js'
import type {
  AuditRecord,
  EntryFilter,
  EvidenceFilter,
  Ledger,
  LedgerProblem,
  LedgerStats,
  ProposalFilter,
  ReceiptFilter,
} from './ledger/ledger.js'
import { openSqliteLedger } from './ledger/sqlite.js'
import { type ApplyOptions, apply } from './operations/apply.js'
import { applyJob } from './operations/apply-job.js'
import { approve } from './operations/approve.js'
import { resolveContext, type SessionContext } from './operations/context.js'
import type { ApproverClaim } from './operations/decide.js'
import { exportJob } from './operations/export-job.js'
import { createIds } from './operations/ids.js'
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
} from './operations/queries.js'
import { reconcile } from './operations/reconcile.js'
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
import { createSession, type Session } from './session.js'

/** What a contract must not hold. Everything has a default. */
export interface Runtime {
  /** The only place where `*_env` names are looked up. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The host's own pools or SQLite handles, made with `connectionOptions`. Checked at first use, never closed here. */
  readonly connections?: Connections
  /** An app's own users, asked when deciding and again when applying. Not beside `operators` in the contract. */
  readonly approvers?: Approvers
  /** File path, `':memory:'`, or an implementation. Default `storage.sqlite_path` of the contract. */
  readonly ledger?: string | Ledger
  readonly clock?: Clock
  readonly ids?: Ids
  /** Default: one line on stderr for each message. */
  readonly logger?: Logger
  /** Folder that relative paths resolve against. Default: that of the loaded contract file, else the current one. */
  readonly base_dir?: string
}

/** What an approval through the runner carries. */
export interface RunnerApproval {
  readonly hash: string
  readonly approver: ApproverClaim
  readonly reason?: string
  readonly signature?: string
}

/** The operator's surface: makes sessions and reviewers, and alone applies. */
export interface Runner<C extends Config = Config> {
  /**
   * The model's surface, bound to one context.
   *
   * @throws RunnerError `CONTEXT_MISSING` when what is given does not fit the provider of the contract, `ENV_MISSING`.
   */
  session(context?: SessionContext): Session<C>
  /** One person's surface. `roles` count only where neither `operators` nor `approvers` say who holds which role. */
  reviewer(person: Person): Reviewer

  approve(id: string, approval: RunnerApproval): Promise<Proposal>
  reject(
    id: string,
    rejection: { readonly approver: ApproverClaim; readonly hash?: string; readonly reason?: string },
  ): Promise<Proposal>
  requestInformation(
    id: string,
    request: { readonly approver: ApproverClaim; readonly question: string },
  ): Promise<Proposal>
  /** Takes an approval back; acknowledged only when no apply can follow. */
  revoke(id: string, revocation: { readonly approver: ApproverClaim; readonly reason?: string }): Promise<Proposal>

  /**
   * Writes an approved proposal once: guarded, in one transaction with its receipt. What reached the source is a
   * receipt (`applied`, `already_applied`, `conflict`, `failed`) and is returned.
   *
   * @throws RunnerError `NOT_APPROVED`, `EXPIRED`, `WRONG_STATUS`, `CONTRACT_CHANGED`, `SCHEMA_DRIFT`, `INTEGRITY`,
   * `ROLE_REQUIRED`, `OUTCOME_UNKNOWN` (apply again or reconcile), `BUSY`, `SOURCE_*`, `RECEIPTS_MISSING`.
   */
  apply(id: string, options?: ApplyOptions): Promise<Receipt>
  /** Settles an unknown outcome. Never writes the row. */
  reconcile(id: string): Promise<Proposal>
  exportJob(id: string): Promise<WritebackJob>
  /** Takes a job back through the ledger that issued it; any edit is refused. */
  applyJob(job: unknown): Promise<Receipt>

  replay(id: string): Promise<Replay>
  renderReplay(replay: Replay, format: 'markdown' | 'json'): string

  /** The SQL of the receipts tables and of the grants, for a person to read and run. */
  migrations(): readonly Migration[]
  /** Creates the receipts table of one source through its writer credential. Apply never does. */
  migrate(source: string): Promise<void>

  readonly proposals: Query<Proposal, ProposalFilter, ProposalSummary>
  readonly evidence: Query<Evidence, EvidenceFilter>
  readonly audit: Pick<Query<AuditRecord, EvidenceFilter>, 'list'>
  readonly receipts: Query<Receipt, ReceiptFilter>
  readonly entries: Query<StoredEntry, EntryFilter>
  readonly ledger: {
    /** Walks the whole chain. */
    verify(): Promise<{ readonly ok: boolean; readonly entries: number; readonly problems: readonly LedgerProblem[] }>
    stats(): Promise<LedgerStats>
    /** Brings a ledger of an older version to this one's schema. */
    migrate(): Promise<void>
  }

  /** Closes what the runner opened: its connections and its ledger. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Makes a runner from a contract. Synchronous; touches nothing until a verb is called.
 *
 * @throws RunnerError `CONFIG_INVALID` with every problem in `details.errors`, `PLATFORM_UNSUPPORTED` on an old Node.js.
 *
 * @example
 * ```ts
 * const runner = createRunner(loadConfig('synapsor.runner.json'))
 * const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' })
 * ```
 */
export function createRunner<const C extends Config>(
  config: C & Exact<Config, C>,
  runtime: Runtime = {},
): Runner<Known<C>> {
  assertPlatform()
  const parsed = parseConfig(config)
  const ports = createPorts(parsed, runtime, runtime.base_dir ?? baseDirOf(config) ?? process.cwd())
  return bindRunner(ports, runtime.env ?? process.env)
}

/** A contract loaded at run time types nothing: all of them make one and the same `Runner`. */
type Known<C extends Config> = string extends CapabilityName<C> ? Config : C

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
  return {
    contract: compileContract(config),
    sources: createSources({
      config,
      env: runtime.env ?? process.env,
      connections: runtime.connections ?? {},
      base_dir,
      openDriver,
    }),
    ledger: openLedger(config, runtime.ledger, logger, base_dir),
    people: createPeople(config.operators, runtime.approvers),
    clock,
    ids: runtime.ids ?? createIds(clock),
    logger,
  }
}

function openLedger(config: ParsedConfig, given: Runtime['ledger'], logger: Logger, base_dir: string): Ledger {
  if (typeof given === 'object') return given
  const path = given ?? config.storage.sqlite_path
  return openSqliteLedger({ path: path === ':memory:' ? path : resolve(base_dir, path), logger })
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

function bindRunner<C extends Config>(ports: Ports, env: NonNullable<Runtime['env']>): Runner<C>
function bindRunner(ports: Ports, env: NonNullable<Runtime['env']>): object {
  const close = async (): Promise<void> => {
    await ports.sources.close()
    await ports.ledger.close()
  }
  const { config } = ports.contract
  return Object.freeze({
    session: (context?: SessionContext) => {
      if (config.mode === 'cloud') {
        throw new RunnerError('EXECUTOR_UNAVAILABLE', 'This version has no cloud mode.', {
          next: 'Set mode to review, shadow or read_only.',
        })
      }
      return createSession(ports, resolveContext(config, env, context))
    },
    reviewer: (person: Person) => createReviewer(ports, person),
    approve: (id: string, approval: RunnerApproval) => approve(ports, { ...approval, id }),
    reject: (id: string, rejection: { approver: ApproverClaim; hash?: string; reason?: string }) =>
      reject(ports, { ...rejection, id }),
    requestInformation: (id: string, request: { approver: ApproverClaim; question: string }) =>
      requestInformation(ports, { ...request, id }),
    revoke: (id: string, revocation: { approver: ApproverClaim; reason?: string }) =>
      revoke(ports, { ...revocation, id }),
    apply: (id: string, options?: ApplyOptions) => apply(ports, id, options),
    reconcile: (id: string) => reconcile(ports, id),
    exportJob: (id: string) => exportJob(ports, id),
    applyJob: (job: unknown) => applyJob(ports, job),
    replay: (id: string) => replay(ports, id),
    renderReplay,
    migrations: () => migrations(ports),
    migrate: (source: string) => migrate(ports, source),
    proposals: proposalQuery(ports),
    evidence: evidenceQuery(ports),
    audit: auditQuery(ports),
    receipts: receiptQuery(ports),
    entries: entryQuery(ports),
    ledger: {
      verify: () => ports.ledger.verify(),
      stats: () => ports.ledger.stats(),
      migrate: () => ports.ledger.migrate(),
    },
    close,
    [Symbol.asyncDispose]: close,
  })
}
