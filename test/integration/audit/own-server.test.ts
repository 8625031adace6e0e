import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { describe, expect, it } from 'vitest'
import { createMcpServer } from '../../../adapters/mcp/index.js'
import { WORKFLOW_CONTRACT } from '../../../examples/demo/contract.js'
import { audit } from '../../../src/audit/audit.js'
import { parseTools } from '../../../src/audit/manifest.js'
import type { AuditReport } from '../../../src/audit/report.js'
import { type Config, createRunner, loadConfig, type ToolOptions } from '../../../src/index.js'
import { projectRoot } from '../../support/command.js'

const recipes = readdirSync(join(projectRoot, 'recipes')).filter((file) => file.endsWith('.json'))

/** What an audit finds in the server that is made of a contract, for one session. */
async function reportOn(contract: object, options: ToolOptions): Promise<AuditReport> {
  const runner = createRunner({ ...contract, trusted_context: { provider: 'session' } } as Config, { env: {} })
  const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' })
  const [near, far] = InMemoryTransport.createLinkedPair()
  await createMcpServer(session, options).connect(far)
  const client = new Client({ name: 'test', version: '1.0.0' })
  await client.connect(near)
  const { tools } = await client.listTools()
  await client.close()
  await runner.close()
  return audit({ target: 'ours', tools: parseTools(tools), now: new Date('2030-03-04T09:15:00Z') })
}

describe('our own server has nothing above LOW against it', () => {
  it.each(recipes)('with the recipe %s', async (file) => {
    const { summary } = await reportOn(loadConfig(join(projectRoot, 'recipes', file)), {})
    expect(summary).toMatchObject({ tools_inspected: 2, high: 0, medium: 0 })
  })

  it.each(['capabilities', 'workflows', 'both'] as const)('with %s of a contract that has a workflow', async (mode) => {
    const { summary, authority_map } = await reportOn(WORKFLOW_CONTRACT, { mode, status_tool: true })
    expect(summary).toMatchObject({ high: 0, medium: 0 })
    expect(summary.tools_inspected).toBeGreaterThan(1)
    expect(authority_map.items).toContainEqual(expect.objectContaining({ authority: 'proposal', status: 'observed' }))
  })

  it('where descriptions and names are left to it', async () => {
    const capabilities = WORKFLOW_CONTRACT.capabilities.map(({ description: _, ...capability }) => capability)
    const workflows = WORKFLOW_CONTRACT.workflows.map(({ description: _, ...workflow }) => workflow)
    const { summary } = await reportOn({ ...WORKFLOW_CONTRACT, capabilities, workflows }, { mode: 'both' })
    expect(summary).toMatchObject({ tools_inspected: 3, high: 0, medium: 0 })
  })

  it('where a proposal is named by what it leads to', async () => {
    const capabilities = WORKFLOW_CONTRACT.capabilities.map((capability) =>
      capability.kind === 'proposal' ? { ...capability, name: 'billing.waive_fee' } : capability,
    )
    const { summary } = await reportOn({ ...WORKFLOW_CONTRACT, capabilities, workflows: [] }, {})
    expect(summary).toMatchObject({ tools_inspected: 2, high: 0, medium: 0 })
  })
})
