import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFunctionTools } from '../../../adapters/function-calling/index.js'
import { createDesk, type Desk, documentOf, errorCodeOf } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'

const ADAPTERS = {
  'mcp.support': {
    type: 'mcp',
    expose: [{ capability: 'billing.inspect_invoice', as: 'look_up', inline_evidence: 'summary' }],
    roles: ['support'],
    tenants: ['acme'],
  },
  all: { type: 'ai_sdk', require_evidence: true },
}

let desk: Desk

beforeEach(async () => {
  desk = await createDesk({ adapters: ADAPTERS })
})

afterEach(() => desk.close())

describe('tools list', () => {
  it.each([80, 120])('lists what an agent is given in %i columns', async (columns) => {
    const { out } = await desk.run('tools list', { columns })
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    await expect(out).toMatchFileSnapshot(`snapshots/tools-list-${columns}.txt`)
  })

  it('prints its document, for all and for one adapter', async () => {
    const all = documentOf('tools list', await desk.run('tools list --json'))
    expect(all).toMatchObject({ items: [{ kind: 'read' }, { kind: 'proposal' }, { kind: 'workflow' }] })
    const one = documentOf('tools list', await desk.run('tools list --adapter mcp.support --json'))
    expect(one).toMatchObject({ items: [{ name: 'look_up', capability: 'billing.inspect_invoice' }] })
  })

  it('refuses an adapter that the contract lacks, and names those that it has', async () => {
    const ran = await desk.run('tools list --adapter mcp.suport --json')
    expect([ran.exit_code, errorCodeOf(ran)]).toEqual([1, 'CAPABILITY_NOT_FOUND'])
    expect((await desk.run('tools list --adapter mcp.suport')).err).toContain('mcp.support')
  })

  it('needs no context and makes no ledger', async () => {
    writeFileSync(
      join(desk.folder, 'other.json'),
      JSON.stringify({
        ...DESK_CONTRACT,
        trusted_context: { provider: 'session' },
        storage: { sqlite_path: 'other/ledger.db' },
      }),
    )
    expect((await desk.run('tools list --config other.json')).exit_code).toBe(0)
    expect((await desk.run('tools preview --config other.json')).exit_code).toBe(0)
    expect(existsSync(join(desk.folder, 'other'))).toBe(false)
  })
})

