import type { Credential, ServerFacts } from '../drivers/privileges.js'
import type { Finding } from './finding.js'

export interface Asked {
  readonly reader: Credential | undefined
  readonly writer: Credential | undefined
}

/** Seconds by which two clocks may differ: beyond the first a person should know, beyond the second times mean nothing. */
const CLOCK_WARNING_MS = 5000
const CLOCK_ERROR_MS = 60_000

type Told = Omit<Finding, 'name' | 'source'>

/** What is true of the server and of the way there. One sentence where both credentials meet the same. */
export function examineServer(source: string, { reader, writer }: Asked): readonly Finding[] {
  const servers = [reader, writer].filter((credential) => credential !== undefined).map(({ server }) => server)
  const [first] = servers
  if (first === undefined) return []
  const told = [...servers.flatMap((server) => risksOf(source, server)), ...lossesOf(source, writer)]
  const found = [...new Map(told.map((each) => [each.reason, each])).values()]
  const name = `server:${source}`
  if (found.length > 0) return found.map((each) => ({ name, source, ...each }))
  return [{ name, source, severity: 'ok', message: `${source} is ${first.name}${wayTo(first)}.` }]
}

function wayTo({ is_encrypted, is_local, name }: ServerFacts): string {
  if (is_encrypted) return ', reached over TLS'
  return is_local && !name.startsWith('SQLite') ? ', on this machine' : ''
}

function risksOf(source: string, server: ServerFacts): readonly Told[] {
  return [
    ...versionOf(source, server),
    ...encryptionOf(source, server),
    ...clockOf(source, server),
    ...poolerOf(source, server),
  ]
}

function versionOf(source: string, { name, version, oldest }: ServerFacts): readonly Told[] {
  if (!isOlder(version, oldest)) return []
  return [
    {
      severity: 'warning',
      reason: 'SERVER_TOO_OLD',
      message: `${source} is ${name}; what is older than ${oldest.join('.')} is not tried out.`,
      next: 'Bring the server up to date.',
    },
  ]
}

function isOlder(version: readonly number[], oldest: readonly number[]): boolean {
  for (const [place, least] of oldest.entries()) {
    const part = version[place] ?? 0
    if (part !== least) return part < least
  }
  return version.length === 0
}

function encryptionOf(source: string, { is_encrypted, is_local }: ServerFacts): readonly Told[] {
  if (is_encrypted || is_local) return []
  return [
    {
      severity: 'warning',
      reason: 'NOT_ENCRYPTED',
      message: `The connection to ${source} leaves this machine without TLS: rows and passwords can be read on the way.`,
      next: 'Set sslmode=require in its URL, or tls in its source of the contract.',
    },
  ]
}

function clockOf(source: string, { clock_ahead_ms }: ServerFacts): readonly Told[] {
  const off = Math.abs(clock_ahead_ms)
  if (off <= CLOCK_WARNING_MS) return []
  const isError = off > CLOCK_ERROR_MS
  const way = clock_ahead_ms > 0 ? 'ahead of' : 'behind'
  return [
    {
      severity: isError ? 'error' : 'warning',
      ...(isError ? { code: 'PRECONDITION_FAILED' as const } : {}),
      reason: 'CLOCK_OFF',
      message: `The clock of ${source} is ${Math.round(off / 1000)} s ${way} that of this machine: expiry and versions rest on both.`,
      next: 'Have both follow one time server.',
    },
  ]
}

function poolerOf(source: string, { is_pooled }: ServerFacts): readonly Told[] {
  if (!is_pooled) return []
  return [
    {
      severity: 'warning',
      reason: 'POOLED',
      message: `A pooler answers for ${source}: between transactions a session can become somebody else's.`,
      next: 'Pool by session, or let the pooler keep prepared statements and reset settings.',
    },
  ]
}

/** What matters where changes are committed. */
function lossesOf(source: string, writer: Credential | undefined): readonly Told[] {
  if (writer === undefined) return []
  const isLossy = writer.tables.some(({ problems }) =>
    problems.some(({ code, severity }) => code === 'NOT_DURABLE' && severity === 'refuse'),
  )
  const replica: Told = {
    severity: 'error',
    code: 'PRECONDITION_FAILED',
    reason: 'REPLICA',
    message: `The writer of ${source} reaches a server that takes no writes.`,
    next: 'Give the writer the URL of the primary.',
  }
  const loss: Told = {
    severity: 'error',
    code: 'PRECONDITION_FAILED',
    reason: 'NOT_DURABLE',
    message: `${source} answers a commit before it is on disk: a crash can take back what was applied.`,
    next: 'Set synchronous_commit to on for the writer.',
  }
  return [...(writer.server.is_replica ? [replica] : []), ...(isLossy ? [loss] : [])]
}
