import type { z } from 'zod'
import { AGENT_DOCUMENTS } from './agent.js'
import { CONTRACT_DOCUMENTS } from './contract.js'
import { HANDLER_DOCUMENTS } from './handler.js'
import { INSPECTION_DOCUMENTS } from './inspection.js'
import { LEDGER_DOCUMENTS } from './ledger.js'
import { MCP_DOCUMENTS } from './mcp.js'
import { ONBOARDING_DOCUMENTS } from './onboarding.js'
import { PROPOSAL_DOCUMENTS } from './proposals.js'
import { RECORD_DOCUMENTS } from './records.js'

export { errorDocument } from './common.js'

/** What each command prints with `--json`, by its name. For the published schemas and for tests; commands never load it. */
export const DOCUMENTS: Readonly<Record<string, z.ZodType>> = {
  ...CONTRACT_DOCUMENTS,
  ...ONBOARDING_DOCUMENTS,
  ...INSPECTION_DOCUMENTS,
  ...AGENT_DOCUMENTS,
  ...PROPOSAL_DOCUMENTS,
  ...RECORD_DOCUMENTS,
  ...LEDGER_DOCUMENTS,
  ...MCP_DOCUMENTS,
  ...HANDLER_DOCUMENTS,
}
