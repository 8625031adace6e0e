import type { ArgsOf, DataOf, ProposalName, ReadName, WorkflowInput, WorkflowName } from './contract/infer.js'
import type { Config } from './contract/schema.js'
import { call, type Verbs } from './operations/call.js'
import type { ResolvedContext } from './operations/context.js'
import { type Inspection, inspect } from './operations/inspect.js'
import { type EvidenceView, ownEvidence } from './operations/own-evidence.js'
import { loadOwnProposal, viewOwn } from './operations/own-proposal.js'
import { ownReplay, type ReplayView } from './operations/own-replay.js'
import type { Link, Ports } from './operations/ports.js'
import type { Proposal, ProposalView } from './operations/proposal.js'
import { propose } from './operations/propose.js'
import { provideInformation } from './operations/provide-information.js'
import { type WaitOptions, waitForDecision } from './operations/wait-for-decision.js'
import { withdraw } from './operations/withdraw.js'
import type { Envelope } from './protocol/envelope.js'
import type { Context } from './protocol/proposal.js'
import type { ToolOptions } from './toolset/tool-spec.js'
import { bindTools, type ToolDefinition, type Toolset } from './toolset/tools.js'
import { callWorkflow } from './workflow/call-workflow.js'
import { assertOutsideRuns, inspectInRun, joinsRun, proposeInRun } from './workflow/join-run.js'
import { loadOwnRun } from './workflow/load-run.js'
import type { WorkflowFunctions } from './workflow/move.js'
import { type Run, toRun } from './workflow/run.js'
import { findWorkflow, workflowNamed, workflowsOf } from './workflow/workflow.js'
import { type WorkflowRuns, workflowRuns } from './workflow/workflow-runs.js'

declare const CONTRACT: unique symbol

/**
 * Makes sessions, and the tools that use them. What an adapter gets: it cannot reach anything else. `Host` is what the
 * framework's runs carry, as `runner.sessionsFrom` was told.
 */
export interface ToolSource<C extends Config = Config, Host = unknown> {
  /**
   * The tools of the contract, the same for every tenant.
   *
   * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed.
   */
  tools(options?: ToolOptions<Host>): readonly ToolDefinition[]
  /**
   * The same tools, and what answers a name that is none of them.
   *
   * @throws RunnerError as {@link ToolSource.tools}.
   */
  toolset(options?: ToolOptions<Host>): Toolset
  /** The session of one run of the framework. A bound session gives itself. */
  readonly sessionFor: (hostContext: Host) => Session<C> | Promise<Session<C>>
}

/**
 * The model's surface: a runner bound to one trusted context. It inspects, proposes, and looks after its own
 * proposals. It has no way to approve, apply or send SQL, and nothing called through it writes to a source. A session of
 * any contract is a plain `Session` too.
 *
 * `link` is given by the host, never by the model: the run and step that a call belongs to.
 *
 * Every verb throws RunnerError `LEDGER_UNAVAILABLE`, `LEDGER_OUTDATED`, `LEDGER_TOO_NEW` or `BUSY` where the ledger
 * cannot be used: without a record there is no answer.
 */
export interface Session<C extends Config = Config> extends ToolSource<C> {
  /** Tenant and principal, resolved once. */
  readonly context: Context

  /**
   * The context that a capability of the contract gets: another one only where the contract has several.
   *
   * @throws RunnerError `CONTEXT_MISSING` or `ENV_MISSING` where there is none for it.
   */
  contextFor(capability: string | undefined): Context

  /** What the session may use in an adapter of the contract. Never roles of a person who decides. */
  readonly roles: readonly string[]

  /** Never there: it only keeps the compiler from taking a session of one contract for that of another. */
  readonly [CONTRACT]?: C

  /**
   * Reads one tenant's visible columns. Evidence is recorded before the answer is given.
   *
   * @throws RunnerError `CAPABILITY_NOT_FOUND`, `INVALID_ARGUMENT`, `CONTEXT_MISSING`, `NOT_FOUND` (absent or another
   * tenant's, where `max_rows` is 1), `SCHEMA_DRIFT`, `SECRET_REFUSED`, `ENV_MISSING`, `SOURCE_*`, and `RATE_LIMITED` beyond
   * `rate_limits` of the contract.
   */
  inspect<Name extends ReadName<C>>(
    name: Name,
    args: ArgsOf<C, Name>,
    link?: Link,
  ): Promise<Inspection<DataOf<C, Name>>>

  /**
   * Freezes an exact change and writes nothing to the source. An identical active request gives the same proposal.
   *
   * @throws RunnerError as {@link Session.inspect}, and `PROPOSALS_DISABLED`, `PRECONDITION_FAILED`, `BOUND_EXCEEDED`,
   * `TRANSITION_REFUSED`, `ACTIVE_PROPOSAL_EXISTS`.
   *
   * @example
   * ```ts
   * import { createRunner, loadConfig } from '@synapsor/runner'
   *
   * const runner = createRunner(loadConfig('synapsor.runner.json'))
   * const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17', on_behalf_of: 'sam' })
   * const { id, hash, diff } = await session.propose('billing.propose_late_fee_waiver', {
   *   invoice_id: 'INV-3001',
   *   reason: 'The payment page was down on the due date.',
   * })
   * ```
   */
  propose<Name extends ProposalName<C>>(name: Name, args: ArgsOf<C, Name>, link?: Link): Promise<Proposal>

