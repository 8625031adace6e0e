import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../support/command.js'
import { commandOf, run } from './servers.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, content: unknown): string {
  const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content)
  writeFileSync(join(folder, name), text)
  return name
}

const audit = (target: string, options: Parameters<typeof run>[1] = {}) => run(target, { cwd: folder, ...options })
const words = commandOf('shop-program.ts')
  .replace(/^stdio: /, '')
  .split(' ')
  .map((word) => word.slice(1, -1))
const [command = '', ...args] = words
const direct = { command: 'uvx', args: ['postgres-mcp'] }

describe('a file', () => {
  it('with the sample has its six tools', async () => {
    const { summary } = await run('examples/dangerous-mcp-tools.json', { cwd: projectRoot })
    expect(summary).toMatchObject({ tools_inspected: 6, high: 13 })
  })

  it('of a client is checked for servers with direct authority', async () => {
    const text = `// written by hand\n{ "servers": { "db": ${JSON.stringify(direct)}, }, }`
    const report = await audit(write('mcp.json', text))
    expect(report.findings.map(({ code }) => code)).toEqual(['MCP_BYPASS_DIRECT_AUTHORITY', 'NO_TOOLS_FOUND'])
    expect(report.bypass_check).toMatchObject({ mode: 'static_config', direct_bypass_observed: true })
  })

  it('may begin with a byte order mark', async () => {
    expect((await audit(write('bom.json', '\uFEFF{"tools":[]}'))).summary.tools_inspected).toBe(0)
  })

  it.each([
    ['no JSON', 'tools'],
    ['nothing', ''],
    ['a web page', '<!doctype html><p>Sign in</p>'],
    ['neither tools nor servers', '{"a":1}'],
    ['something that is no tool', '{"tools":[{}]}'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['JSON that is cut off', '{"tools":[{"name":"a"'],
    ['nothing but brackets', '['.repeat(1_000_000)],
  ])('is refused that holds %s', async (_, content) => {
    const error = await audit(write('bad.json', content)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/^(bad\.json|Item 1)/) })
  })

  it.each(['absent.json', '.', '', '/dev/zero', 'a\0b'])('is refused that is none: %j', async (target) => {
    await expect(audit(target)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('is refused that is too large, or a pipe that nobody writes to', async () => {
    write('large.json', '')
    truncateSync(join(folder, 'large.json'), 1024 ** 3)
    await expect(audit('large.json')).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await expect(audit('pipe')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

describe('the configuration of a client beside a target', () => {
  const tools = write('tools.json', { tools: [{ name: 'inspect_invoice' }] })

  it('is a finding where another server has direct authority', async () => {
    const mcp_config = write('client.json', { mcpServers: { db: direct } })
    const report = await audit(tools, { mcp_config })
    expect(report.summary.tools_inspected).toBe(1)
    expect(report.findings[0]).toMatchObject({ code: 'MCP_BYPASS_DIRECT_AUTHORITY', severity: 'HIGH' })
  })

  it('starts only the servers that are named', async () => {
    const never = { command: process.execPath, args: ['-e', `require('node:fs').writeFileSync('started', '')`] }
    const mcp_config = write('client.json', { mcpServers: { shop: { command, args }, never } })
    const report = await audit(tools, { mcp_config, live: ['shop'] })
    expect(report.bypass_check).toMatchObject({
      mode: 'selected_live_tools_list',
      servers: [
        { server: 'shop', status: 'observed_direct_authority', tools_observed: ['delete_order'] },
        { server: 'never', status: 'requires_operator_verification', tools_observed: [] },
      ],
      unverified_servers: 1,
    })
    expect(() => rmSync(join(folder, 'started'))).toThrow()
  })

  it.each([
    ['a server that it lacks', { live: ['other'] }],
    ['a file that is none', { mcp_config: tools }],
  ])('is refused with %s', async (_, options) => {
    const mcp_config = write('client.json', { mcpServers: {} })
    await expect(audit(tools, { mcp_config, ...options })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
