import * as z from 'zod'
import { once } from '../protocol/once.js'
import { capabilityName, personName } from './names.js'

/** How much of an answer a model sees. */
export const inlineEvidence = once(() =>
  z
    .enum(['full', 'summary', 'handles_only'])
    .describe(
      'What a model sees of an answer: `full`, all of it; `summary`, no rows; `handles_only`, the sentence and the handles. The host has all of it.',
    ),
)

/** The name of an adapter, as `mcp.support_agent`. */
export const adapterName = once(() =>
  z.string().regex(/^(?!__proto__$)[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, {
    error: 'An adapter is named by letters, digits, underscores, hyphens and dots, at most 128 characters.',
  }),
)

/** Names that begin with `synapsor` are for tools of our own. */
const toolName = once(() =>
  z
    .string()
    .max(64)
    .regex(/^(?!__proto__$)(?!synapsor(?:[._]|$))[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/i, {
      error:
        'A tool is named by letters, digits and underscores, with dots between, at most 64 characters, and not beginning with synapsor.',
    }),
)

const claim = (label: string) =>
  z.strictObject({ claim: z.string().min(1).max(256).describe('Name of the claim.') }).describe(label)

const exposure = once(() =>
  z.strictObject({
    capability: capabilityName().exactOptional().describe('The capability that is shown.'),
    workflow: capabilityName().exactOptional().describe('Or the workflow that is shown, whole, as one tool.'),
    as: toolName().exactOptional().describe('Its name as a tool. Default: that of the capability.'),
    mode: z.literal('propose_only').exactOptional().describe('Says that the tool proposes: refused on a read.'),
    inline_evidence: inlineEvidence().exactOptional(),
  }),
)

/** What one framework is shown, and who may use it. */
export const adapterSchema = once(() =>
  z.strictObject({
    type: z
      .enum(['mcp', 'openai_agents', 'langgraph', 'ai_sdk', 'function_calling'])
      .describe('The framework that it is for.'),
    expose: z
      .array(exposure())
      .min(1)
      .exactOptional()
      .describe('What is shown, and under which name. Default: all that the mode allows.'),
    inline_evidence: inlineEvidence().exactOptional(),
    session_bind: z
      .strictObject({
        tenant_id: claim('The verified claim that holds the tenant.'),
        principal: claim('The verified claim that holds the principal.'),
        on_behalf_of: claim('The verified claim that holds the person whom the principal acts for.').exactOptional(),
        roles: claim('The verified claim that lists the roles of the session.').exactOptional(),
      })
      .exactOptional()
      .describe('Which claims `runner.session({ claims })` takes tenant and principal from.'),
    deny_raw_sql: z.literal(true).default(true).describe('Always true: there is no tool that takes SQL.'),
    require_evidence: z.boolean().default(false).describe('An answer that cites no evidence is an error.'),
    roles: z.array(personName()).min(1).exactOptional().describe('Sessions need one of these roles.'),
    tenants: z.array(z.string().min(1).max(256)).min(1).exactOptional().describe('Sessions of these tenants only.'),
  }),
)
