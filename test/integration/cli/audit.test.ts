import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf, errorCodeOf } from '../../support/cli.js'
import { projectRoot } from '../../support/command.js'

const SAMPLE = join(projectRoot, 'examples/dangerous-mcp-tools.json')

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
})

afterAll(() => desk.close())

it.each([80, 120])('tells of the sample in %i columns', async (columns) => {
  const { exit_code, out } = await desk.run(['audit', SAMPLE], { columns })
  expect(exit_code).toBe(0)
  await expect(out.replaceAll(SAMPLE, 'tools.json')).toMatchFileSnapshot(`snapshots/audit-${columns}.txt`)
})

it('prints its report as the schema says, by --json and by --format json', async () => {
  const byFlag = await desk.run(['audit', SAMPLE, '--json'])
  const byFormat = await desk.run(['mcp', 'audit', SAMPLE, '--format', 'json'])
  expect(documentOf('audit', byFlag)).toMatchObject({ schema_version: 'synapsor.mcp-audit.v1' })
  expect(byFormat.out).toBe(byFlag.out)
})

it('is SARIF and Markdown too', async () => {
  expect((await desk.run(['audit', SAMPLE, '--format', 'sarif'])).document).toMatchObject({ version: '2.1.0' })
  expect((await desk.run(['audit', SAMPLE, '--format', 'markdown'])).out).toMatch(/^# /)
})

it('fails where it was told to', async () => {
  writeFileSync(join(desk.folder, 'harmless.json'), JSON.stringify({ tools: [] }))
  expect((await desk.run(['audit', SAMPLE, '--fail-on', 'high'])).exit_code).toBe(1)
  expect((await desk.run('audit harmless.json --fail-on high')).exit_code).toBe(0)
})

it('takes the configuration of a client alone', async () => {
  const servers = { postgres: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-postgres'] } }
  writeFileSync(join(desk.folder, 'mcp.json'), JSON.stringify({ mcpServers: servers }))
  const result = await desk.run('audit --mcp-config mcp.json --fail-on high --json')
  expect(result.exit_code).toBe(1)
  documentOf('audit', result)
})

it.each([
  ['audit', 2, 'INVALID_ARGUMENT'],
  ['audit nowhere.json', 1, 'INVALID_ARGUMENT'],
  ['audit http://127.0.0.1:1/mcp', 1, 'SOURCE_UNAVAILABLE'],
  ['audit x.json --format text', 2, 'INVALID_ARGUMENT'],
])('refuses %s with %i', async (line, exit_code, code) => {
  const result = await desk.run(`${line} --json`)
  expect([result.exit_code, errorCodeOf(result)]).toEqual([exit_code, code])
})
