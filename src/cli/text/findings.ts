import type { Finding } from '../../index.js'
import type { View } from '../command.js'
import { mendingCommand } from '../mending-command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type Field, renderFields } from './fields.js'
import { count } from './lines.js'

/** The worst stand last, where a terminal shows them. */
const SEVERITIES = ['ok', 'warning', 'error'] as const

/** What was looked at, by how bad it is, with what to do about it. */
export function renderFindings(findings: readonly Finding[], view: View): string {
  const groups = SEVERITIES.flatMap((severity) => {
    const found = findings.filter((finding) => finding.severity === severity)
    return found.length === 0 ? [] : [renderGroup(severity, found, view)]
  })
  return [...groups, summaryOf(findings, view)].join('\n\n')
}

const TITLES: Readonly<Record<Finding['severity'], string>> = { ok: 'Fine', warning: 'At a risk', error: 'Not usable' }

function renderGroup(severity: Finding['severity'], findings: readonly Finding[], { paint, columns }: View): string {
  const paintTitle = { ok: paint.green, warning: paint.yellow, error: paint.red }[severity]
  return [paintTitle(TITLES[severity]), renderFields(findings.flatMap(fieldsOf), columns)].join('\n')
}

const MARKS: Readonly<Record<Finding['severity'], string>> = { ok: '+', warning: '!', error: 'x' }

function fieldsOf(finding: Finding): readonly Field[] {
  const { severity, name, message, next, code } = finding
  const line = lineOf(finding)
  const told = code === undefined ? message : `${message} (${code})`
  return [
    [MARKS[severity], escapeUntrusted(`${name}: ${told}`)],
    ...(next === undefined ? [] : [['', escapeUntrusted(next)] as const]),
    ...(line === undefined ? [] : [['', escapeUntrusted(line)] as const]),
  ]
}

function lineOf({ name, code }: Finding): string | undefined {
  const [, source] = /^(?:source|receipts):(.+)$/.exec(name) ?? []
  return mendingCommand(code, source)
}

function summaryOf(findings: readonly Finding[], { paint }: View): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.filter(({ severity }) => severity === 'warning').length
  const risks = warnings === 0 ? '' : `, ${count(warnings, 'warning')}`
  if (errors > 0) return paint.red(`${count(errors, 'error')}${risks}.`)
  return paint.green(`Everything that was looked at can be used${risks}.`)
}
