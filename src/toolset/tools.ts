import { parseArguments } from '../capability/arguments.js'
import { parseRawArguments } from '../capability/raw-arguments.js'
import { isRunnerError, RunnerError } from '../errors.js'
import { statusEnvelope, toRunnerError } from '../operations/envelope.js'
import { notFound } from '../operations/load-proposal.js'
import type { Link, Ports } from '../operations/ports.js'
import { refuse } from '../operations/refuse.js'
import type { Envelope } from '../protocol/envelope.js'
import { type Lookups, lookUp, type RecordKind } from './look-up.js'
import { type ModelView, toModelView } from './model-view.js'
import { lookupSpec, STATUS_ARGUMENTS, type ToolOptions, type ToolSpec, toolSpecs } from './tool-spec.js'

/** What answers a call of a model. */
export interface Callee {
  /**
   * Calls the capability behind the tool, with arguments as an object or as raw JSON text. Never throws: a refusal is
   * an envelope.
   *
   * @param link run and step of the call, given by the host. Default: what the `link` of the options makes of the run.
   * @param hostContext what the framework's run carries; tools of `runner.sessionsFrom` find their session by it.
   */
  call(args: unknown, link?: Link, hostContext?: unknown): Promise<Envelope>
  /** The part of an envelope that a model is shown. */
  toModel(envelope: Envelope): ModelView
}

/** One tool, as every framework needs it. It can do what a session can, and nothing else. */
export interface ToolDefinition extends ToolSpec, Callee {}

/** The tools of a contract, and what answers a name that is none of them. */
export interface Toolset {
  readonly tools: readonly ToolDefinition[]
  /**
   * What answers a call of this name, wire or canonical. A name that is not among the tools is answered as a capability
   * that does not exist, whether the contract has it or not, and is counted.
   */
  named(name: unknown): Callee
  /**
   * What hosts with resources show beside the tools: a record of the session's own, in the measure of the tools.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND` or `EVIDENCE_NOT_FOUND` (absent, somebody else's, or not exposed),
   * `CONTEXT_MISSING`, `CAPABILITY_NOT_FOUND` for a session that the adapter is not for.
   */
  lookUp(kind: RecordKind, id: string, hostContext?: unknown): Promise<Readonly<Record<string, unknown>>>
}

/** What a tool uses of a session. */
interface Callable extends Lookups {
  readonly context: { readonly tenant_id: string }
  contextFor(capability: string | undefined): { readonly tenant_id: string }
  readonly roles: readonly string[]
  call(name: string, args: unknown, link?: Link): Promise<Envelope>
}

/** How tools find their session: the same for all calls, or one for each. */
interface Binding {
  readonly sessionFor: (hostContext: never) => Callable | Promise<Callable>
  readonly linkOf: ToolOptions<never>['link']
}

/** Gives tools their sessions. */
export function bindTools(
  ports: Ports,
  options: ToolOptions<never> | undefined,
  sessionFor: Binding['sessionFor'],
): Toolset {
  const binding: Binding = { sessionFor, linkOf: options?.link }
  const specs = toolSpecs(ports.contract, options)
  const callee = (spec: ToolSpec | undefined): Callee => ({
    call: (args, link, hostContext) => callTool(ports, binding, { spec, args, link, hostContext }),
    toModel: (envelope) => toModelView(envelope, spec?.inline_evidence ?? 'handles_only'),
  })
  const unknown = Object.freeze(callee(undefined))
  const tools = Object.freeze(specs.map((spec) => Object.freeze<ToolDefinition>({ ...spec, ...callee(spec) })))
  return Object.freeze<Toolset>({
    tools,
    named: (name) => tools.find((tool) => tool.wire_name === name || tool.name === name) ?? unknown,
    lookUp: (kind, id, hostContext) =>
      show(ports, binding, { kind, id, hostContext, spec: lookupSpec(ports.contract, options) }),
  })
}

/** One look at a record. */
interface Look {
  readonly kind: RecordKind
  readonly id: string
  readonly hostContext: unknown
  readonly spec: ToolSpec
}

async function show(ports: Ports, binding: Binding, { kind, id, hostContext, spec }: Look) {
  let tenant_id = ''
  try {
    const session = await establish(binding, hostContext)
    tenant_id = session.context.tenant_id
    const found = await lookUp(session, kind, id, spec.inline_evidence)
    assertShown(session, spec, found.capability)
    return found.shown
  } catch (error) {
    await refuse(ports, { name: spec.name, kind: 'proposal', tenant_id, error })
    throw toRunnerError(error)
  }
}

/** One call of a model. */
interface ToolCall {
  /** `undefined` for a name that is none of the tools. */
  readonly spec: ToolSpec | undefined
  readonly args: unknown
  readonly link: Link | undefined
  readonly hostContext: unknown
}

async function callTool(ports: Ports, binding: Binding, call: ToolCall): Promise<Envelope> {
  const { spec, hostContext } = call
  let tenant_id = ''
  try {
    const session = await establish(binding, hostContext)
    tenant_id = session.context.tenant_id
    if (spec === undefined) throw noSuchTool()
    assertAdmitted(session, spec, spec.capability)
    const link = call.link ?? binding.linkOf?.(hostContext as never)
    return withEvidence(spec, await answer(session, spec, call.args, link))
  } catch (error) {
    const kind = spec === undefined || spec.kind === 'read' ? 'read' : 'proposal'
    return refuse(ports, { name: spec?.capability ?? spec?.name ?? '', kind, tenant_id, error })
  }
}

function noSuchTool(): RunnerError {
  return new RunnerError('CAPABILITY_NOT_FOUND', 'There is no tool of this name.')
}

/** Whatever goes wrong while the host says who is calling, nobody is. What it threw is for the host's log alone. */
async function establish({ sessionFor }: Binding, hostContext: unknown): Promise<Callable> {
  try {
    // Its type is the host's word for what its own runs carry.
    return await sessionFor(hostContext as never)
  } catch (cause) {
    if (isRunnerError(cause)) throw cause
    throw new RunnerError('CONTEXT_MISSING', 'The host could not say for whom this call is made.', { cause })
  }
}

/** A session that the adapter is not for is answered as if the tool were not there. */
function assertAdmitted(session: Callable, { demands }: ToolSpec, capability: string | undefined): void {
  const isTenant = demands.tenants?.includes(session.contextFor(capability).tenant_id) ?? true
  const hasRole = demands.roles?.some((role) => session.roles.includes(role)) ?? true
  if (isTenant && hasRole) return
  throw noSuchTool()
}

async function answer(session: Callable, spec: ToolSpec, args: unknown, link: Link | undefined): Promise<Envelope> {
  if (spec.capability !== undefined) return session.call(spec.capability, args, link)
  const { proposal_id } = parseArguments(STATUS_ARGUMENTS, typeof args === 'string' ? parseRawArguments(args) : args)
  const view = await session.status(String(proposal_id))
  assertShown(session, spec, view.capability)
  return statusEnvelope(view)
}

/** What the adapter does not expose is not told of either. */
function assertShown(session: Callable, spec: ToolSpec, capability: string): void {
  if (spec.demands.proposals_of?.includes(capability) === false) throw notFound()
  assertAdmitted(session, spec, capability)
}

function withEvidence({ demands, kind }: ToolSpec, envelope: Envelope): Envelope {
  if (!demands.require_evidence || !envelope.ok || kind === 'status' || envelope.evidence !== undefined) return envelope
  throw new RunnerError('EVIDENCE_REQUIRED', 'The answer cites no evidence, and this adapter asks for it.')
}