describe('tools preview', () => {
  it.each([80, 120])('shows what a model sees and what it does not in %i columns', async (columns) => {
    const { out } = await desk.run('tools preview', { columns })
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    await expect(out).toMatchFileSnapshot(`snapshots/tools-preview-${columns}.txt`)
  })

  it('shows exactly what a provider is sent', async () => {
    const { tools } = createFunctionTools(desk.agent(), { format: 'anthropic' })
    const { tools: previewed } = documentOf('tools preview', await desk.run('tools preview --json')) as {
      tools: { wire_name: string; description: string; input_schema: unknown }[]
    }
    expect(
      previewed.map(({ wire_name: name, description, input_schema }) => ({ name, description, input_schema })),
    ).toEqual(tools)
  })

  it('names the columns of the table that no tool shows, also those that the contract does not know', async () => {
    const { not_exposed } = documentOf('tools preview', await desk.run('tools preview --json')) as Previewed
    expect(not_exposed.columns).toEqual([
      { source: 'shop', table: 'invoices', columns: ['tenant_id', 'card_number', 'version'], is_complete: true },
    ])
    expect(not_exposed.verbs).toEqual(expect.arrayContaining(['approve', 'apply', 'execute_sql']))
  })

  it('names what the contract knows where the database is not asked', async () => {
    const { not_exposed } = documentOf('tools preview', await desk.run('tools preview --offline --json')) as Previewed
    expect(not_exposed.columns).toEqual([
      { source: 'shop', table: 'invoices', columns: ['tenant_id', 'version'], is_complete: false },
    ])
    expect((await desk.run('tools preview --offline')).out).toContain('(the database was not asked)')
  })

  it('shows the tools where the database does not answer, and says so', async () => {
    await desk.sql('drop table invoices')
    const ran = await desk.run('tools preview --json')
    expect(ran.exit_code).toBe(0)
    const { not_exposed } = documentOf('tools preview', ran) as Previewed
    expect(not_exposed.columns).toMatchObject([{ is_complete: false, code: 'SCHEMA_DRIFT' }])
  })

  it.each([
    ['that is silent', true, /SOURCE_UNAVAILABLE|BUSY/],
    ['that no variable names', false, /ENV_MISSING/],
  ])('does not wait for a database %s', async (_, isNamed, code) => {
    const silent = createServer(() => {})
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => {
        const address = silent.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    const shop = { engine: 'postgres', read_url_env: 'SHOP_URL', write_url_env: 'SHOP_WRITE_URL' }
    writeFileSync(join(desk.folder, 'pg.json'), JSON.stringify({ ...DESK_CONTRACT, sources: { shop } }))
    const env = isNamed ? { SHOP_URL: `postgres://reader:secret@127.0.0.1:${port}/shop` } : undefined
    const ran = await desk.run('tools preview --config pg.json --json', env === undefined ? {} : { env })
    const { tools, not_exposed } = documentOf('tools preview', ran) as Previewed
    expect(tools).toHaveLength(3)
    expect(not_exposed.columns).toEqual([
      {
        source: 'shop',
        table: 'public.invoices',
        columns: ['tenant_id', 'version'],
        is_complete: false,
        code: expect.stringMatching(code),
      },
    ])
    silent.close()
  })

  it('names what an adapter leaves out, and what it hides of the answers', async () => {
    const { not_exposed } = documentOf(
      'tools preview',
      await desk.run('tools preview --adapter mcp.support --json'),
    ) as Previewed
    expect(not_exposed.capabilities).toEqual([
      { name: 'billing.propose_late_fee_waiver', kind: 'proposal', by: 'adapter' },
      { name: 'billing.waive_late_fee', kind: 'workflow', by: 'adapter' },
    ])
    expect((await desk.run('tools preview --adapter mcp.support')).out).toContain('Of its answers it sees: summary.')
  })

  it('names what the mode leaves out', async () => {
    writeFileSync(
      join(desk.folder, 'read.json'),
      JSON.stringify({ ...DESK_CONTRACT, mode: 'read_only', workflows: [] }),
    )
    const { not_exposed } = documentOf(
      'tools preview',
      await desk.run('tools preview --config read.json --json'),
    ) as Previewed
    expect(not_exposed.capabilities).toEqual([
      { name: 'billing.propose_late_fee_waiver', kind: 'proposal', by: 'mode' },
    ])
  })

  it('tells what the tools cost, each and in all', async () => {
    const { tools, tokens } = documentOf('tools preview', await desk.run('tools preview --json')) as Previewed
    const [first] = tools
    const { wire_name: name, description, input_schema } = first ?? {}
    expect(first?.tokens).toBe(Math.ceil(JSON.stringify({ name, description, input_schema }).length / 4))
    expect(tokens).toBe(tools.reduce((sum, tool) => sum + tool.tokens, 0))
  })
})

interface Previewed {
  readonly tools: readonly { wire_name: string; description: string; input_schema: unknown; tokens: number }[]
  readonly tokens: number
  readonly not_exposed: {
    readonly columns: readonly unknown[]
    readonly capabilities: readonly unknown[]
    readonly verbs: readonly string[]
  }
}

describe('adapters', () => {
  it.each([80, 120])('are listed and shown in %i columns', async (columns) => {
    const list = await desk.run('adapters list', { columns })
    const shown = await desk.run('adapters show mcp.support', { columns })
    for (const line of (list.out + shown.out).split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    await expect(list.out + shown.out).toMatchFileSnapshot(`snapshots/adapters-${columns}.txt`)
  })

  it('are printed as documents', async () => {
    const list = documentOf('adapters list', await desk.run('adapters list --json'))
    expect(list).toEqual({ items: desk.runner.adapters(), next_cursor: null })
    expect(documentOf('adapters show', await desk.run('adapters show mcp.support --json'))).toMatchObject({
      roles: ['support'],
      tenants: ['acme'],
      session_bind: null,
    })
    documentOf('adapters show', await desk.run('adapters show all --json'))
  })

  it('say which claims tenant and principal are taken from', async () => {
    const session_bind = { tenant_id: { claim: 'org' }, principal: { claim: 'sub' } }
    const { trusted_context: _, ...unbound } = DESK_CONTRACT
    const bound = { ...unbound, adapters: { desk: { type: 'mcp', session_bind } } }
    writeFileSync(join(desk.folder, 'bound.json'), JSON.stringify(bound))
    const shown = await desk.run('adapters show desk --config bound.json --json')
    expect(documentOf('adapters show', shown)).toMatchObject({ session_bind })
    expect((await desk.run('adapters show desk --config bound.json')).out).toContain('tenant_id from org')
  })

  it('that the contract lacks are refused', async () => {
    expect(errorCodeOf(await desk.run('adapters show nobody --json'))).toBe('CAPABILITY_NOT_FOUND')
    expect(errorCodeOf(await desk.run('adapters show __proto__ --json'))).toBe('CAPABILITY_NOT_FOUND')
  })
})
