import type { Config } from './contract/schema.js'
import { RunnerError } from './errors.js'
import type { SessionContext } from './operations/context.js'
import type { Ports } from './operations/ports.js'
import type { Session, ToolSource } from './session.js'
import { bindTools } from './toolset/tools.js'

/**
 * Says for whom a call is made, from the trusted context of the framework's run. Never from what a model sent. Where it
 * cannot say, it throws, or gives nothing: then the call is refused.
 *
 * `Host` is your word for what your runs carry: nothing checks it, and a run that was started without a context has none.
 */
export type ResolveContext<Host = unknown> = (hostContext: Host) => SessionContext | Promise<SessionContext>

/** One set of tools for many users: the session is resolved at every call. */
export function createToolSource<Host>(
  ports: Ports,
  open: (context: SessionContext) => Session,
  resolve: ResolveContext<Host>,
): ToolSource<Config, Host> {
  const sessionFor = async (hostContext: Host): Promise<Session> => {
    const context = await resolve(hostContext)
    // `runner.session()` is for contracts that say by themselves who calls: here the host was asked, and has no answer.
    if (typeof context === 'object' && context !== null) return open(context)
    throw new RunnerError('CONTEXT_MISSING', 'The host could not say for whom this call is made.')
  }
  const toolset: ToolSource<Config, Host>['toolset'] = (options) => bindTools(ports, options, sessionFor)
  return Object.freeze<ToolSource<Config, Host>>({ toolset, tools: (options) => toolset(options).tools, sessionFor })
}
