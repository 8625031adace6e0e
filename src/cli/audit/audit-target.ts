import { setMaxListeners } from 'node:events'
import { audit } from '../../audit/audit.js'
import { checkBypass } from '../../audit/bypass.js'
import { type MountedServer, parseClientConfig } from '../../audit/client-config.js'
import { type AuditTool, parseManifest, parseTools } from '../../audit/manifest.js'
import type { AuditReport, BypassCheck } from '../../audit/report.js'
import { told } from '../../audit/words.js'
import { RunnerError } from '../../errors.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { commandEnv, notSet } from './command-env.js'
import { connectHttp } from './http-connection.js'
import { TIME_LIMIT_MS } from './limits.js'
import { listTools } from './list-tools.js'
import { type AuditTarget, commandTarget, parseAddress, parseTarget } from './parse-target.js'
import { readJsonFile } from './read-json-file.js'
import { connectStdio } from './stdio-connection.js'

/** How an audit is made. */
export interface AuditOptions {
  /** Folder that paths resolve against, and that commands are started in. */
  readonly cwd: string
  /** Where the token and what commands get are looked up. Of itself a command gets what clients of MCP pass on. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** Path of a client's configuration: its other servers are checked for a way past the reviewed tools. */
  readonly mcp_config?: string | undefined
  /** Servers of that configuration that are started or called, and asked for their tools. Default none. */
  readonly live?: readonly string[] | undefined
  /** The environment variable that holds a bearer token. For a target that is a URL; sent nowhere else. */
  readonly auth_token_env?: string | undefined
  /** Environment variables that a command gets besides. Default none. */
  readonly pass_env?: readonly string[] | undefined
  /** How long each server has, in milliseconds. Default 10 s. */
  readonly timeout_ms?: number | undefined
}

/**
 * Audits a file, a server's URL or a `stdio:` command. A server is asked for `initialize` and `tools/list` and nothing else;
 * no tool is called.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for a target that is none or does not answer as an MCP server, `ENV_MISSING` for a
 * token that is not set, `SOURCE_UNAVAILABLE` and `SOURCE_AUTH` of a server, `RESULT_TOO_LARGE` beyond 8 MiB, 10,000
 * tools or 100 pages, `PLATFORM_UNSUPPORTED` without the MCP SDK.
 *
 * @example
 * ```ts
 * const report = await auditTarget('tools.json', { cwd: process.cwd(), env: process.env, now: () => new Date() })
 * ```
 */
export async function auditTarget(target: string, options: AuditOptions): Promise<AuditReport> {
  const parsed = parseTarget(target)
  const token = tokenFor(parsed, options)
  const mounted = options.mcp_config === undefined ? undefined : await readConfig(options.mcp_config, options)
  const { tools, servers } = await reach(parsed, token, options)
  const all = [...(mounted ?? []), ...(servers ?? [])]
  if (mounted === undefined && servers === undefined) assertNothingLive(options)
  const bypass = mounted === undefined && servers === undefined ? undefined : await check(all, options)
  return audit({ target: parsed.shown, tools, bypass, now: options.now() })
}

interface Reached {
  readonly tools: readonly AuditTool[]
  /** Where the target is itself the configuration of a client. */
  readonly servers?: readonly MountedServer[]
}

async function reach(target: AuditTarget, token: string | undefined, options: AuditOptions): Promise<Reached> {
  if (target.kind !== 'file') return { tools: await ask(target, { token }, options) }
  const value = await readJsonFile(target.path, options.cwd)
  const tools = parseManifest(value)
  if (tools !== undefined) return { tools }
  const servers = parseClientConfig(value)
  if (servers === undefined) throw noTools(target.path)
  return { tools: parseTools(servers.flatMap((server) => server.tools)), servers }
}

/** What one server gets that others do not. */
interface Given {
  readonly token?: string | undefined
  /** By the configuration of the client. */
  readonly env?: Readonly<Record<string, string>>
}

async function ask(
  target: Exclude<AuditTarget, { kind: 'file' }>,
  { token, env: own }: Given,
  { cwd, env, pass_env = [], timeout_ms = TIME_LIMIT_MS }: AuditOptions,
): Promise<readonly AuditTool[]> {
  const deadline = AbortSignal.timeout(timeout_ms)
  // Every request listens to it, and Node.js would warn of a leak.
  setMaxListeners(0, deadline)
  const connection =
    target.kind === 'http'
      ? await connectHttp(target.url, token, deadline)
      : await connectStdio({
          command: target.command,
          args: target.args,
          env: await commandEnv({ env, pass_env }, own),
          cwd,
        })
  return listTools(connection, deadline, timeout_ms)
}

async function readConfig(path: string, { cwd }: AuditOptions): Promise<readonly MountedServer[]> {
  const servers = parseClientConfig(await readJsonFile(path, cwd))
  if (servers !== undefined) return servers
  throw new RunnerError('INVALID_ARGUMENT', `${escapeUntrusted(path)} is no configuration of an MCP client.`, {
    details: { argument: 'mcp_config' },
    next: 'Give a file with mcpServers or servers, as the client reads it.',
  })
}

/** One after another: two servers may want the same port. */
async function check(servers: readonly MountedServer[], options: AuditOptions): Promise<BypassCheck> {
  const live = new Map<MountedServer, readonly AuditTool[]>()
  const chosen = (options.live ?? []).flatMap((name) => serversNamed(name, servers))
  for (const server of new Set(chosen)) {
    live.set(server, await ask(targetOf(server), { env: server.env }, options))
  }
  return checkBypass(servers, live)
}

/** More than one where a configuration says the same name in two places. */
function serversNamed(name: string, servers: readonly MountedServer[]): readonly MountedServer[] {
  const found = servers.filter((server) => server.name === name && server.transport !== 'unknown')
  if (found.length === 0) throw notMounted(name)
  return found
}

/** Headers of the configuration are not sent: they hold credentials, and nobody has asked for them to be used. */
function targetOf({ transport, command, args, url }: MountedServer): Exclude<AuditTarget, { kind: 'file' }> {
  const target = transport === 'stdio' ? commandTarget(command, args) : parseAddress(url)
  if (target.kind === 'file') throw notMounted(command)
  return target
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

function tokenFor(target: AuditTarget, { env, auth_token_env: name }: AuditOptions): string | undefined {
  if (name === undefined) return undefined
  if (target.kind !== 'http') throw tokenRefused('A token is sent to a URL only.')
  if (target.url.protocol === 'http:' && !LOOPBACK.includes(target.url.hostname)) {
    throw tokenRefused('A token is sent over https, or to this machine.')
  }
  const token = Object.hasOwn(env, name) ? env[name] : undefined
  if (token === undefined || token.trim() === '') throw notSet(name)
  if (!/^[\x21-\x7e]+$/.test(token)) throw tokenRefused('The token holds characters that no header may carry.')
  return token
}

function tokenRefused(message: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', message, { details: { argument: 'auth_token_env' } })
}

function assertNothingLive({ live = [] }: AuditOptions): void {
  const [name] = live
  if (name !== undefined) throw notMounted(name)
}

function notMounted(name: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', `No configuration mounts a server ${escapeUntrusted(told(name))}.`, {
    details: { argument: 'live' },
    next: 'Name a server of the configuration that is given.',
  })
}

function noTools(path: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', `${escapeUntrusted(path)} holds neither tools nor servers.`, {
    details: { argument: 'target' },
    next: 'Give the answer of tools/list, or the configuration of an MCP client, as a JSON file.',
  })
}
