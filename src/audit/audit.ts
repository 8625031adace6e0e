import { auditTools, findingOf, inOrder } from './audit-tools.js'
import { authorityMap } from './authority-map.js'
import type { AuditTool } from './manifest.js'
import { type AuditReport, auditReport, type BypassCheck, DISCLAIMER, type Finding, type Severity } from './report.js'

/** What is audited, already parsed. */
export interface AuditSubject {
  /** How the report calls it. Without any credential. */
  readonly target: string
  readonly tools: readonly AuditTool[]
  /** What was found in the configuration of the client, where one was given. */
  readonly bypass?: BypassCheck | undefined
  readonly now: Date
}

/** Reviews the tools of a server by what it says of them. Nothing is called; a clean report proves nothing. */
export function audit({ target, tools, bypass, now }: AuditSubject): AuditReport {
  const findings = inOrder([
    ...auditTools(tools),
    ...bypassFindings(bypass),
    ...(tools.length === 0 ? [findingOf('NO_TOOLS_FOUND', [])] : []),
  ])
  return auditReport().parse({
    schema_version: 'synapsor.mcp-audit.v1',
    target,
    disclaimer: DISCLAIMER,
    generated_at: now.toISOString(),
    summary: {
      tools_inspected: tools.length,
      high: countOf(findings, 'HIGH'),
      medium: countOf(findings, 'MEDIUM'),
      low: countOf(findings, 'LOW'),
      total_findings: findings.length,
    },
    authority_map: authorityMap({ tools, findings, bypass }),
    ...(bypass === undefined ? {} : { bypass_check: bypass }),
    findings,
  })
}

function bypassFindings(bypass: BypassCheck | undefined): readonly Finding[] {
  const direct = (bypass?.servers ?? []).filter(({ status }) => status === 'observed_direct_authority')
  return direct.map(({ server, evidence }) =>
    findingOf('MCP_BYPASS_DIRECT_AUTHORITY', [`server ${server}`, ...evidence.split('; ')]),
  )
}

function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length
}

/** How light a finding may be for a report to fail on it. */
export type FailLevel = 'high' | 'medium' | 'low' | 'none'

/** Whether a report holds a finding of this level or above. `none` never fails. */
export function failsOn({ summary: { high, medium, low } }: AuditReport, level: FailLevel): boolean {
  const counted = { high, medium: high + medium, low: high + medium + low, none: 0 }
  return counted[level] > 0
}
