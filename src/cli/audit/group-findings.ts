import type { AuditReport, Finding } from '../../audit/report.js'

/** The findings of one code, which share all but tool and evidence. */
export interface FindingGroup extends Omit<Finding, 'tool' | 'evidence'> {
  readonly found: readonly Pick<Finding, 'tool' | 'evidence'>[]
}

/** In the order of the report. */
export function groupFindings({ findings }: AuditReport): readonly FindingGroup[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const group = groups.get(finding.code)
    if (group === undefined) groups.set(finding.code, [finding])
    else group.push(finding)
  }
  return [...groups.values()].flatMap((found) => {
    const [first] = found
    if (first === undefined) return []
    const { tool: _tool, evidence: _evidence, ...common } = first
    return [
      { ...common, found: found.map(({ tool, evidence }) => ({ ...(tool === undefined ? {} : { tool }), evidence })) },
    ]
  })
}
