import type { AuditReport, BypassCheck } from '../../audit/report.js'
import { escapeUntrusted } from '../untrusted-text.js'

/** A report as a page: tables of findings, of what a model could do, and of the servers of the client. */
export function renderMarkdown(report: AuditReport): string {
  const { target, generated_at, disclaimer, summary, findings, authority_map, bypass_check } = report
  const parts = [
    `# Audit of ${escapeMarkdown(target)}`,
    `${generated_at}. ${summary.tools_inspected} tools: ${summary.high} high, ${summary.medium} medium, ${summary.low} low.`,
    `> ${disclaimer}`,
    '## Findings',
    findings.length === 0
      ? 'None.'
      : table(
          ['Severity', 'Code', 'Tool', 'Evidence', 'Recommendation'],
          findings.map(({ severity, code, tool = '', evidence, recommendation, remediation_url }) => [
            severity,
            `[${code}](${remediation_url})`,
            escapeMarkdown(tool),
            evidence.map(escapeMarkdown).join('; '),
            recommendation,
          ]),
        ),
    '## What a model could do',
    table(
      ['Authority', 'Status', 'Tools'],
      authority_map.items.map(({ label, status, tools }) => [label, status, tools.map(escapeMarkdown).join(', ')]),
    ),
    authority_map.visibility_limit,
    ...(bypass_check === undefined ? [] : bypassParts(bypass_check)),
  ]
  return parts.join('\n\n')
}

function bypassParts({ servers, warning }: BypassCheck): readonly string[] {
  return [
    '## Servers of the same client',
    table(
      ['Server', 'Status', 'Evidence', 'Remedy'],
      servers.map(({ server, status, evidence, remediation }) => [
        escapeMarkdown(server),
        status,
        escapeMarkdown(evidence),
        remediation,
      ]),
    ),
    warning,
  ]
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n')
}

/**
 * Everything that Markdown, HTML or a page of formulas could act on; an underscore within a word is none of it, and a colon
 * is only where a word or an address follows.
 */
const ACTIVE = /[\\`*[\](){}<>&!|~#@+=$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:(?=[\p{L}\p{N}_+\-/])|(?<=\bwww)\./giu

/** One line of text that means nothing but itself, also in the cell of a table. */
function escapeMarkdown(text: string): string {
  return escapeUntrusted(text).replace(ACTIVE, (found) => `&#${found.charCodeAt(0)};`)
}
