import type { Config } from './contract/schema.js'
import { isRunnerError, RunnerError } from './errors.js'
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
    const context = await askHost(resolve, hostContext)
    // `runner.session()` is for contracts that say by themselves who calls: here the host was asked, and has no answer.
    if (typeof context === 'object' && context !== null) return openFor(open, context)
    throw nobody()
  }
  const toolset: ToolSource<Config, Host>['toolset'] = (options) => bindTools(ports, options, sessionFor)
  return Object.freeze<ToolSource<Config, Host>>({ toolset, tools: (options) => toolset(options).tools, sessionFor })
}

/** What the host throws is for its log alone, an error of ours too: that was made for another call. */
async function askHost<Host>(resolve: ResolveContext<Host>, hostContext: Host): Promise<SessionContext> {
  try {
    return await resolve(hostContext)
  } catch (cause) {
    throw nobody({ cause: cause === undefined ? new Error('undefined was thrown') : cause })
  }
}

/** Where what the host said does not fit the contract, our own errors say how. */
function openFor(open: (context: SessionContext) => Session, context: SessionContext): Session {
  try {
    return open(context)
  } catch (cause) {
    throw isRunnerError(cause) ? cause : nobody({ cause })
  }
}

/** Whatever goes wrong while the host says who is calling, nobody is. */
function nobody(options?: { readonly cause: unknown }): RunnerError {
  return new RunnerError('CONTEXT_MISSING', 'The host could not say for whom this call is made.', options)
}
