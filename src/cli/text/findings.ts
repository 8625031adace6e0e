import type { Finding } from '../../index.js'
import type { View } from '../command.js'
import { mendingCommand, typedNext } from '../mending-command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type Field, renderFields } from './fields.js'
import { count, escapeLines } from './lines.js'

const WORST_FIRST = ['error', 'warning'] as const

/** What was looked at: first what is about no source, then each source, the worst first, with what to do about it. */
export function renderFindings(findings: readonly Finding[], view: View): string {
  const named = new Set(findings.flatMap(({ source }) => source ?? []))
  const sources = [...(findings.some(({ source }) => source === undefined) ? [undefined] : []), ...named]
  const sections = sources.map((source) =>
    renderSection(
      source,
      findings.filter((each) => each.source === source),
      view,
    ),
  )
  return [...sections, summaryOf(findings, view)].join('\n\n')
}

function renderSection(source: string | undefined, findings: readonly Finding[], view: View): string {
  const title = source === undefined ? 'Set-up' : `Source ${escapeUntrusted(source)}`
  const worst = WORST_FIRST.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
  const fine = findings.filter(({ severity }) => severity === 'ok')
  const lines = [...worst.map((finding) => renderFinding(finding, view)), ...renderFine(fine, source, view)]
  return [view.paint.bold(title), ...lines].join('\n')
}

const MARKS: Readonly<Record<Finding['severity'], string>> = { ok: '+', warning: '!', error: 'x' }

function renderFinding(finding: Finding, { paint, columns }: View): string {
  const { severity, name, message, code, reason } = finding
  const next = typedNext(code, finding.next)
  const why = reason ?? code
  const told = why === undefined ? message : `${message} (${why})`
  const command = commandOf(finding)
  const fields: readonly Field[] = [
    [MARKS[severity], escapeUntrusted(`${name}: ${told}`)],
    ...(next === undefined ? [] : [['', escapeUntrusted(next)] as const]),
    ...(command === undefined ? [] : [['', escapeUntrusted(command)] as const]),
  ]
  const text = renderFields(fields, columns)
  const painted = severity === 'error' ? paint.red(text) : paint.yellow(text)
  return [painted, ...statementsOf(finding, command)].join('\n')
}

/** Never broken: a line break within a quoted name would be part of the name. */
function statementsOf({ mend }: Finding, command: string | undefined): readonly string[] {
  if (mend === undefined || command?.includes('migrations apply') === true) return []
  return escapeLines(mend)
    .split('\n')
    .map((line) => `     ${line}`)
}

function commandOf({ name, code, mend }: Finding): string | undefined {
  const [, source] = /^(?:source|receipts):(.+)$/.exec(name) ?? []
  return mend !== undefined && code !== 'RECEIPTS_MISSING' ? undefined : mendingCommand(code, source)
}

/** In few words, so that what is to be done stands out. Versions, and what keeps the reader from writing, are told all the same. */
function renderFine(
  findings: readonly Finding[],
  source: string | undefined,
  { paint, columns }: View,
): readonly string[] {
  if (findings.length === 0) return []
  const told = findings.filter(({ name }) => TOLD.has(partsOf(name).kind)).map(({ message }) => message)
  const rest = findings.filter(({ name }) => !TOLD.has(partsOf(name).kind))
  const capabilities = rest.filter(({ name }) => partsOf(name).kind === 'capability').length
  const others = rest.filter(({ name }) => partsOf(name).kind !== 'capability')
  const names = [
    ...others.map(({ name }) => (source === undefined ? name : partsOf(name).kind)),
    ...(capabilities === 0 ? [] : [count(capabilities, 'capability', 'capabilities')]),
  ]
  const lines = [...told, ...(names.length === 0 ? [] : [`Fine: ${names.join(', ')}.`])]
  return lines.map((line) => paint.green(renderFields([[MARKS.ok, escapeUntrusted(line)]], columns)))
}

const TOLD = new Set(['node', 'sqlite', 'server', 'reader'])

function partsOf(name: string): { readonly kind: string } {
  const [kind = ''] = name.split(':')
  return { kind }
}

function summaryOf(findings: readonly Finding[], { paint }: View): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.filter(({ severity }) => severity === 'warning').length
  const risks = warnings === 0 ? '' : `, ${count(warnings, 'warning')}`
  if (errors > 0) return paint.red(`${count(errors, 'error')}${risks}.`)
  return paint.green(`Everything that was looked at can be used${risks}.`)
}
