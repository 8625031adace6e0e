import { isRunnerError, RunnerError } from '../../errors.js'
import type { Call } from '../command.js'
import type { Io } from '../io.js'
import type { OptionValues } from '../options.js'
import { authOf, bringsClaims } from './auth.js'
import { type HTTP_OPTIONS, toHttpOptions } from './http-options.js'
import { type TOOL_OPTIONS, toToolOptions } from './tool-options.js'
import { toolSourceOf } from './tool-source.js'

type ServeOptions = OptionValues<typeof HTTP_OPTIONS> & OptionValues<typeof TOOL_OPTIONS>

/** Serves over HTTP until it is told to stop, then answers what is in flight. */
export async function serveOverHttp(
  call: Pick<Call, 'contract' | 'runner'>,
  options: ServeOptions,
  protocol: 'mcp' | 'json-rpc',
  io: Io,
): Promise<undefined> {
  const auth = authOf(options, io.env)
  const source = await toolSourceOf(call, { with_claims: bringsClaims(auth), adapter: options.adapter })
  const runner = await call.runner()
  const { serveHttp } = await import('../../../adapters/mcp/http.js')
  const stop = await io.untilStopped()
  try {
    const server = await serveHttp(source, {
      ...toToolOptions(options),
      ...toHttpOptions(options),
      auth,
      protocol,
      ready: () => runner.ready(),
      log: (line) => io.err(`${line}\n`),
    }).catch((error: unknown) => {
      throw withOptions(error, options)
    })
    io.err(`synapsor-runner serves at ${server.url}. SIGTERM ends it.\n`)
    await stop.requested
    await server.close()
  } finally {
    stop.dispose()
  }
  return undefined
}

/** What a person at a terminal mends by options of this command, and not by those of the library. */
function withOptions(error: unknown, { host, allowed_host }: ServeOptions): unknown {
  if (!isRunnerError(error)) return error
  const { code, message, details } = error
  const isElsewhere = code === 'CONFIG_INVALID' && host !== undefined && allowed_host === undefined
  if (code === 'BUSY')
    return new RunnerError(code, message, { details, next: 'End what listens there, or give another --port.' })
  if (!isElsewhere) return error
  return new RunnerError(code, message, { details, next: 'Give --allowed-host <name> for each name that clients use.' })
}
