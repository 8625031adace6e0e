import { auditTools } from './audit-tools.js'
import type { MountedServer } from './client-config.js'
import { type AuditTool, parseTools } from './manifest.js'
import type { BypassCheck, ServerCheck } from './report.js'
import { told, wordsOf } from './words.js'

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Words of programs that reach data or a shell without any review. */
const DIRECT = set(
  'postgres postgresql pg pgmcp psql mysql mariadb sqlite mssql sqlserver oracle mongo mongodb redis supabase neon neondatabase snowflake bigquery clickhouse duckdb dbhub dynamodb planetscale cockroachdb redshift cassandra database databases db sql prisma shell bash terminal',
)

const DATABASE_URL = /\b(?:postgres(?:ql)?|mysql|mariadb|mssql|sqlserver|mongodb(?:\+srv)?|redis|sqlite|jdbc:\w+):\/\//i
const DATABASE_ENV =
  /^(?:\w+_)?(?:DATABASE_UR[IL]|DB_UR[IL]|POSTGRES\w*|PG(?:HOST|USER|PASSWORD|DATABASE)|MYSQL\w*|MONGO\w*|SQLITE\w*)$/i

/** Findings that mean a tool reaches data directly. */
const DIRECT_CODES: ReadonlySet<string> = new Set([
  'GENERIC_SQL_TOOL',
  'WRITE_TOOL_ACCEPTS_ARBITRARY_SQL',
  'ARBITRARY_IDENTIFIER_INPUT',
  'ARBITRARY_PREDICATE_INPUT',
  'MODEL_CALLABLE_COMMIT_OR_APPROVAL',
  'WRITE_WITHOUT_PROPOSAL_BOUNDARY',
])

const WARNING = 'A reviewed server limits nothing that another server of the same client can do.'

/** Tools that a server was asked for. Not by name: two may share one. */
export type LiveTools = ReadonlyMap<MountedServer, readonly AuditTool[]>

/** Looks for servers of one client that reach data past the reviewed tools. */
export function checkBypass(servers: readonly MountedServer[], live: LiveTools = new Map()): BypassCheck {
  const checks = servers.map((server) => checkServer(server, live.get(server)))
  return {
    mode: live.size > 0 ? 'selected_live_tools_list' : 'static_config',
    servers: checks,
    direct_bypass_observed: checks.some(({ status }) => status === 'observed_direct_authority'),
    unverified_servers: checks.filter(({ status }) => status === 'requires_operator_verification').length,
    warning: WARNING,
  }
}

function checkServer(server: MountedServer, live: readonly AuditTool[] | undefined): ServerCheck {
  const tools = live ?? (server.tools.length > 0 ? parseTools(server.tools) : undefined)
  const common = {
    server: told(server.name),
    transport: server.transport,
    tools_observed: (tools ?? []).map(({ name }) => told(name)),
  }
  const signs = [...(isOurs(server) ? [] : configSigns(server)), ...toolSigns(tools ?? [])]
  if (signs.length > 0) {
    return {
      ...common,
      status: 'observed_direct_authority',
      evidence: signs.join('; '),
      remediation: 'Remove it from this client, or give it a credential that cannot reach the same data.',
    }
  }
  if (tools !== undefined || isOurs(server)) {
    return {
      ...common,
      status: 'no_direct_authority_observed',
      evidence: tools === undefined ? 'It is started as Synapsor Runner.' : 'None of its tools shows direct authority.',
      remediation: 'None needed by what was seen.',
    }
  }
  return {
    ...common,
    status: 'requires_operator_verification',
    evidence: 'Nothing in the configuration tells what it reaches.',
    remediation: 'Audit its tools, and find out which credentials it holds.',
  }
}

function toolSigns(tools: readonly AuditTool[]): readonly string[] {
  const found = auditTools(tools).filter(({ code }) => DIRECT_CODES.has(code))
  const codes = new Map(found.map(({ code, tool = '' }) => [code, tool]))
  return [...codes].map(([code, tool]) => `tool ${tool}: ${code}`)
}

/** Says which part gives it away, never what the part holds. */
function configSigns({ name, command, args, url, env, headers }: MountedServer): readonly string[] {
  const programs = args.flatMap((arg) => (arg.startsWith('-') ? packageIn(arg) : [arg]))
  const hosts = url === '' ? [] : [hostOf(url)]
  const parts: readonly [string, readonly string[]][] = [
    ['name', [name]],
    ['command', [command.split(/[\\/]/).at(-1) ?? '']],
    ['package or program', programs.filter(isProgram)],
    ['address', hosts],
  ]
  const values = [...args, ...Object.values(env), ...Object.values(headers)]
  const names = Object.keys(env).filter((key) => DATABASE_ENV.test(key))
  return [
    ...parts.flatMap(([part, texts]) => directWords(texts).map((word) => `${part}: ${word}`)),
    ...(values.some((value) => DATABASE_URL.test(value)) ? ['it is given the URL of a database'] : []),
    ...names.map((key) => `environment: ${told(key)}`),
  ]
}

function directWords(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap(wordsOf).filter((word) => DIRECT.has(word)))]
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

/** `--package=name` names what is started. */
function packageIn(option: string): readonly string[] {
  const [, name] = /^--(?:package|from)=(.+)$/.exec(option) ?? []
  return name === undefined ? [] : [name]
}

/** Paths of data are no programs; the first argument may be one. */
function isProgram(arg: string, place: number): boolean {
  return !arg.includes('://') && (place === 0 || !/^(?:[./~]|[A-Za-z]:)/.test(arg))
}

const OUR_PACKAGE = /^@synapsor\/runner(?:@[\w.^~-]+)?$/
const OUR_FILE = /[\\/]@synapsor[\\/]runner[\\/]dist[\\/][\w-]+\.js$/
const STARTERS = set('npx bunx pnpx npm pnpm yarn bun')

/** Started by its own name and nothing else: no shell, no other package. A server's name alone proves nothing. */
function isOurs({ command, args }: MountedServer): boolean {
  const program = programOf(command)
  const [first = '', second] = args.filter((arg) => !arg.startsWith('-') && !['exec', 'dlx', 'x'].includes(arg))
  if (program === 'synapsor-runner') return true
  if (program === 'node') return OUR_FILE.test(first)
  if (!STARTERS.has(program) || args.some((arg) => arg.startsWith('--package=') && !OUR_PACKAGE.test(arg.slice(10)))) {
    return false
  }
  return first === 'synapsor-runner' || (OUR_PACKAGE.test(first) && second !== undefined)
}

function programOf(command: string): string {
  return (command.split(/[\\/]/).at(-1) ?? '').replace(/\.(?:cmd|exe|js)$/i, '')
}
