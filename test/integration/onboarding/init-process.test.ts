import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as z from 'zod'
import { projectRoot } from '../../support/command.js'
import { CALLER, createFolder, createShop, type Folder } from '../../support/onboarding.js'
import { runNode } from '../../unit/docs/run-program.js'

let folder: Folder

beforeEach(async () => {
  folder = createFolder()
  await createShop(folder)
})

afterEach(() => folder.remove())

const program = join(projectRoot, 'src/cli/main.ts')
const launch = z.object({ command: z.string(), args: z.array(z.string()) })
const snippet = z.object({ mcpServers: z.object({ synapsor: launch }) })

it('leaves what a client starts the server with, which has the tools of the contract and no other', async () => {
  const line = 'init --path shop.db --table invoices --yes --patch late_fee_cents=fixed:0'
  const { exitCode, stderr } = await runNode([program, ...line.split(' ')], { cwd: folder.path })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const { command, args } = snippet.parse(JSON.parse(folder.read('.synapsor/mcp/generic-stdio.json'))).mcpServers
    .synapsor

  const { PATH = '', HOME = '' } = process.env
  const client = new Client({ name: 'desk', version: '1' })
  await client.connect(
    new StdioClientTransport({ command, args, env: { PATH, HOME, ...CALLER }, cwd: '/', stderr: 'ignore' }),
  )
  try {
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['invoices__inspect_invoice', 'invoices__propose_invoice_update'])
    const result = await client.callTool({ name: 'invoices__inspect_invoice', arguments: { invoice_id: 'INV-1' } })
    expect(result.structuredContent).toMatchObject({ ok: true, data: { customer: 'Ann Archer' } })
  } finally {
    await client.close()
  }
})
