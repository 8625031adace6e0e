import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { audit, failsOn } from '../../../src/audit/audit.js'
import { AUDIT_CODES, remediationUrl } from '../../../src/audit/codes.js'
import { parseManifest } from '../../../src/audit/manifest.js'
import { auditReport } from '../../../src/audit/report.js'
import { projectRoot } from '../../support/command.js'
import { reportOn, toolWith } from './audited.js'

const sample: unknown = JSON.parse(readFileSync(join(projectRoot, 'examples', 'dangerous-mcp-tools.json'), 'utf8'))
const now = new Date('2030-03-04T09:15:00Z')
const report = audit({ target: 'dangerous-mcp-tools.json', tools: parseManifest(sample) ?? [], now })

describe('the sample of dangerous tools', () => {
  it('gives exactly these findings', () => {
    const found = report.findings.map(({ severity, code, tool }) => `${severity} ${code} ${tool}`)
    expect(found).toEqual([
      'HIGH GENERIC_SQL_TOOL execute_sql',
      'HIGH WRITE_TOOL_ACCEPTS_ARBITRARY_SQL execute_sql',
      'HIGH ARBITRARY_IDENTIFIER_INPUT fetch_rows',
      'HIGH ARBITRARY_PREDICATE_INPUT fetch_rows',
      'HIGH ARBITRARY_PREDICATE_INPUT lookup_subscription',
      'HIGH MODEL_CONTROLLED_TRUST_SCOPE getInvoice',
      'HIGH MODEL_CONTROLLED_TRUST_SCOPE approve_refund',
      'HIGH MODEL_CONTROLLED_TRUST_SCOPE lookup_subscription',
      'HIGH MODEL_CALLABLE_COMMIT_OR_APPROVAL approve_refund',
      'HIGH WRITE_WITHOUT_PROPOSAL_BOUNDARY execute_sql',
      'HIGH WRITE_WITHOUT_PROPOSAL_BOUNDARY approve_refund',
      'HIGH WRITE_WITHOUT_PROPOSAL_BOUNDARY customer-delete',
      'HIGH WRITE_WITHOUT_PROPOSAL_BOUNDARY lookup_subscription',
      'MEDIUM NO_STRUCTURED_OUTPUT_SCHEMA execute_sql',
      'MEDIUM NO_STRUCTURED_OUTPUT_SCHEMA fetch_rows',
      'MEDIUM NO_STRUCTURED_OUTPUT_SCHEMA approve_refund',
      'MEDIUM NO_STRUCTURED_OUTPUT_SCHEMA customer-delete',
      'MEDIUM NO_STRUCTURED_OUTPUT_SCHEMA lookup_subscription',
      'MEDIUM NO_IDEMPOTENCY_FIELD execute_sql',
      'MEDIUM NO_IDEMPOTENCY_FIELD approve_refund',
      'MEDIUM NO_IDEMPOTENCY_FIELD customer-delete',
      'MEDIUM NO_IDEMPOTENCY_FIELD lookup_subscription',
      'MEDIUM NO_CONFLICT_GUARD execute_sql',
      'MEDIUM NO_CONFLICT_GUARD approve_refund',
      'MEDIUM NO_CONFLICT_GUARD customer-delete',
      'MEDIUM AMBIGUOUS_READ_WRITE_TOOL lookup_subscription',
      'LOW MISSING_BUSINESS_DESCRIPTION customer-delete',
      'LOW MISSING_RISK_ANNOTATIONS execute_sql',
      'LOW MISSING_RISK_ANNOTATIONS approve_refund',
      'LOW MISSING_TEST_FIXTURE execute_sql',
      'LOW MISSING_TEST_FIXTURE fetch_rows',
      'LOW MISSING_TEST_FIXTURE approve_refund',
      'LOW MISSING_TEST_FIXTURE customer-delete',
      'LOW MISSING_TEST_FIXTURE lookup_subscription',
    ])
    expect(report.summary).toEqual({ tools_inspected: 6, high: 13, medium: 13, low: 8, total_findings: 34 })
  })

  it('gives a closed report at the time of its clock', () => {
    expect(auditReport().parse(report)).toEqual(report)
    expect(auditReport().safeParse({ ...report, extra: 1 }).success).toBe(false)
    expect(report.generated_at).toBe('2030-03-04T09:15:00.000Z')
  })

  it('says what a model could do, and what nobody can see', () => {
    const statuses = Object.fromEntries(
      report.authority_map.items.map(({ authority, status, tools }) => [authority, [status, ...tools]]),
    )
    expect(statuses).toMatchObject({
      arbitrary_query: ['observed', 'execute_sql'],
      trust_scope: ['observed', 'getInvoice', 'approve_refund', 'lookup_subscription'],
      proposal: ['not_observed'],
      other_servers: ['requires_operator_verification'],
      server_credentials: ['outside_static_audit_visibility'],
    })
  })
})

it('a report fails on its level and above', () => {
  const levels = ['high', 'medium', 'low', 'none'] as const
  const failing = (tool: unknown) => levels.filter((level) => failsOn(reportOn(tool), level))
  expect(failing(toolWith({ name: 'execute_sql' }))).toEqual(['high', 'medium', 'low'])
  expect(failing(toolWith({ outputSchema: undefined }))).toEqual(['medium', 'low'])
  expect(failing(toolWith({ description: '' }))).toEqual(['low'])
  expect(failing(toolWith())).toEqual([])
})

describe('the page about the audit', () => {
  const page = readFileSync(join(projectRoot, 'docs', 'mcp-audit.md'), 'utf8')
  const headings = [...page.matchAll(/^### ([A-Z_]+)$/gm)].map(([, heading]) => heading)

  it('has a section for each code, in the order of the table', () => {
    expect(headings).toEqual(Object.keys(AUDIT_CODES))
  })

  it('is where each finding points to', () => {
    expect(readdirSync(join(projectRoot, 'docs'))).toContain('mcp-audit.md')
    expect(remediationUrl('NO_TOOLS_FOUND')).toMatch(/^https:\/\/.+\/mcp-audit\.md#no_tools_found$/)
  })
})
