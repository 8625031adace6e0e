import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot, runCommand } from '../support/command.js'

const databaseClients = ['mysql2', 'pg']

it.each(['index.js', 'testing.js'])('%s loads no framework and no database client', async (entry) => {
  const { exitCode, stdout, output } = await runCommand(
    process.execPath,
    join(projectRoot, 'test/package/loaded-packages.mjs'),
    join(projectRoot, 'dist', entry),
  )
  expect(exitCode, output).toBe(0)

  const loaded = JSON.parse(stdout) as string[]
  const light = (await dependencies()).filter((name) => !databaseClients.includes(name))
  expect(loaded.filter((name) => !light.includes(name))).toEqual([])
})

const frameworks = ['ai', '@openai/agents', '@langchain/core', '@langchain/langgraph', '@modelcontextprotocol/sdk']

it.each([
  ['ai.js', ['ai']],
  ['openai-agents.js', ['@openai/agents', '@modelcontextprotocol/sdk']],
  ['langgraph.js', ['@langchain/core', '@langchain/langgraph']],
  ['mcp.js', ['@modelcontextprotocol/sdk']],
  ['function-calling.js', []],
  ['handler.js', []],
])('%s loads its own framework and no other', async (entry, own) => {
  const { exitCode, stdout, output } = await runCommand(
    process.execPath,
    join(projectRoot, 'test/package/loaded-packages.mjs'),
    join(projectRoot, 'dist', entry),
  )
  expect(exitCode, output).toBe(0)
  const loaded = JSON.parse(stdout) as string[]
  const foreign = [...frameworks, ...databaseClients].filter((name) => !own.includes(name))
  expect(loaded.filter((name) => foreign.includes(name))).toEqual([])
})

it('cli.js loads nothing that is installed beside it', async () => {
  const { exitCode, stdout, output } = await runCommand(
    process.execPath,
    join(projectRoot, 'test/package/loaded-packages.mjs'),
    join(projectRoot, 'dist/cli.js'),
    '--version',
  )
  expect(exitCode, output).toBe(0)
  expect(JSON.parse(stdout.split('\n').at(-1) ?? '')).toEqual([])
})

async function dependencies(): Promise<readonly string[]> {
  const manifest = await readFile(join(projectRoot, 'package.json'), 'utf8')
  return Object.keys((JSON.parse(manifest) as { dependencies: Record<string, string> }).dependencies)
}
