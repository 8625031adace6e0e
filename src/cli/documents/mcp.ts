import * as z from 'zod'
import { auditReport } from '../../audit/report.js'

/** What the commands around MCP print with `--json`. */
export const MCP_DOCUMENTS = {
  audit: auditReport(),
  'mcp config': z.strictObject({
    client: z.string(),
    place: z.string(),
    snippet: z.string(),
    command: z.string(),
    args: z.array(z.string()),
    variables: z.array(z.string()),
  }),
} satisfies Readonly<Record<string, z.ZodType>>
