import { RunnerError } from '../errors.js'
import { isRecord, textAt } from './json.js'

/** One server that an MCP client starts or calls. Arguments and environment may hold secrets: never tell their values. */
export interface MountedServer {
  readonly name: string
  readonly transport: 'stdio' | 'remote' | 'unknown'
  readonly command: string
  readonly args: readonly string[]
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** Tools that the configuration itself lists. */
  readonly tools: readonly unknown[]
}

const MOST_SERVERS = 1_000

/**
 * The servers of a client's configuration, as Claude, Cursor, VS Code and Zed write it: `mcpServers`, `servers`,
 * `mcp.servers` or `context_servers`. `undefined` where it has none of these.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for a server that is no object, `RESULT_TOO_LARGE` beyond 1,000 servers.
 */
export function parseClientConfig(value: unknown): readonly MountedServer[] | undefined {
  if (!isRecord(value)) return undefined
  const holders = [value, value.mcp].filter(isRecord)
  const maps = holders
    .flatMap((holder) => [holder.mcpServers, holder.servers, holder.context_servers])
    .filter((map) => map !== undefined)
  if (maps.length === 0) return undefined
  const entries = maps.flatMap(entriesOf)
  if (entries.length > MOST_SERVERS) {
    throw new RunnerError('RESULT_TOO_LARGE', `The configuration mounts more than ${MOST_SERVERS} servers.`)
  }
  return entries.map(toServer)
}

function entriesOf(map: unknown): readonly [string, unknown][] {
  if (Array.isArray(map)) return map.map((each) => [isRecord(each) ? textAt(each, 'name') : '', each])
  if (isRecord(map)) return Object.entries(map)
  throw unreadable('The servers of the configuration are neither an object nor a list.')
}

function toServer([name, value]: [string, unknown]): MountedServer {
  if (!isRecord(value)) throw unreadable('A server of the configuration is no object.')
  // Some clients keep the command one level down.
  const { command } = value
  const at = isRecord(command) ? { ...value, ...command } : value
  const url = [textAt(at, 'url'), textAt(at, 'serverUrl'), textAt(at, 'httpUrl')].find((each) => each !== '') ?? ''
  const program = textAt(at, 'command') || textAt(at, 'path')
  return {
    name,
    transport: program !== '' ? 'stdio' : url !== '' ? 'remote' : 'unknown',
    command: program,
    args: Array.isArray(at.args) ? at.args.map(String) : [],
    url,
    env: textsOf(at.env),
    headers: textsOf(at.headers),
    tools: Array.isArray(at.tools) ? at.tools.filter(isRecord) : [],
  }
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : []
  return Object.fromEntries(entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])))
}

function unreadable(message: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', message, { next: 'Give the configuration as the client reads it.' })
}
