import * as z from 'zod'
import { inlineEvidence } from '../../contract/adapter-schema.js'
import { ERROR_CODES, type ErrorCode } from '../../errors.js'
import { envelope } from '../../protocol/envelope.js'
import { page } from './common.js'

const errorCodes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]
const kind = z.enum(['read', 'proposal', 'workflow', 'status'])
const names = { name: z.string(), wire_name: z.string().regex(/^\w{1,64}$/), kind, capability: z.string().nullable() }

const tool = z.strictObject({ ...names, title: z.string() })

const previewed = z.strictObject({
  ...names,
  title: z.string(),
  description: z.string(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  inline_evidence: inlineEvidence(),
  tokens: z.int().min(1),
})

const preview = z.strictObject({
  adapter: z.string().nullable(),
  mode: z.enum(['read_only', 'shadow', 'review', 'cloud']),
  tools: z.array(previewed),
  tokens: z.int().min(0),
  not_exposed: z.strictObject({
    columns: z.array(
      z.strictObject({
        source: z.string(),
        table: z.string(),
        columns: z.array(z.string()),
        is_complete: z.boolean(),
        code: z.enum(errorCodes).exactOptional(),
      }),
    ),
    capabilities: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['read', 'proposal', 'workflow']),
        by: z.enum(['mode', 'adapter']),
      }),
    ),
    verbs: z.array(z.string()),
  }),
})

const adapter = z.strictObject({
  name: z.string(),
  type: z.enum(['mcp', 'openai_agents', 'langgraph', 'ai_sdk', 'function_calling']),
  tools: z.array(z.strictObject({ ...names, capability: z.string(), inline_evidence: inlineEvidence() })),
})

const claim = z.strictObject({ claim: z.string() })

const shownAdapter = adapter.extend({
  roles: z.array(z.string()).nullable(),
  tenants: z.array(z.string()).nullable(),
  require_evidence: z.boolean(),
  session_bind: z
    .strictObject({
      tenant_id: claim,
      principal: claim,
      on_behalf_of: claim.exactOptional(),
      roles: claim.exactOptional(),
    })
    .nullable(),
})

const demo = z.strictObject({
  folder: z.string().nullable(),
  steps: z.array(z.strictObject({ title: z.string(), outcome: z.string() })),
  next: z.array(z.string()),
})

const smoke = z.strictObject({
  ok: z.boolean(),
  steps: z.array(
    z.strictObject({
      step: z.enum(['read', 'propose', 'read_again', 'compare', 'withdraw']),
      capability: z.string().exactOptional(),
      ok: z.boolean(),
      summary: z.string(),
      code: z.enum(errorCodes).exactOptional(),
    }),
  ),
  source_unchanged: z.boolean().nullable(),
  row_digests: z.array(z.string()),
  proposal_id: z.string().nullable(),
  is_kept: z.boolean(),
})

/** What the commands on the agent's side print with `--json`. */
export const AGENT_DOCUMENTS = {
  'tools list': page(tool),
  'tools preview': preview,
  'adapters list': page(adapter),
  'adapters show': shownAdapter,
  call: envelope(),
  propose: envelope(),
  'smoke run': smoke,
  demo,
} satisfies Readonly<Record<string, z.ZodType>>
