import type { Contract } from './capability/compile.js'
import { RunnerError } from './errors.js'
import type { SessionContext } from './operations/context.js'
import type { Session, ToolSource } from './session.js'
import { toolSpecs } from './toolset/tool-spec.js'
import { bindTools } from './toolset/tools.js'

/**
 * Says for whom a call is made, from the trusted context of the framework's run. Never from what a model sent. Where it
 * cannot say, it throws, or gives nothing: then the call is refused.
 */
export type ResolveContext = (hostContext: unknown) => SessionContext | Promise<SessionContext>

/** One set of tools for many users: the session is resolved at every call. */
export function createToolSource(
  contract: Contract,
  open: (context: SessionContext) => Session,
  resolve: ResolveContext,
): ToolSource {
  const sessionFor = async (hostContext: unknown): Promise<Session> => {
    const context = await resolve(hostContext)
    // `runner.session()` is for contracts that say by themselves who calls: here the host was asked, and has no answer.
    if (typeof context === 'object' && context !== null) return open(context)
    throw new RunnerError('CONTEXT_MISSING', 'The host could not say for whom this call is made.')
  }
  return Object.freeze<ToolSource>({
    tools: (options) => bindTools(toolSpecs(contract, options), sessionFor, options?.link),
    sessionFor,
  })
}
