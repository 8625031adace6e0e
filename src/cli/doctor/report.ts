import type { Finding, ParsedConfig } from '../../index.js'
import { configDigest } from '../../index.js'
import { VERSION } from '../../protocol/version.js'

/** What a bug report needs to know of a set-up: names of the contract and of tables, and no name of a person or a place. */
export interface DoctorReport {
  readonly runner: string
  readonly node: string
  readonly platform: string
  readonly contract: string
  readonly mode: string
  readonly sources: Readonly<Record<string, string>>
  readonly findings: readonly Omit<Finding, 'mend'>[]
}

type Env = Readonly<Record<string, string | undefined>>

/** Without the statements that mend, which name the users of the database, and with those names taken out of the rest. */
export function buildReport(findings: readonly Finding[], config: ParsedConfig, env: Env): DoctorReport {
  const redact = redactorOf(config, env)
  return {
    runner: VERSION,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    contract: configDigest(config),
    mode: config.mode,
    sources: Object.fromEntries(Object.entries(config.sources).map(([name, { engine }]) => [name, engine])),
    findings: findings.map(({ mend: _, message, next, ...finding }) => ({
      ...finding,
      message: redact(message),
      ...(next === undefined ? {} : { next: redact(next) }),
    })),
  }
}

/** Roles in quotes, and whatever stands in the URLs of the sources, wherever it turns up. */
function redactorOf({ sources }: ParsedConfig, env: Env): (text: string) => string {
  const words = Object.values(sources).flatMap((source) =>
    source.engine === 'sqlite' ? [] : [source.read_url_env, source.write_url_env].flatMap((name) => wordsOf(env, name)),
  )
  const known = [...new Set(words)].sort((one, other) => other.length - one.length)
  return (text) => {
    const withoutRoles = text.replaceAll(/\brole (?:"(?:[^"]|"")*"|`(?:[^`]|``)*`(?:@\S+)?)/g, 'role <redacted>')
    return known.reduce((redacted, word) => redacted.replaceAll(word, '<redacted>'), withoutRoles)
  }
}

/** Shorter ones stand in too many other words. */
const SHORTEST = 4

function wordsOf(env: Env, name: string | undefined): readonly string[] {
  const url = name === undefined ? undefined : env[name]
  if (url === undefined || !URL.canParse(url)) return []
  const { username, password, hostname, host } = new URL(url)
  return [username, password, hostname, host].flatMap(spellings).filter((word) => word.length >= SHORTEST)
}

/** As it stands in the URL, and as it is meant. */
function spellings(part: string): readonly string[] {
  try {
    return [part, decodeURIComponent(part)]
  } catch {
    return [part]
  }
}

/** For a person, and to be pasted where Markdown is read. */
export function renderMarkdown(report: DoctorReport): string {
  const { runner, node, platform, contract, mode, sources, findings } = report
  const facts = [
    `runner ${runner}, Node.js ${node}, ${platform}`,
    `mode ${mode}, contract ${contract}`,
    ...Object.entries(sources).map(([name, engine]) => `source ${name}: ${engine}`),
  ]
  const rows = findings.map(
    ({ name, severity, reason, code, message }) =>
      `| ${[severity, name, reason ?? code ?? '', message].map(cell).join(' | ')} |`,
  )
  return [
    '# synapsor-runner doctor',
    '',
    ...facts.map((fact) => `- ${cell(fact)}`),
    '',
    '| severity | about | why | what |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/** Nothing in a cell ends it, begins a line or makes a link. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\|<>[\]`*_]/g, '\\$&')
}
