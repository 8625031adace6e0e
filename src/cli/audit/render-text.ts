import stringWidth from 'fast-string-width'
import type { AuditReport, BypassCheck, Severity } from '../../audit/report.js'
import { createPaint, type Paint } from '../text/paint.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type FindingGroup, groupFindings } from './group-findings.js'
import type { RenderOptions } from './render-audit.js'

const STATUS_WORDS = {
  observed: 'seen',
  not_observed: 'not seen',
  requires_operator_verification: 'verify',
  outside_static_audit_visibility: 'cannot be seen',
} as const

/** What people read on a terminal: what was found, once for each code, and what a model could do. */
export function renderText(report: AuditReport, { columns = 80, colors = false }: RenderOptions): string {
  const paint = createPaint(colors)
  const wrap = (text: string, indent: number): string => wrapped(escapeUntrusted(text), indent, columns)
  const { summary, authority_map, bypass_check } = report
  const parts = [
    [paint.bold(wrap(`Audit of ${report.target}`, 0)), wrap(summaryLine(summary), 0)],
    ...groupFindings(report).map((group) => groupLines(group, paint, wrap)),
    authorityLines(authority_map, paint, wrap),
    ...(bypass_check === undefined ? [] : [bypassLines(bypass_check, paint, wrap)]),
    [wrap(authority_map.visibility_limit, 0), wrap(report.disclaimer, 0)],
  ]
  return parts.map((lines) => lines.join('\n')).join('\n\n')
}

type Wrap = (text: string, indent: number) => string

function summaryLine({ tools_inspected, high, medium, low }: AuditReport['summary']): string {
  const tools = `${tools_inspected} ${tools_inspected === 1 ? 'tool' : 'tools'}`
  return `${tools}. Findings: ${high} high, ${medium} medium, ${low} low.`
}

function groupLines(group: FindingGroup, paint: Paint, wrap: Wrap): readonly string[] {
  const { severity, code, message, recommendation, remediation_url, found } = group
  return [
    `${painted(severity, paint)} ${paint.bold(code)}`,
    wrap(message, 2),
    ...found
      .map(({ tool, evidence }) => wrap([tool, evidence.join('; ')].filter(Boolean).join(' - '), 4))
      .filter(Boolean),
    wrap(recommendation, 2),
    paint.dim(`  ${remediation_url}`),
  ]
}

function painted(severity: Severity, paint: Paint): string {
  if (severity === 'HIGH') return paint.red(severity)
  return severity === 'MEDIUM' ? paint.yellow(severity) : paint.dim(severity)
}

function authorityLines({ items }: AuditReport['authority_map'], paint: Paint, wrap: Wrap): readonly string[] {
  return [
    paint.bold('What a model could do'),
    ...items.map(({ label, status, tools }) => {
      const who = tools.length === 0 ? '' : `: ${tools.join(', ')}`
      return wrap(`${label} - ${STATUS_WORDS[status]}${who}`, 2)
    }),
  ]
}

function bypassLines({ servers, warning }: BypassCheck, paint: Paint, wrap: Wrap): readonly string[] {
  return [
    paint.bold('Servers of the same client'),
    ...servers.map(({ server, status, evidence }) =>
      wrap(`${server} - ${status.replaceAll('_', ' ')}: ${evidence}`, 2),
    ),
    wrap(warning, 2),
  ]
}

/** Lines within the width, broken at blanks where there are some. Further lines stand two blanks deeper. */
function wrapped(text: string, indent: number, columns: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((each) => pieces(each, Math.max(8, columns - indent - 2)))) {
    const margin = ' '.repeat(lines.length === 0 ? indent : indent + 2)
    if (line === '') line = margin + word
    else if (stringWidth(line) + 1 + stringWidth(word) <= columns) line += ` ${word}`
    else {
      lines.push(line)
      line = ' '.repeat(indent + 2) + word
    }
  }
  return [...lines, line].filter((each) => each.trim() !== '').join('\n')
}

/** A word that is longer than a line, in parts. */
function pieces(word: string, width: number): readonly string[] {
  if (stringWidth(word) <= width) return [word]
  const parts: string[] = []
  let part = ''
  let taken = 0
  for (const character of word) {
    const wide = stringWidth(character)
    if (taken + wide > width) {
      parts.push(part)
      part = ''
      taken = 0
    }
    part += character
    taken += wide
  }
  return [...parts, part]
}
