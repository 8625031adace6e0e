import { createHash } from 'node:crypto'
import type { AuditReport, Finding, Severity } from '../../audit/report.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { groupFindings } from './group-findings.js'

const LEVELS = { HIGH: 'error', MEDIUM: 'warning', LOW: 'note' } as const satisfies Record<Severity, string>

/** How services that read SARIF order what is about security, from 0 to 10. */
const SECURITY = { HIGH: '8.0', MEDIUM: '5.0', LOW: '2.0' } as const satisfies Record<Severity, string>

/** A report as SARIF 2.1.0, for services that show findings beside code. */
export function renderSarif(report: AuditReport): Readonly<Record<string, unknown>> {
  const rules = groupFindings(report)
  const places = new Map(rules.map(({ code }, place) => [code, place]))
  const fingerprint = fingerprints()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'synapsor-runner audit',
            informationUri: 'https://synapsor.ai/docs/mcp-audit.md',
            rules: rules.map(({ code, severity, message, recommendation, remediation_url }) => ({
              id: code,
              name: toPascalCase(code),
              shortDescription: { text: message },
              fullDescription: { text: `${message} ${recommendation}` },
              help: { text: recommendation, markdown: `${recommendation} See [${code}](${remediation_url}).` },
              helpUri: remediation_url,
              defaultConfiguration: { level: LEVELS[severity] },
              properties: { tags: ['security', 'mcp'], 'security-severity': SECURITY[severity] },
            })),
          },
        },
        invocations: [{ executionSuccessful: true, endTimeUtc: report.generated_at }],
        results: report.findings.map((finding) => ({
          ruleId: finding.code,
          ruleIndex: places.get(finding.code) ?? -1,
          level: LEVELS[finding.severity],
          message: { text: messageOf(finding) },
          locations: [locationOf(report.target, finding)],
          partialFingerprints: { 'synapsorAudit/v1': fingerprint(finding) },
        })),
        properties: { disclaimer: report.disclaimer, tools_inspected: report.summary.tools_inspected },
      },
    ],
  }
}

/** Messages may hold links in square brackets: those of the server must not become any. */
function messageOf({ message, tool, evidence }: Finding): string {
  const told = [
    message,
    ...(tool === undefined ? [] : [`Tool: ${tool}.`]),
    ...evidence.map((each) => `Found: ${each}.`),
  ]
  return escapeUntrusted(told.join(' ')).replace(/[\\[\]]/g, '\\$&')
}

function locationOf(target: string, { tool }: Finding): Readonly<Record<string, unknown>> {
  const uri = /^https?:/i.test(target) ? target : encodeURI(escapeUntrusted(target).replaceAll('\\', '/'))
  return {
    physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
    ...(tool === undefined ? {} : { logicalLocations: [{ name: escapeUntrusted(tool), kind: 'function' }] }),
  }
}

/** The same for the same finding in every run; tools of one name are counted. */
function fingerprints(): (finding: Finding) => string {
  const counts = new Map<string, number>()
  return ({ code, tool = '', evidence }) => {
    const key = JSON.stringify(tool === '' ? [code, evidence[0] ?? ''] : [code, tool])
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return createHash('sha256').update(`${key}#${count}`).digest('hex')
  }
}

function toPascalCase(code: string): string {
  return code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
