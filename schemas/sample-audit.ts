import { audit } from '../src/audit/audit.js'
import { checkBypass } from '../src/audit/bypass.js'
import { parseClientConfig } from '../src/audit/client-config.js'
import { parseTools } from '../src/audit/manifest.js'

const mounted = { mcpServers: { invoices: { command: 'npx', args: ['mcp-server-postgres'] } } }

/** What is said of the tools of a server that hands out too much. */
export const sampleAudit = audit({
  target: 'tools.json',
  tools: parseTools([
    { name: 'approve_late_fee_waiver', inputSchema: { properties: { tenant_id: { type: 'string' } } } },
  ]),
  bypass: checkBypass(parseClientConfig(mounted) ?? []),
  now: new Date('2030-03-04T09:00:00.000Z'),
})
