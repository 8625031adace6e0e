import { parseArguments } from '../capability/arguments.js'
import { parseRawArguments } from '../capability/raw-arguments.js'
import { isRunnerError, RunnerError } from '../errors.js'
import { errorEnvelope, statusEnvelope, toRunnerError } from '../operations/envelope.js'
import type { Link } from '../operations/ports.js'
import type { ProposalView } from '../operations/proposal.js'
import type { Envelope } from '../protocol/envelope.js'
import { type ModelView, toModelView } from './model-view.js'
import { STATUS_ARGUMENTS, type ToolOptions, type ToolSpec } from './tool-spec.js'

/** One tool, as every framework needs it. It can do what a session can, and nothing else. */
export interface ToolDefinition extends ToolSpec {
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

/** What a tool uses of a session. */
interface Callable {
  contextFor(capability: string | undefined): { readonly tenant_id: string }
  readonly roles: readonly string[]
  call(name: string, args: unknown, link?: Link): Promise<Envelope>
  status(id: string): Promise<ProposalView>
}

/** Gives tools their session: the same for all calls, or one for each. */
export function bindTools(
  specs: readonly ToolSpec[],
  sessionFor: (hostContext: unknown) => Callable | Promise<Callable>,
  linkOf?: ToolOptions['link'],
): readonly ToolDefinition[] {
  return specs.map((spec) =>
    Object.freeze<ToolDefinition>({
      ...spec,
      call: async (args, link, hostContext) => {
        try {
          const session = await establish(sessionFor, hostContext)
          return await callWith(session, spec, args, link ?? linkOf?.(hostContext))
        } catch (error) {
          return errorEnvelope(spec.capability ?? spec.name, envelopeKind(spec), toRunnerError(error))
        }
      },
      toModel: (envelope) => toModelView(envelope, spec.inline_evidence),
    }),
  )
}

/**
 * The tool that a model calls, by its wire name or its canonical one. What is not among the tools is answered as a
 * capability that does not exist, whether the contract has it or not.
 */
export function toolNamed(tools: readonly ToolDefinition[], name: unknown): Pick<ToolDefinition, 'call' | 'toModel'> {
  return tools.find((tool) => tool.wire_name === name || tool.name === name) ?? NO_TOOL
}

const NO_TOOL: Pick<ToolDefinition, 'call' | 'toModel'> = Object.freeze({
  call: async () =>
    errorEnvelope('', 'read', new RunnerError('CAPABILITY_NOT_FOUND', 'There is no tool of this name.')),
  toModel: (envelope: Envelope) => toModelView(envelope, 'handles_only'),
})

/** Whatever goes wrong while the host says who is calling, nobody is. What it threw is for the host's log alone. */
async function establish(sessionFor: (hostContext: unknown) => Callable | Promise<Callable>, hostContext: unknown) {
  try {
    return await sessionFor(hostContext)
  } catch (cause) {
    if (isRunnerError(cause)) throw cause
    throw new RunnerError('CONTEXT_MISSING', 'The host could not say for whom this call is made.', { cause })
  }
}

async function callWith(session: Callable, spec: ToolSpec, args: unknown, link: Link | undefined): Promise<Envelope> {
  assertAdmitted(session, spec)
  const envelope = await answer(session, spec, args, link)
  if (!spec.demands.require_evidence || !envelope.ok || spec.kind === 'status' || envelope.evidence !== undefined) {
    return envelope
  }
  throw new RunnerError('EVIDENCE_REQUIRED', 'The answer cites no evidence, and this adapter asks for it.')
}

/** A session that the adapter is not for is answered as if the tool were not there. */
function assertAdmitted(session: Callable, { demands, capability }: ToolSpec): void {
  const isTenant = demands.tenants?.includes(session.contextFor(capability).tenant_id) ?? true
  const hasRole = demands.roles?.some((role) => session.roles.includes(role)) ?? true
  if (isTenant && hasRole) return
  throw new RunnerError('CAPABILITY_NOT_FOUND', 'There is no tool of this name for this session.')
}

async function answer(session: Callable, spec: ToolSpec, args: unknown, link: Link | undefined): Promise<Envelope> {
  if (spec.capability !== undefined) return session.call(spec.capability, args, link)
  const { proposal_id } = parseArguments(STATUS_ARGUMENTS, typeof args === 'string' ? parseRawArguments(args) : args)
  return statusEnvelope(await session.status(String(proposal_id)))
}

function envelopeKind({ kind }: ToolSpec): Envelope['kind'] {
  return kind === 'read' ? 'read' : 'proposal'
}
