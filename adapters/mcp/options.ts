import { RunnerError } from '../../src/errors.js'
import type { Config } from '../../src/index.js'
import type { McpAuth } from './auth.js'
import type { McpServerOptions } from './surface.js'

/** How much a server over HTTP takes. Times are in milliseconds. */
export interface McpLimits {
  /** The largest body of a request, in bytes. Default 1 MiB. */
  readonly body_bytes: number
  /** How deep lists and objects may lie in each other. Default 64. */
  readonly depth: number
  /** How long a client may take to send its headers. Only `serveHttp`. Default 10 seconds. */
  readonly header_ms: number
  /** How long a client may take to send its request, and then to read the answer. Default 30 seconds. */
  readonly request_ms: number
  /** MCP sessions in all. Above it nobody opens another. Default 1000. */
  readonly sessions: number
  /**
   * MCP sessions of one subject. Above it the one that it has not used for longest makes room; where
   * many clients show the same credential, only one that nobody has used for a minute. Default 100.
   */
  readonly sessions_per_subject: number
  /** How long an MCP session lives that nobody uses or listens to. Default 30 minutes. */
  readonly session_idle_ms: number
  /** Requests of one subject that are worked on at once. Default 32. */
  readonly calls_per_subject: number
  /** Resources that one MCP session is subscribed to. Default 20. */
  readonly subscriptions_per_session: number
  /** Records that all sessions of one subject are subscribed to. Default 100. */
  readonly subscriptions_per_subject: number
  /** Records that all are subscribed to. Each is read once a second for each owner. Default 1000. */
  readonly subscriptions: number
  /** Connections at once. A client that listens has one for itself. Only `serveHttp`. Default 2000. */
  readonly connections: number
  /** Headers of one request. Only `serveHttp`. Default 100. */
  readonly headers: number
  /** How long a connection stays open for the next request. Only `serveHttp`. Default 5 seconds. */
  readonly keep_alive_ms: number
}

const DEFAULTS: McpLimits = {
  body_bytes: 1024 * 1024,
  depth: 64,
  header_ms: 10_000,
  request_ms: 30_000,
  sessions: 1000,
  sessions_per_subject: 100,
  session_idle_ms: 30 * 60_000,
  calls_per_subject: 32,
  subscriptions_per_session: 20,
  subscriptions_per_subject: 100,
  subscriptions: 1000,
  connections: 2000,
  headers: 100,
  keep_alive_ms: 5000,
}

/** `mcp` is MCP over Streamable HTTP; `json-rpc` the same tools and resources for simple clients, without sessions. */
export type McpProtocol = 'mcp' | 'json-rpc'

/** What a server over HTTP takes besides what every server takes. */
export interface McpHandlerOptions<C extends Config = Config> extends McpServerOptions<C> {
  /** Who may call, and how that is known. There is no default. */
  readonly auth: McpAuth
  /** Default `mcp`. */
  readonly protocol?: McpProtocol
  /** The only path that is answered. Default: every path of a handler; `/mcp` of `serveHttp`. */
  readonly path?: string
  /**
   * Values of the Host header that are answered, as `mcp.example.com` (with any port) or `mcp.example.com:8443`. Default:
   * the names of loopback; `serveHttp` that listens elsewhere has none.
   */
  readonly allowed_hosts?: readonly string[]
  /**
   * Values of the Origin header that are answered, as `https://app.example.com`. Default: those of loopback where
   * `allowed_hosts` is not given, else none. Requests without the header, which no browser sends, pass.
   */
  readonly allowed_origins?: readonly string[]
  readonly limits?: Partial<McpLimits>
  /** Gets one line of JSON for each request: no value, token or address stands in it. Default: nothing is logged. */
  readonly log?: (line: string) => void
}

/** @throws RunnerError `INVALID_ARGUMENT` for a limit that is none, or no whole number above zero. */
export function resolveLimits(limits: Partial<McpLimits> = {}): McpLimits {
  for (const [name, value] of Object.entries(limits)) {
    // A timer takes no more than 31 bits: above them it would not wait at all.
    const isFit = Object.hasOwn(DEFAULTS, name) && Number.isInteger(value) && value > 0 && value < 2 ** 31
    if (!isFit)
      throw wrongOption('limits', `Limit ${name} must be one of the known limits, and a whole number above zero.`)
  }
  return { ...DEFAULTS, ...limits }
}

/** @throws RunnerError `INVALID_ARGUMENT`. */
export function resolveProtocol(protocol: McpProtocol = 'mcp'): McpProtocol {
  if (protocol === 'mcp' || protocol === 'json-rpc') return protocol
  throw wrongOption('protocol', 'Option protocol must be mcp or json-rpc.')
}

/** @throws RunnerError `INVALID_ARGUMENT`. */
export function resolvePath(path: string | undefined): string | undefined {
  if (path === undefined || /^\/[\w\-./~]*$/.test(path)) return path
  throw wrongOption('path', 'Option path must be a plain path that begins with a slash, as /mcp.')
}

export function wrongOption(argument: string, message: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', message, { details: { argument } })
}

/** A server that would be open, or could not be reached, is not made. */
export function unsafe(message: string, next: string): RunnerError {
  return new RunnerError('CONFIG_INVALID', message, { next })
}
