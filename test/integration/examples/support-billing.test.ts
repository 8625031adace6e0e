import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { runCommandLine } from '../../../examples/reference/command-line.js'
import { openSupportBilling, type SupportBilling } from '../../../examples/support-billing/app.js'
import { projectRoot } from '../../support/command.js'
import { commandsIn, exportedBy, leftInPostgres, PATIENT, printedIn, runExample, startKept } from './example.js'

const NAME = 'support-billing'

describe('examples/support-billing', PATIENT, () => {
  it('tells what its page says, and leaves nothing behind', async () => {
    const { exitCode, stdout } = await runExample(NAME)

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: printedIn(NAME) })
    expect(await leftInPostgres('support_billing_')).toEqual([])
  })

  it('is kept for somebody who goes on by hand, until they are done', async () => {
    const example = startKept(NAME)
    const ended = once(example, 'exit')
    const env = await exportedBy(example)

    for (const line of commandsIn(NAME)) expect(await ranByHand(line, env)).toEqual({ line, exitCode: 0 })
    const { stdout } = await runCommandLine(['proposals', 'list', '--json'], env)
    const statuses = JSON.parse(stdout).items.map(({ status }: { status: string }) => status)
    expect(statuses).toEqual(['applied', 'applied', 'conflict', 'applied'])
    expect(await leftInPostgres('support_billing_')).toHaveLength(3)

    example.kill('SIGINT')
    expect(await ended).toEqual([0, null])
    expect(await leftInPostgres('support_billing_')).toEqual([])
  })
})

/** A person at a terminal would be asked; here, what they looked at stands in the line. */
async function ranByHand(line: string, env: Readonly<Record<string, string>>) {
  const words = line.split(' ')
  if (words[1] === 'approve') words.push('--yes', '--hash', await hashOfLatest(env))
  const { exitCode } = await runCommandLine(words, env)
  return { line, exitCode }
}

async function hashOfLatest(env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await runCommandLine(['proposals', 'show', 'latest', '--json'], env)
  return JSON.parse(stdout).hash
}

describe('the client of examples/support-billing', () => {
  const { mcpServers } = JSON.parse(
    readFileSync(join(projectRoot, 'examples', NAME, 'mcp-client.generic.json'), 'utf8'),
  )
  const { command, args } = mcpServers.synapsor
  let app: SupportBilling
  beforeAll(async () => {
    vi.stubEnv('TEST_POSTGRES_URL', inject('postgresAdminUrl'))
    app = await openSupportBilling('support_client')
  })
  afterAll(async () => {
    await app.close()
    vi.unstubAllEnvs()
  })

  it('is what mcp config prints, with paths that begin at the root of the project', async () => {
    const config = join(projectRoot, 'examples', NAME, 'synapsor.runner.json')
    const { stdout } = await runCommandLine(['mcp', 'config', 'generic', '--config', config], {})

    const printed = JSON.parse(stdout).mcpServers.synapsor.args.map((arg: string) => arg.replace(projectRoot, ''))
    expect(args.slice(2)).toEqual(printed.slice(-args.length + 2))
  })

  it('starts a server that reads and proposes, and can do nothing else', async () => {
    const { SUPPORT_BILLING_READ_URL } = app.urls
    const trusted = { SYNAPSOR_TENANT_ID: 'acme', SYNAPSOR_PRINCIPAL: 'a_client', SYNAPSOR_STORE: app.ledger }
    const env = { PATH: process.env.PATH ?? '', SUPPORT_BILLING_READ_URL, ...trusted }
    const client = new Client({ name: 'client', version: '1.0.0' })
    await client.connect(new StdioClientTransport({ command, args, env, cwd: projectRoot, stderr: 'ignore' }))

    const { tools } = await client.listTools()
    const call = { name: 'billing__inspect_invoice', arguments: { invoice_id: 'INV-3001' } }
    const { structuredContent } = await client.callTool(call)
    await client.close()

    expect(tools.map(({ name }) => name)).toEqual([
      'support__inspect_ticket',
      'support__propose_plan_credit',
      'billing__inspect_invoice',
      'billing__propose_late_fee_waiver',
    ])
    expect(structuredContent).toMatchObject({ ok: true, data: { id: 'INV-3001', late_fee_cents: 5500 } })
  })
})
