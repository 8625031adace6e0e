import * as z from 'zod'
import { once } from '../protocol/once.js'
import type { DeepReadonly } from '../protocol/readonly.js'

/** How much a finding weighs, heaviest first. */
export const SEVERITIES = ['HIGH', 'MEDIUM', 'LOW'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Stands in every report: what an audit is not. */
export const DISCLAIMER = 'This is a static risk review, not proof that an MCP server is secure.'

const count = once(() => z.int().min(0))

const authorityItem = once(() =>
  z.strictObject({
    authority: z.string(),
    label: z.string(),
    status: z.enum(['observed', 'not_observed', 'requires_operator_verification', 'outside_static_audit_visibility']),
    tools: z.array(z.string()),
    evidence: z.string(),
  }),
)

const serverCheck = once(() =>
  z.strictObject({
    server: z.string(),
    status: z.enum(['observed_direct_authority', 'no_direct_authority_observed', 'requires_operator_verification']),
    transport: z.enum(['stdio', 'remote', 'unknown']),
    tools_observed: z.array(z.string()),
    evidence: z.string(),
    remediation: z.string(),
  }),
)

const bypassCheck = once(() =>
  z.strictObject({
    mode: z.enum(['static_config', 'selected_live_tools_list']),
    servers: z.array(serverCheck()),
    direct_bypass_observed: z.boolean(),
    unverified_servers: count(),
    warning: z.string(),
  }),
)

const finding = once(() =>
  z.strictObject({
    severity: z.enum(SEVERITIES),
    code: z.string(),
    tool: z.string().exactOptional(),
    message: z.string(),
    evidence: z.array(z.string()),
    recommendation: z.string(),
    remediation_url: z.url(),
  }),
)

/** What an audit found, `synapsor.mcp-audit.v1`. Closed: other tools read it. */
export const auditReport = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.mcp-audit.v1'),
    target: z.string(),
    disclaimer: z.literal(DISCLAIMER),
    generated_at: z.iso.datetime({ offset: true }),
    summary: z.strictObject({
      tools_inspected: count(),
      high: count(),
      medium: count(),
      low: count(),
      total_findings: count(),
    }),
    authority_map: z.strictObject({ items: z.array(authorityItem()), visibility_limit: z.string() }),
    bypass_check: bypassCheck().exactOptional(),
    findings: z.array(finding()),
  }),
)

/** What an audit found. `tool` and `evidence` hold text of the audited server: escape it where it is shown. */
export type AuditReport = DeepReadonly<z.infer<ReturnType<typeof auditReport>>>
export type Finding = AuditReport['findings'][number]
export type AuthorityItem = AuditReport['authority_map']['items'][number]
export type BypassCheck = NonNullable<AuditReport['bypass_check']>
export type ServerCheck = BypassCheck['servers'][number]
