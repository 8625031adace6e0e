import type { Config, ToolSource } from '../../src/index.js'
import { createExchange } from './exchange.js'
import type { McpHostContext } from './host-context.js'
import { isLoopbackAddress } from './hosts.js'
import { type McpHandlerOptions, resolveLimits, unsafe, wrongOption } from './options.js'
import type { ReadyCheck } from './probes.js'

/** What a server over HTTP takes besides what a handler takes. */
export interface McpHttpOptions<C extends Config = Config> extends McpHandlerOptions<C> {
  /** The address to listen at. Default `127.0.0.1`. Any other than loopback needs `allowed_hosts`. */
  readonly host?: string
  /** Default 8766, and 8765 for `json-rpc`. 0 takes any that is free. */
  readonly port?: number
  /** What `GET /readyz` asks: 200 where all are ok, else 503, with names and codes and nothing more. Default: nothing. */
  readonly ready?: () => Promise<readonly ReadyCheck[]>
  /** How long `close` waits for requests that are worked on, in milliseconds. Default 5 seconds. */
  readonly grace_ms?: number
}

/** A server that listens. */
export interface HttpServing {
  /** Where clients reach it, as `http://127.0.0.1:8766/mcp`. */
  readonly url: string
  /**
   * Takes no more connections, answers what is worked on as long as `grace_ms` allows, and ends all streams and sessions.
   * Safe to call twice.
   */
  close(): Promise<void>
}

const PORTS = { mcp: 8766, 'json-rpc': 8765 } as const
const GRACE_MS = 5000

/**
 * Serves MCP over Streamable HTTP, or plain JSON-RPC, on a port of its own. `GET /healthz` answers while it runs, `GET /readyz`
 * asks `ready`; both without a token. Put TLS in front of it where others than this machine reach it.
 *
 * @throws RunnerError as `createMcpHandler`, and `CONFIG_INVALID` for an address that is not loopback without
 * `allowed_hosts`, `BUSY` for a port that is taken, `PRECONDITION_FAILED` for an address that cannot be listened at.
 *
 * @example
 * ```ts
 * const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' })
 * const { url, close } = await serveHttp(session, { auth: { token: String(process.env.SYNAPSOR_RUNNER_HTTP_TOKEN) } })
 * ```
 */
export async function serveHttp<C extends Config>(
  source: ToolSource<C, McpHostContext>,
  options: McpHttpOptions<C>,
): Promise<HttpServing> {
  const { host = '127.0.0.1', port, ready, grace_ms = GRACE_MS, path = '/mcp', ...handlerOptions } = options ?? {}
  const isLoopback = isLoopbackAddress(host)
  let bound: number | undefined
  const exchange = createExchange(source, { ...handlerOptions, path }, { isLoopback, isKnown: true, port: () => bound })
  const asked = portOf(port ?? PORTS[handlerOptions.protocol ?? 'mcp'])

  // Only who serves over HTTP loads it.
  const { listenAt } = await import('./node-server.js')
  const server = await listenAt({ host, port: asked, exchange, ready, limits: resolveLimits(handlerOptions.limits) })
  bound = server.port
  if (isLoopback && !isLoopbackAddress(server.address)) {
    await server.close(0)
    throw unsafe(`${host} is not an address of loopback on this machine.`, 'Listen at 127.0.0.1.')
  }
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= server.close(grace_ms)
    return closing
  }
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}${path}`, close }
}

function portOf(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw wrongOption('port', 'Option port must be a whole number from 0 to 65535.')
}
