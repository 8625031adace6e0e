import { describe, expect, it } from 'vitest'
import { audit } from '../../../src/audit/audit.js'
import { checkBypass } from '../../../src/audit/bypass.js'
import { parseClientConfig } from '../../../src/audit/client-config.js'
import { parseTools } from '../../../src/audit/manifest.js'
import { toolWith } from './audited.js'

const ours = {
  command: 'npx',
  args: ['-y', '@synapsor/runner@0.1.0', 'mcp', 'serve'],
  env: { DATABASE_URL: 'postgres://x' },
}

function statusOf(server: unknown, name = 'other'): string | undefined {
  return checkBypass(parseClientConfig({ mcpServers: { [name]: server } }) ?? []).servers[0]?.status
}

describe('the configuration of a client', () => {
  it.each([
    ['mcpServers', { mcpServers: { a: ours } }],
    ['servers', { servers: { a: ours } }],
    ['mcp.servers', { mcp: { servers: { a: ours } } }],
    ['context_servers', { context_servers: { a: { command: { path: 'npx', args: ours.args } } } }],
    ['a list', { servers: [{ name: 'a', ...ours }] }],
  ])('is read with %s', (_, config) => {
    expect(parseClientConfig(config)).toMatchObject([
      { name: 'a', transport: 'stdio', command: 'npx', args: ours.args },
    ])
  })

  it.each([[null], [[]], [{}], [{ tools: [] }]])('is none: %j', (value) => {
    expect(parseClientConfig(value)).toBeUndefined()
  })

  it.each([[{ mcpServers: 'x' }], [{ mcpServers: { a: null } }], [{ servers: [1] }]])('is refused: %j', (value) => {
    expect(() => parseClientConfig(value)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})

describe('a server of the same client', () => {
  it.each([
    ['by its package', { command: 'npx', args: ['-y', '@modelcontextprotocol/server-postgres', 'x'] }],
    ['by its program', { command: '/usr/bin/mcp-server-sqlite' }],
    ['by the URL of a database', { command: 'uvx', args: ['tool', 'postgresql://me:secret@host/db'] }],
    ['by its environment', { command: 'uvx', args: ['tool'], env: { PGPASSWORD: 'secret' } }],
    ['by its address', { url: 'https://mcp.supabase.com/mcp' }],
    ['by the tools that it lists', { command: 'tool', tools: [toolWith({ name: 'execute_sql' })] }],
    ['behind a shell', { command: 'bash', args: ['-c', 'synapsor-runner mcp serve'] }],
    ['behind a name like ours', { command: 'npx', args: ['@synapsor/runner-postgres', 'mcp'] }],
    ['behind another package', { command: 'npx', args: ['--package=mysql-mcp', 'synapsor-runner', 'mcp'] }],
  ])('has direct authority %s', (_, server) => {
    expect(statusOf(server)).toBe('observed_direct_authority')
  })

  it('has direct authority by its name', () => {
    expect(statusOf({ command: 'tool' }, 'my-Postgres')).toBe('observed_direct_authority')
  })

  it.each([
    ours,
    { command: 'synapsor-runner', args: ['mcp', 'serve', '--config', 'postgres.json'] },
    { command: 'node', args: ['/app/node_modules/@synapsor/runner/dist/cli.js', 'mcp', 'serve'] },
    { command: 'tool', tools: [toolWith()] },
  ])('has none that is seen: %j', (server) => {
    expect(statusOf(server)).toBe('no_direct_authority_observed')
  })

  it.each([
    { command: 'npx', args: ['weather-mcp'] },
    { url: 'https://mcp.example.com/mcp' },
    { command: 'npx', args: ['@synapsor/runner'] },
    { type: 'odd' },
  ])('must be verified: %j', (server) => {
    expect(statusOf(server, 'synapsor')).toBe('requires_operator_verification')
  })

  it('is judged by its live tools where it was asked for them', () => {
    const servers = parseClientConfig({ mcpServers: { weather: { command: 'weather' }, ours } }) ?? []
    const asked = servers.filter(({ name }) => name === 'weather')
    const check = (name: string) =>
      checkBypass(servers, new Map(asked.map((server) => [server, parseTools([toolWith({ name })])])))
    expect(check('execute_sql')).toMatchObject({
      mode: 'selected_live_tools_list',
      direct_bypass_observed: true,
      servers: [{ status: 'observed_direct_authority', tools_observed: ['execute_sql'] }, {}],
    })
    expect(check('inspect_weather')).toMatchObject({ direct_bypass_observed: false, unverified_servers: 0 })
  })

  it('is a finding, and no secret of it is told', () => {
    const server = {
      command: 'npx',
      args: ['mcp-server-mysql', 'mysql://root:hunter2@host/app', '--token=hunter2'],
      env: { MYSQL_PASSWORD: 'hunter2' },
      headers: { authorization: 'hunter2' },
      url: 'https://host/mcp?key=hunter2',
    }
    const bypass = checkBypass(parseClientConfig({ mcpServers: { orders: server, ours } }) ?? [])
    const report = audit({ target: 'x', tools: parseTools([toolWith()]), bypass, now: new Date(0) })
    expect(report.findings).toMatchObject([{ severity: 'HIGH', code: 'MCP_BYPASS_DIRECT_AUTHORITY' }])
    expect(report.findings[0]?.evidence).toEqual([
      'server orders',
      'package or program: mysql',
      'it is given the URL of a database',
      'environment: MYSQL_PASSWORD',
    ])
    expect(report.authority_map.items).toContainEqual(
      expect.objectContaining({ authority: 'other_servers', status: 'observed' }),
    )
    expect(JSON.stringify(report)).not.toContain('hunter2')
  })
})
