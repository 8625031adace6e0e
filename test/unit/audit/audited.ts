import { audit } from '../../../src/audit/audit.js'
import { parseManifest } from '../../../src/audit/manifest.js'
import type { AuditReport } from '../../../src/audit/report.js'

/** The report on tools as a server lists them. */
export function reportOn(...tools: readonly unknown[]): AuditReport {
  return audit({ target: 'test', tools: parseManifest({ tools }) ?? [], now: new Date('2030-03-04T09:15:00Z') })
}

/** The codes that are found in one tool. */
export function codesOf(tool: unknown): readonly string[] {
  return reportOn(tool).findings.map(({ code }) => code)
}

/** A tool that nothing is wrong with, with changes. */
export function toolWith(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    name: 'inspect_invoice',
    description: 'Reads one invoice.',
    inputSchema: {
      type: 'object',
      properties: { invoice_id: { type: 'string' } },
      examples: [{ invoice_id: 'INV-3001' }],
    },
    outputSchema: { type: 'object', properties: { status: { type: 'string' } } },
    annotations: { readOnlyHint: true, destructiveHint: false },
    ...change,
  }
}

/** The same tool with these inputs, each by its schema. */
export function toolTaking(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return toolWith({ inputSchema: { type: 'object', properties, examples: [{}] } })
}

export const TEXT = { type: 'string' } as const
