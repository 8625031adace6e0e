import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf } from '../support/cli.js'
import { cliEnvironment, runCliProcess } from '../support/cli-process.js'
import { projectRoot, runCommand } from '../support/command.js'

let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})

afterEach(() => desk.close())

const TOOLS = ['billing__inspect_invoice', 'billing__propose_late_fee_waiver', 'billing__waive_late_fee']

async function snippetFor(client: string, ...more: readonly string[]): Promise<string> {
  const { exit_code, out, err } = await runCliProcess({ cwd: desk.folder }, 'mcp', 'config', client, ...more)
  expect([exit_code, err]).toEqual([0, expect.stringContaining('Paste this into')])
  return out
}

/** Starts what a snippet says, from another folder, and lists the tools. */
async function toolsOf({ command, args }: { command: string; args: string[] }): Promise<readonly string[]> {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StdioClientTransport({ command, args, cwd: '/', env: cliEnvironment(), stderr: 'ignore' })
  await client.connect(transport)
  try {
    const { tools } = await client.listTools()
    return tools.map(({ name }) => name)
  } finally {
    await client.close()
  }
}

it.each([
  ['claude-desktop', 'mcpServers'],
  ['claude-code', 'mcpServers'],
  ['cursor', 'mcpServers'],
  ['vscode', 'servers'],
  ['generic', 'mcpServers'],
])('what is printed for %s starts a server that reads and proposes and no more', async (client, key) => {
  const { [key]: servers } = JSON.parse(await snippetFor(client))
  expect(Object.keys(servers)).toEqual(['synapsor'])
  const names = await toolsOf(servers.synapsor)
  expect(names).toEqual(TOOLS)
  expect(names.filter((name) => /sql|query|approve|apply|execute/.test(name))).toEqual([])
})

it('what is printed for openai-agents is a module that does the same', async () => {
  const folder = mkdtempSync(join(projectRoot, 'build', 'agent-'))
  try {
    writeFileSync(join(folder, 'agent.mjs'), await snippetFor('openai-agents'))
    writeFileSync(
      join(folder, 'main.mjs'),
      "import { server } from './agent.mjs'\nawait server.connect()\nconst tools = await server.listTools()\nconsole.log(JSON.stringify(tools.map(({ name }) => name)))\nawait server.close()\n",
    )
    const { exitCode, stdout, output } = await runCommand(process.execPath, join(folder, 'main.mjs'))
    expect(exitCode, output).toBe(0)
    expect(JSON.parse(stdout)).toEqual(TOOLS)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('names the variables that the server needs, and none of their values', async () => {
  const environment = { provider: 'environment', values: { tenant_id_env: 'DESK_TENANT', principal_env: 'DESK_WHO' } }
  const contract = JSON.parse(readFileSync(join(desk.folder, 'synapsor.runner.json'), 'utf8'))
  writeFileSync(join(desk.folder, 'env.json'), JSON.stringify({ ...contract, trusted_context: environment }))
  const where = { cwd: desk.folder, env: { DESK_TENANT: 'acme', DESK_WHO: 'sam' } }
  const bare = await runCliProcess(where, 'mcp', 'config', 'cursor', '--config', 'env.json')
  expect(bare.err).toContain('DESK_TENANT, DESK_WHO')
  expect(bare.out).not.toMatch(/acme|sam"/)

  writeFileSync(join(desk.folder, '.env'), 'DESK_TENANT=acme\nDESK_WHO=sam\n')
  const withFile = await runCliProcess(where, 'mcp', 'config', 'cursor', '--config', 'env.json', '--dotenv', '.env')
  expect(await toolsOf(JSON.parse(withFile.out).mcpServers.synapsor)).toEqual(TOOLS)
})

it('prints a document, and refuses a client that it does not know', async () => {
  const printed = await runCliProcess({ cwd: desk.folder }, 'mcp', 'config', 'vscode', '--json')
  documentOf('mcp config', { exit_code: 0, out: printed.out, err: '', document: JSON.parse(printed.out) })
  const unknown = await runCliProcess({ cwd: desk.folder }, 'mcp', 'config', 'emacs')
  expect(unknown).toMatchObject({ exit_code: 2, out: '' })
  expect(unknown.err).toContain('claude-desktop')
})
