import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { projectRoot, runCommand } from '../support/command.js'

/** What the package brings with it. */
const OWN = ['zod', 'canonicalize', 'decimal.js', 'jsonc-parser', 'picocolors', '@photostructure/sqlite']

const PROGRAM = (entry: string, make: string) => `
import { createRunner } from '@synapsor/runner'
import { ${make} } from '@synapsor/runner/${entry}'

const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' }
const runner = createRunner({
  version: 1,
  mode: 'review',
  sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
  capabilities: [{
    name: 'billing.inspect_invoice', kind: 'read', source: 'shop', target,
    args: { invoice_id: { type: 'string' } }, lookup: { id_from_arg: 'invoice_id' }, visible_columns: ['id'],
  }],
}, { ledger: ':memory:' })
const made = ${make}(runner.session({ tenant_id: 'acme', principal: 'agent' }), ${entry === 'function-calling' ? "{ format: 'anthropic' }" : '{}'})
console.log(typeof made)
`

/** Installed beside one framework, and none of the others to be found. */
describe.each([
  ['ai', 'createAISDKTools', ['ai']],
  ['openai-agents', 'createOpenAIAgentsTools', ['@openai/agents']],
  ['langgraph', 'createLangGraphTools', ['@langchain/core', '@langchain/langgraph']],
  ['mcp', 'createMcpServer', ['@modelcontextprotocol/sdk']],
  ['function-calling', 'createFunctionTools', []],
])('the packed package beside what %s needs', (entry, make, frameworks) => {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-beside-'))
  beforeAll(async () => {
    const modules = join(folder, 'node_modules')
    const installed = join(modules, '@synapsor', 'runner')
    mkdirSync(installed, { recursive: true })
    const unpacked = await runCommand(
      'tar',
      '-xzf',
      inject('packageBuild').tarball,
      '-C',
      installed,
      '--strip-components=1',
    )
    expect(unpacked.exitCode, unpacked.output).toBe(0)
    for (const name of [...OWN, ...frameworks]) {
      mkdirSync(dirname(join(modules, name)), { recursive: true })
      symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name))
    }
    writeFileSync(join(folder, 'program.mjs'), PROGRAM(entry, make))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('makes its tools', async () => {
    const { exitCode, stdout, output } = await runCommand(process.execPath, join(folder, 'program.mjs'))
    expect(exitCode, output).toBe(0)
    expect(stdout.trim()).toBe('object')
  })
})
