import { parseArguments } from '../capability/arguments.js'
import { parseRawArguments } from '../capability/raw-arguments.js'
import { RunnerError } from '../errors.js'
import { statusEnvelope } from '../operations/envelope.js'
import type { Link, Ports } from '../operations/ports.js'
import { recordRefusal, refuse, toModelRefusal } from '../operations/refuse.js'
import type { Envelope } from '../protocol/envelope.js'
import { loadRecord, type OwnRecords, type RecordKind, recordNotFound } from './load-record.js'
import { type ModelView, toModelView } from './model-view.js'
import { bindSpecs, type Demands, STATUS_ARGUMENTS, type ToolOptions, type ToolSpec } from './tool-spec.js'

/** What answers a call of a model. */
export interface ToolHandler {
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
export interface ToolDefinition extends ToolSpec, ToolHandler {}

/** The tools of a contract, and what answers a name that is none of them. */
export interface Toolset {
  readonly tools: readonly ToolDefinition[]
  /**
   * What answers a call of this name: the `wire_name` of a tool, or its `name`. One that is not among the tools is
   * answered as a capability that does not exist, whether the contract has it or not, and is counted.
   */
  named(name: unknown): ToolHandler
  /**
   * What hosts with resources show beside the tools: a record of the session's own, in the measure of the tools.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `EVIDENCE_NOT_FOUND` or `RUN_NOT_FOUND` (absent, somebody else's, not exposed, or the adapter
   * is not for this session), `CONTEXT_MISSING`, `INTEGRITY`.
   */
  loadRecord(kind: RecordKind, id: string, hostContext?: unknown): Promise<Readonly<Record<string, unknown>>>
}

/** What a tool uses of a session. */
interface ToolSession extends OwnRecords {
  readonly context: { readonly tenant_id: string }
  contextFor(capability: string | undefined): { readonly tenant_id: string }
  readonly roles: readonly string[]
  call(name: string, args: unknown, link?: Link): Promise<Envelope>
}

/** How tools find their session, the same for all calls or one for each, and what they ask of it. */
interface Binding {
  readonly sessionFor: (hostContext: unknown) => ToolSession | Promise<ToolSession>
  readonly linkOf: (hostContext: unknown) => Link | undefined
  readonly demands: Demands
}

/** Gives tools their sessions. */
export function bindTools(
  ports: Ports,
  options: ToolOptions<never> | undefined,
  sessionFor: (hostContext: never) => ToolSession | Promise<ToolSession>,
): Toolset {
  const { specs, demands } = bindSpecs(ports.contract, options)
  const binding: Binding = {
    // Its type is the host's word for what its own runs carry.
    sessionFor: (hostContext) => sessionFor(hostContext as never),
    linkOf: (hostContext) => options?.link?.(hostContext as never),
    demands,
  }
  const handlerOf = (spec: ToolSpec | undefined): ToolHandler => ({
    call: (args, link, hostContext) => callTool(ports, binding, { spec, args, link, hostContext }),
    toModel: (envelope) => toModelView(envelope, spec?.inline_evidence ?? 'handles_only'),
  })
  const unknown = Object.freeze(handlerOf(undefined))
  const tools = Object.freeze(specs.map((spec) => Object.freeze<ToolDefinition>({ ...spec, ...handlerOf(spec) })))
  return Object.freeze<Toolset>({
    tools,
    named: (name) => tools.find((tool) => tool.wire_name === name || tool.name === name) ?? unknown,
    loadRecord: (kind, id, hostContext) => showRecord(ports, binding, { kind, id, hostContext }),
  })
}

/** One look at a record. */
interface Look {
  readonly kind: RecordKind
  readonly id: string
  readonly hostContext: unknown
}

async function showRecord(ports: Ports, { sessionFor, demands }: Binding, { kind, id, hostContext }: Look) {
  let tenant_id = ''
  try {
    const session = await sessionFor(hostContext)
    tenant_id = session.context.tenant_id
    if (!hasRole(session, demands)) throw recordNotFound(kind)
    const { capability, shown } = await loadRecord(session, kind, id, demands.inline_evidence)
    if (isShown(session, demands, capability)) return shown
    throw recordNotFound(kind)
  } catch (error) {
    throw toModelRefusal(recordRefusal(ports, { name: `synapsor.${kind}`, tenant_id, error }))
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
  const { demands } = binding
  let tenant_id = ''
  try {
    const session = await binding.sessionFor(hostContext)
    tenant_id = tenantOf(session, spec?.capability) ?? ''
    if (spec === undefined || !isAdmitted(session, demands, spec.capability)) throw noSuchTool()
    const link = call.link ?? binding.linkOf(hostContext)
    if (spec.capability === undefined) return await answerStatus(session, demands, call.args)
    return withEvidence(demands, await session.call(spec.capability, call.args, link))
  } catch (error) {
    const kind = ENVELOPE_KINDS[spec?.kind ?? 'read']
    return refuse(ports, { name: spec?.capability ?? spec?.name ?? '', kind, tenant_id, error })
  }
}

/** A session that the adapter is not for is answered as if the tool were not there. */
function noSuchTool(): RunnerError {
  return new RunnerError('CAPABILITY_NOT_FOUND', 'There is no tool of this name.')
}

const ENVELOPE_KINDS = { read: 'read', proposal: 'proposal', status: 'proposal', workflow: 'workflow' } as const

/** Of a tool without a capability only the role counts: whose proposal it is about is not known yet. */
function isAdmitted(session: ToolSession, demands: Demands, capability: string | undefined): boolean {
  const { tenants } = demands
  if (!hasRole(session, demands)) return false
  if (tenants === undefined || capability === undefined) return true
  const tenant_id = tenantOf(session, capability)
  return tenant_id !== undefined && tenants.includes(tenant_id)
}

function hasRole(session: ToolSession, { roles }: Demands): boolean {
  return roles?.some((role) => session.roles.includes(role)) ?? true
}

/** `undefined` where the session has no context for this capability. */
function tenantOf(session: ToolSession, capability: string | undefined): string | undefined {
  if (capability === undefined) return session.context.tenant_id
  try {
    return session.contextFor(capability).tenant_id
  } catch {
    return undefined
  }
}

/** Of what the tools do not call, nothing is told either. */
function isShown(session: ToolSession, demands: Demands, capability: string): boolean {
  const isExposed = demands.names?.includes(capability) ?? true
  return isExposed && isAdmitted(session, demands, capability)
}

async function answerStatus(session: ToolSession, demands: Demands, args: unknown): Promise<Envelope> {
  const { proposal_id } = parseArguments(STATUS_ARGUMENTS, typeof args === 'string' ? parseRawArguments(args) : args)
  const view = await session.status(String(proposal_id))
  if (isShown(session, demands, view.capability)) return statusEnvelope(view)
  throw recordNotFound('proposal')
}

function withEvidence({ require_evidence }: Demands, envelope: Envelope): Envelope {
  const { ok, evidence, run } = envelope
  // A run has proposed nothing before it has read.
  const isCited =
    evidence !== undefined || (run !== undefined && (run.evidence_bundle_id !== null || run.proposal_id === null))
  if (!require_evidence || !ok || isCited) return envelope
  throw new RunnerError('EVIDENCE_REQUIRED', 'The answer cites no evidence, and this adapter asks for it.')
}