  /**
   * Takes back a proposal of one's own that nobody has decided on.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND` (absent or somebody else's), `WRONG_STATUS`.
   */
  withdraw(id: string): Promise<Proposal>

  /**
   * Answers a reviewer's question with a new proposal of the same capability that takes the old one's place.
   *
   * @param args - All arguments of the capability, not only what was asked for.
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `WRONG_STATUS` when nobody asked, or for a proposal of a run, which is
   * continued instead, and as {@link Session.propose}.
   */
  provideInformation(id: string, args: Readonly<Record<string, unknown>>, link?: Link): Promise<Proposal>

  /**
   * Waits until somebody decides or asks back. At the time limit (30 s by default): the view as it is, not a throw.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `INVALID_ARGUMENT` for options that are none.
   */
  waitForDecision(id: string, options?: WaitOptions): Promise<ProposalView>

  /**
   * Shows a proposal of one's own as it is now.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND` (absent or somebody else's).
   */
  status(id: string): Promise<ProposalView>

  /**
   * Shows what was read for this session, as it was then.
   *
   * @throws RunnerError `EVIDENCE_NOT_FOUND` (absent or somebody else's), `INTEGRITY`.
   */
  evidence(bundle_id: string): Promise<EvidenceView>

  /**
   * Tells what has happened to a proposal of one's own.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND` (absent or somebody else's), `INTEGRITY`.
   */
  replay(id: string): Promise<ReplayView>

  /**
   * Shows a run of one's own as it stands now.
   *
   * @throws RunnerError `RUN_NOT_FOUND` (absent or somebody else's).
   */
  run(run_id: string): Promise<Run>

  /**
   * The runs of one workflow, as far as this session may move them: to their next wait. Nothing called through it writes
   * to a source.
   *
   * @throws RunnerError `CAPABILITY_NOT_FOUND` for a workflow that the contract lacks.
   *
   * @example
   * ```ts
   * import { createRunner, loadConfig } from '@synapsor/runner'
   *
   * const runner = createRunner(loadConfig('synapsor.runner.json'))
   * const flow = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' }).workflow('support.ticket_refund_flow')
   * const { run_id, status, awaiting } = await flow.start({ ticket_id: 'T-1042' })
   * ```
   */
  workflow<Name extends WorkflowName<C>>(name: Name): WorkflowRuns<WorkflowInput<C, Name>>

  /**
   * Calls a capability or a workflow by its canonical or wire name, with arguments as an object or as raw JSON text. Never throws for
   * a refusal: the answer is the one envelope.
   */
  call(name: string, args: unknown, link?: Link): Promise<Envelope>
}

/** Binds the model's verbs to one context. The object holds nothing else. */
export function createSession(ports: Ports, own: ResolvedContext, functions: WorkflowFunctions): Session {
  const { context, contextOf, roles } = own
  const verbs: Verbs = {
    inspect: async (name, args, link) =>
      joinsRun(link) ? inspectInRun(ports, { name, args, own, link }) : inspect(ports, { name, args, contextOf, link }),
    propose: async (name, args, link) =>
      joinsRun(link) ? proposeInRun(ports, { name, args, own, link }) : propose(ports, { name, args, contextOf, link }),
  }
  const session: Session = Object.freeze<Session>({
    tools: (options) => session.toolset(options).tools,
    toolset: (options) => bindTools(ports, options, () => session),
    sessionFor: () => session,
    context,
    contextFor: (name) => {
      if (name === undefined) return context
      const target = ports.contract.capabilities.get(name) ?? workflowsOf(ports.contract).get(name)
      return target === undefined ? context : contextOf(target.context)
    },
    roles,
    inspect: verbs.inspect,
    propose: verbs.propose,
    withdraw: (id) => withdraw(ports, id, own),
    provideInformation: async (id, args, link) => {
      await assertOutsideRuns(ports, { id, link }, own)
      return provideInformation(ports, { id, args, own, link })
    },
    waitForDecision: (id, options) => waitForDecision(ports, id, own, options),
    status: async (id) => {
      const { state } = await loadOwnProposal(ports, id, own)
      return viewOwn(ports, state)
    },
    evidence: (id) => ownEvidence(ports, id, own),
    replay: (id) => ownReplay(ports, id, own),
    run: async (run_id) => toRun(ports, (await loadOwnRun(ports, run_id, own)).state),
    workflow: (name) => workflowRuns(ports, functions, findWorkflow(ports.contract, name), own),
    call: async (name, args, link) => {
      const workflow = workflowNamed(ports.contract, name)
      if (workflow !== undefined) return callWorkflow(ports, functions, { workflow, args, own, link })
      return call(ports, context, verbs, { name, args, link })
    },
  })
  return session
}
