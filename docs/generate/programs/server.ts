import { serveHttp } from '../../../adapters/mcp/http.js'
import { type McpLimits, resolveLimits } from '../../../adapters/mcp/options.js'
import { HTTP_OPTIONS } from '../../../src/cli/mcp/http-options.js'
import { validateConfig } from '../../../src/index.js'
import { layOut } from '../json.js'
import { TERMINAL_CONTRACT } from './contract.js'
import { type DeskRunner, withDesk } from './desk.js'

/** What each limit is, and the option of the command line that sets it. */
const LIMITS: Readonly<Record<keyof McpLimits, readonly [meaning: string, option?: keyof typeof HTTP_OPTIONS]>> = {
  body_bytes: ['Bytes of one request', 'max_body_bytes'],
  depth: ['How deep lists and objects lie in each other', 'max_depth'],
  header_ms: ['For the headers of a request', 'header_timeout'],
  request_ms: ['For its body, and then for the client to take the answer', 'request_timeout'],
  sessions: ['MCP sessions in all; above it nobody opens another', 'max_sessions'],
  sessions_per_subject: [
    'MCP sessions of one subject; above it its own oldest idle one ends',
    'max_sessions_per_subject',
  ],
  session_idle_ms: ['Until a session ends that nobody uses or listens to', 'session_idle'],
  calls_per_subject: ['Requests of one subject that are worked on at once', 'max_calls_per_subject'],
  subscriptions_per_session: ['Resources that one MCP session is subscribed to'],
  subscriptions_per_subject: ['Records that all MCP sessions of one subject are subscribed to'],
  subscriptions: ['Records that all are subscribed to'],
  connections: ['Open connections', 'max_connections'],
  headers: ['Headers of one request'],
  keep_alive_ms: ['A connection stays open for the next request'],
}

/** What `docs/mcp-server.md` shows: the limits, and what a server really answers and logs. */
export async function printedOfServer(): Promise<ReadonlyMap<string, string>> {
  const answers = await withDesk(({ runner }) => answersOf(runner))
  return new Map(Object.entries({ limits: limitsTable(), bound: boundContract(), ...answers }))
}

function limitsTable(): string {
  const defaults = resolveLimits()
  const rows = Object.entries(LIMITS).map(([name, [meaning, option]]) => {
    const value = Object.entries(defaults).find(([each]) => each === name)?.[1]
    const flag = option === undefined ? '' : `\`${flagOf(option, value)}\``
    return `| \`${name}\` | ${value} | ${meaning} | ${flag} |`
  })
  return ['| Limit | Default | What it is | `synapsor-runner` |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** @throws Error where the help of an option names another default than there is. */
function flagOf(option: keyof typeof HTTP_OPTIONS, value: number | undefined): string {
  const { flags, summary } = HTTP_OPTIONS[option]
  if (!summary.endsWith(`Default: ${value}.`)) throw new Error(`The default of ${flags} is ${value}.`)
  return flags.split(' ')[0] ?? ''
}

/** The other way to name the claims: at the adapter that exposes the tools. */
function boundContract(): string {
  const bound = {
    trusted_context: { provider: 'session' },
    adapters: {
      desk: {
        type: 'mcp',
        session_bind: {
          tenant_id: { claim: 'org' },
          principal: { claim: 'client' },
          on_behalf_of: { claim: 'sub' },
        },
      },
    },
  }
  const { ok, errors } = validateConfig({ ...TERMINAL_CONTRACT, ...bound })
  if (!ok) throw new Error(`The contract that is shown is not valid: ${errors[0]?.message}`)
  return layOut(bound)
}

async function answersOf(runner: DeskRunner): Promise<Readonly<Record<string, string>>> {
  const lines: string[] = []
  const session = runner.session({ claims: { org: 'acme', client: 'support_agent', sub: 'sam' } })
  const token = 'a'.repeat(32)
  const { url, close } = await serveHttp(session, {
    ...{ port: 0, auth: { token }, protocol: 'json-rpc' },
    ready: () => runner.ready(),
    log: (line) => lines.push(line),
  })
  try {
    const ask = async (path: string, init: RequestInit = {}): Promise<string> => {
      const response = await fetch(new URL(path, url), init)
      return response.text()
    }
    const call = { method: 'POST', headers: { 'content-type': 'application/json' }, body: CALL }
    const unknown = await ask('/mcp', call)
    await ask('/mcp', { ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } })
    return { healthz: await ask('/healthz'), readyz: await ask('/readyz'), unknown, log: lines.map(steady).join('\n') }
  } finally {
    await close()
  }
}

const CALL = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'billing__propose_credit', arguments: { invoice_id: 'INV-9001', credit_cents: 100, note: 'Late.' } },
})

/** A line of the log without what differs each time. */
function steady(line: string, place: number): string {
  return line
    .replace(/"time":"[^"]+"/, '"time":"2026-03-02T09:00:00.000Z"')
    .replace(/"request_id":"[^"]+"/, `"request_id":"0f8fad5b-d9cb-469f-a165-70867728950${place}"`)
    .replace(/"duration_ms":[\d.]+/, '"duration_ms":4.2')
}
