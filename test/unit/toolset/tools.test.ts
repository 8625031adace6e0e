import { describe, expect, it } from 'vitest'
import { toOtherWireName, toWireName } from '../../../src/contract/wire-name.js'
import { type Config, createRunner, validateConfig } from '../../../src/index.js'
import { fixedClock, memoryLedger } from '../../../src/testing/index.js'

const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' } as const
const read = {
  name: 'billing.inspect_invoice',
  kind: 'read',
  source: 'shop',
  target,
  description: 'Reads an invoice.',
  args: {
    invoice_id: { type: 'string', max_length: 64, pattern: '^INV-' },
    year: { type: 'integer', required: false },
  },
  lookup: { id_from_arg: 'invoice_id' },
  visible_columns: ['id', 'status'],
} as const
const waive = {
  name: 'billing.propose_waiver',
  kind: 'proposal',
  source: 'shop',
  target,
  args: { invoice_id: { type: 'string' }, reason: { type: 'string', enum: ['outage', 'error'] } },
  lookup: { id_from_arg: 'invoice_id' },
  visible_columns: ['id'],
  patch: { waiver_reason: { from_arg: 'reason' } },
  allowed_columns: ['waiver_reason'],
  conflict_guard: { column: 'updated_at' },
} as const

const contract = (change: Record<string, unknown> = {}): Config => {
  const config: unknown = {
    version: 1,
    mode: 'review',
    sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
    capabilities: [read, waive],
    ...change,
  }
  return config as Config
}
const agent = { tenant_id: 'acme', principal: 'agent' }
const runnerOf = (change?: Record<string, unknown>) =>
  createRunner(contract(change), { ledger: memoryLedger(), clock: fixedClock() })
const toolsOf = (change?: Record<string, unknown>, options?: Parameters<ReturnType<typeof sessionOf>['tools']>[0]) =>
  sessionOf(change).tools(options)
const sessionOf = (change?: Record<string, unknown>) => runnerOf(change).session(agent)

describe('a wire name', () => {
  it('has no dots, and is as it was otherwise', () => {
    expect(toWireName('billing.inspect_invoice')).toBe('billing__inspect_invoice')
  })

  it('is never longer than 64 characters, and two long names stay two', () => {
    const [one, other] = ['a', 'b'].map((end) => toWireName(`billing.${'x'.repeat(100)}${end}`))
    expect(one).toMatch(/^[A-Za-z0-9_]{64}$/)
    expect(other).not.toBe(one)
    expect(toWireName(`billing.${'x'.repeat(100)}a`)).toBe(one)
  })

  it('of a second tool with the same name ends in a digest of its own', () => {
    expect(toOtherWireName('a.b__c')).toMatch(/^a__b__c_[0-9a-f]{8}$/)
    expect(toOtherWireName('a__b.c')).not.toBe(toOtherWireName('a.b__c'))
  })
})

describe('tools', () => {
  it('describe themselves truthfully', () => {
    const [inspect, propose] = toolsOf()
    expect(inspect).toMatchObject({
      name: 'billing.inspect_invoice',
      wire_name: 'billing__inspect_invoice',
      title: 'Inspect invoice',
      description: 'Reads an invoice.',
      kind: 'read',
      input_schema: {
        type: 'object',
        properties: { invoice_id: { type: 'string', maxLength: 64, pattern: '^INV-' }, year: { type: 'integer' } },
        required: ['invoice_id'],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    })
    expect(propose).toMatchObject({
      kind: 'proposal',
      input_schema: { properties: { reason: { enum: ['outage', 'error'] } } },
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    })
  })

  it('are the same for every tenant, and worked out once', () => {
    const runner = runnerOf()
    const of = (tenant_id: string) => runner.session({ tenant_id, principal: 'agent' }).tools()
    expect(JSON.stringify(of('acme'))).toBe(JSON.stringify(of('globex')))
    expect(of('acme')[0]?.input_schema).toBe(of('globex')[0]?.input_schema)
  })

  it('have nothing of SQL, tenants or approval in them', () => {
    const text = JSON.stringify(toolsOf({}, { status_tool: true }))
    expect(text).not.toMatch(/tenant_id|principal|invoices"|shop\.db|"approve"|"apply"/)
  })

  it('are only those that are asked for, and a name that is not there is refused', () => {
    expect(toolsOf({}, { only: ['billing.propose_waiver'] }).map(({ name }) => name)).toEqual([
      'billing.propose_waiver',
    ])
    expect(() => toolsOf({}, { only: ['billing.waive'] })).toThrow(
      expect.objectContaining({ code: 'CAPABILITY_NOT_FOUND', details: { name: 'billing.waive' } }),
    )
    expect(() => toolsOf({ mode: 'read_only' }, { only: ['billing.propose_waiver'] })).toThrow(
      expect.objectContaining({ code: 'CAPABILITY_NOT_FOUND' }),
    )
  })

  it('answer by an envelope whatever the host throws', async () => {
    const [tool] = runnerOf()
      .sessionsFrom(() => {
        throw new Error('secret of the host')
      })
      .tools()
    const envelope = await tool?.call({ invoice_id: 'INV-1' })
    expect(envelope).toMatchObject({ ok: false, error: { code: 'CONTEXT_MISSING' } })
    expect(JSON.stringify(envelope)).not.toContain('secret')
  })

  it.each([undefined, null, false, 'acme'])(
    'refuse when the host says %j, whoever the contract would take',
    async (said) => {
      const trusted_context = { provider: 'static_dev', values: agent }
      const source = runnerOf({ trusted_context }).sessionsFrom(() => said as undefined)
      const envelope = await source.tools()[0]?.call({ invoice_id: 'INV-1' })
      expect(envelope).toMatchObject({ ok: false, error: { code: 'CONTEXT_MISSING' } })
    },
  )

  it.each([
    [{ inline_evidence: 'handle_only' }, 'inline_evidence'],
    [{ inline_evidence: null }, 'inline_evidence'],
    [{ adaptor: 'support' }, 'adaptor'],
    [{ adapter: undefined }, 'adapter'],
    [{ adapter: null }, 'adapter'],
    [{ only: 'billing.propose_waiver' }, 'only'],
  ])('refuse the options %j', (options, argument) => {
    toolsOf()
    expect(() => toolsOf({}, options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', details: { argument } }),
    )
  })

  it('cannot be changed by whoever holds them', () => {
    const [tool] = toolsOf()
    for (const part of [tool, tool?.input_schema, tool?.input_schema.properties, tool?.output_schema]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it('are shown once, however often they are asked for', () => {
    const only = ['billing.propose_waiver', 'billing.propose_waiver']
    expect(toolsOf({}, { only }).map(({ wire_name }) => wire_name)).toEqual(['billing__propose_waiver'])
  })

  it('hold nothing of what an adapter asks of sessions', () => {
    const adapters = { x: { type: 'mcp', tenants: ['acme', 'initech'], roles: ['support'], require_evidence: true } }
    const text = JSON.stringify(toolsOf({ adapters }, { adapter: 'x', status_tool: true }))
    expect(text).not.toMatch(/initech|support|require_evidence/)
  })

  it('show the handles alone of an answer whose tool is not known', () => {
    const envelope = { ok: true, summary: 'x', kind: 'read', capability: 'a.b', data: { fee: 5500 } } as const
    const shown = sessionOf()
      .toolset()
      .named('other')
      .toModel({ ...envelope, source_database_changed: false })
    expect(JSON.stringify(shown)).not.toMatch(/\b5500\b/)
  })

  it('are made for nobody where the host throws, and nobody hears what', async () => {
    const source = runnerOf().sessionsFrom(() => {
      throw new Error('secret of the host')
    })
    const error: unknown = await Promise.resolve(source.sessionFor({})).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'RunnerError', code: 'CONTEXT_MISSING' })
    expect(String(error)).not.toContain('secret')
  })

  it('answer by an envelope when the host throws what only looks like an error of ours', async () => {
    const [tool] = runnerOf()
      .sessionsFrom(() => {
        throw { [Symbol.for('@synapsor/runner.error')]: true }
      })
      .tools()
    expect(await tool?.call({ invoice_id: 'INV-1' })).toMatchObject({ ok: false })
  })

  it('have names of their own, also beside the tool that tells how a proposal stands', () => {
    const twin = { ...read, name: 'synapsor.proposal_status' }
    const names = toolsOf({ capabilities: [twin] }, { status_tool: true }).map(({ wire_name }) => wire_name)
    expect(names[0]).toBe('synapsor__proposal_status')
    expect(names[1]).toMatch(/^synapsor__proposal_status_[0-9a-f]{8}$/)
  })

  it('answer by an envelope when the link cannot be told', async () => {
    const link = () => {
      throw new Error('secret of the host')
    }
    const envelope = await toolsOf({}, { link })[0]?.call({ invoice_id: 'INV-1' })
    expect(envelope).toMatchObject({ ok: false, error: { code: 'INTERNAL' } })
    expect(JSON.stringify(envelope)).not.toContain('secret')
  })
})

describe('refused calls', () => {
  const world = () => {
    // Still there to be read when the runner has closed: only then has it been given all that was counted.
    const ledger = { ...memoryLedger(), close: async () => undefined }
    const warned: unknown[] = []
    const logger = { info: () => undefined, warn: (...line: unknown[]) => void warned.push(line) }
    const runner = createRunner(contract(), { ledger, clock: fixedClock(), logger })
    const counted = async () => {
      await runner.close()
      const { items } = await ledger.listRefusals({})
      return items.map(({ tenant_id, capability, code, count }) => [tenant_id, capability, code, count])
    }
    return { runner, warned, counted }
  }

  it('are counted, also of a name that is no tool and of the tool that tells how a proposal stands', async () => {
    const { runner, counted, warned } = world()
    const { tools, named } = runner.session(agent).toolset({ only: [read.name], status_tool: true })
    // The contract has this one, and it is not shown.
    await named(waive.name).call({})
    await named('billing__approve').call({})
    await tools.at(-1)?.call({ proposal_id: 'wrp_none' })
    await tools.at(-1)?.call({ proposal: 'wrp_none' })
    expect((await counted()).sort()).toEqual([
      ['acme', '', 'CAPABILITY_NOT_FOUND', 2],
      ['acme', 'synapsor.proposal_status', 'INVALID_ARGUMENT', 1],
      ['acme', 'synapsor.proposal_status', 'PROPOSAL_NOT_FOUND', 1],
    ])
    expect(warned).toEqual([])
  })

  it('of records are counted by what was asked for', async () => {
    const { runner, counted } = world()
    const { loadRecord } = runner.session(agent).toolset()
    for (const kind of ['proposal', 'evidence', 'replay'] as const) {
      await expect(loadRecord(kind, 'none')).rejects.toMatchObject({ name: 'RunnerError' })
    }
    const nobody = runner.sessionsFrom(() => Promise.reject(new Error('secret of the host'))).toolset()
    await expect(nobody.loadRecord('replay', 'none')).rejects.toMatchObject({ code: 'CONTEXT_MISSING' })
    expect((await counted()).sort()).toEqual([
      ['', 'synapsor.replay', 'CONTEXT_MISSING', 1],
      ['acme', 'synapsor.evidence', 'EVIDENCE_NOT_FOUND', 1],
      ['acme', 'synapsor.proposal', 'PROPOSAL_NOT_FOUND', 1],
      ['acme', 'synapsor.replay', 'PROPOSAL_NOT_FOUND', 1],
    ])
  })

  it('of nobody are counted too, and the log says what was thrown and where, not its text', async () => {
    const { runner, counted, warned } = world()
    const source = runner.sessionsFrom(() => {
      throw Object.assign(new TypeError('token eyJsecret'), { code: 'ERR_TOKEN' })
    })
    await source.tools()[0]?.call({ invoice_id: 'INV-1' })
    await source.toolset().named('billing__approve').call({})
    expect((await counted()).sort()).toEqual([
      ['', '', 'CONTEXT_MISSING', 1],
      ['', read.name, 'CONTEXT_MISSING', 1],
    ])
    expect(warned).toHaveLength(2)
    expect(warned[0]).toMatchObject([
      expect.stringContaining('could not say'),
      {
        code: 'CONTEXT_MISSING',
        cause: { name: 'TypeError', code: 'ERR_TOKEN', at: expect.stringContaining('tools.test') },
      },
    ])
    expect(JSON.stringify(warned)).not.toContain('secret')
  })
})

describe('below full', () => {
  const refusal = {
    code: 'TRANSITION_REFUSED',
    message: 'The contract does not allow this change of status.',
    retry: 'never',
    details: { column: 'status', allowed: ['closed'] },
    next: 'Allowed now: closed.',
  } as const
  const envelope = {
    ok: false,
    summary: 'The contract does not allow this change of status. Allowed now: closed.',
    kind: 'proposal',
    capability: waive.name,
    error: refusal,
    source_database_changed: false,
  } as const

  it.each([
    ['full', true],
    ['summary', false],
    ['handles_only', false],
  ] as const)('a model learns no state of the row by what is allowed (%s)', (inline_evidence, tells) => {
    const shown = JSON.stringify(toolsOf({}, { inline_evidence })[1]?.toModel(envelope))
    expect(shown.includes('closed')).toBe(tells)
    expect(shown).toContain('TRANSITION_REFUSED')
  })
})

describe('an adapter of the contract', () => {
  const adapter = {
    type: 'mcp',
    expose: [
      { capability: 'billing.inspect_invoice', as: 'look_up_invoice', inline_evidence: 'summary' },
      { capability: 'billing.propose_waiver', mode: 'propose_only' },
    ],
    session_bind: { tenant_id: { claim: 'org' }, principal: { claim: 'sub' }, roles: { claim: 'groups' } },
    roles: ['support'],
    tenants: ['acme', 'initech'],
  }
  const withAdapter = (change: object = {}) => ({ adapters: { 'mcp.support': { ...adapter, ...change } } })

  it('gives tools their names and their measure', () => {
    const tools = toolsOf(withAdapter(), { adapter: 'mcp.support' })
    expect(tools.map(({ wire_name, inline_evidence }) => [wire_name, inline_evidence])).toEqual([
      ['look_up_invoice', 'summary'],
      ['billing__propose_waiver', 'full'],
    ])
    const strict = toolsOf(withAdapter({ inline_evidence: 'handles_only' }), { adapter: 'mcp.support' })
    expect(strict.map(({ inline_evidence }) => inline_evidence)).toEqual(['handles_only', 'handles_only'])
    const host = toolsOf(withAdapter(), { adapter: 'mcp.support', inline_evidence: 'full' })
    expect(host[0]?.inline_evidence).toBe('summary')
  })

  it('shows a capability under all its names, also where it is asked for by its own', () => {
    const expose = [
      { capability: 'billing.inspect_invoice', as: 'look_up_invoice', inline_evidence: 'summary' },
      { capability: 'billing.propose_waiver' },
      { capability: 'billing.inspect_invoice' },
    ]
    const tools = toolsOf(withAdapter({ expose }), { adapter: 'mcp.support', only: ['billing.inspect_invoice'] })
    expect(tools.map(({ name, inline_evidence }) => [name, inline_evidence])).toEqual([
      ['look_up_invoice', 'summary'],
      ['billing.inspect_invoice', 'full'],
    ])
  })

  it('is listed with its tools', () => {
    expect(runnerOf(withAdapter()).adapters()).toMatchObject([
      {
        name: 'mcp.support',
        type: 'mcp',
        tools: [{ name: 'look_up_invoice', capability: 'billing.inspect_invoice' }, { kind: 'proposal' }],
      },
    ])
  })

  it('binds sessions by claims, roles included', () => {
    const runner = runnerOf(withAdapter())
    const session = runner.session({ claims: { org: 'acme', sub: 'agent', groups: ['support'] } })
    expect(session.context).toEqual({ ...agent, provenance: 'http_claims' })
    expect(session.roles).toEqual(['support'])
    expect(runner.session({ claims: { org: 'acme', sub: 'agent', groups: 'support' } }).roles).toEqual([])
    expect(() => runner.session({ claims: { org: 'acme' } })).toThrow(
      expect.objectContaining({ code: 'CONTEXT_MISSING' }),
    )
    expect(() => runner.session({ claims: { org: 'acme', sub: 'x' }, adapter: 'other' })).toThrow(
      expect.objectContaining({ code: 'CONTEXT_MISSING' }),
    )
  })

  it('is refused by a name that the contract lacks, also where the context names the claims', () => {
    const trusted_context = {
      provider: 'http_claims',
      values: { tenant_id_key: 'org', principal_key: 'sub', roles_key: 'groups' },
    }
    const runner = runnerOf({ trusted_context, adapters: { x: { type: 'mcp' } } })
    const claims = { org: 'acme', sub: 'agent', groups: ['support'] }
    expect(runner.session({ claims, adapter: 'x' }).roles).toEqual(['support'])
    expect(() => runner.session({ claims, adapter: 'y' })).toThrow(expect.objectContaining({ code: 'CONTEXT_MISSING' }))
  })

  it('needs its name where two of them bind differently', () => {
    const other = { ...adapter, session_bind: { tenant_id: { claim: 'tid' }, principal: { claim: 'sub' } } }
    const runner = runnerOf({ adapters: { one: adapter, other } })
    const claims = { org: 'acme', tid: 'globex', sub: 'agent' }
    expect(() => runner.session({ claims })).toThrow(expect.objectContaining({ code: 'CONTEXT_MISSING' }))
    expect(runner.session({ claims, adapter: 'other' }).context.tenant_id).toBe('globex')
  })

  it.each([
    ['another tenant', { tenant_id: 'globex', principal: 'agent', roles: ['support'] }],
    ['another role', { ...agent, roles: ['sales'] }],
    ['no role', agent],
  ])('is not there for a session of %s', async (_, context) => {
    const [tool] = runnerOf(withAdapter()).session(context).tools({ adapter: 'mcp.support' })
    expect(await tool?.call({ invoice_id: 'INV-1' })).toMatchObject({ error: { code: 'CAPABILITY_NOT_FOUND' } })
  })

  it('is for the tenant that its capability gets, where the contract has several contexts', async () => {
    const claims = (tenant: string) => ({
      provider: 'http_claims',
      values: { tenant_id_key: tenant, principal_key: 'sub' },
    })
    const runner = runnerOf({
      trusted_context: claims('tid'),
      contexts: { other: claims('org') },
      capabilities: [read, { ...waive, context: 'other' }],
      adapters: { x: { type: 'mcp', tenants: ['acme'] } },
    })
    const session = runner.session({ claims: { tid: 'acme', org: 'globex', sub: 'agent' } })
    const [, propose] = session.tools({ adapter: 'x' })
    const envelope = await propose?.call({ invoice_id: 'INV-1', reason: 'outage' })
    expect(envelope).toMatchObject({ error: { code: 'CAPABILITY_NOT_FOUND' } })
  })

  it('shows how a proposal stands in no larger measure than the strictest of its tools', () => {
    const expose = [{ capability: 'billing.propose_waiver', inline_evidence: 'handles_only' }]
    const tools = toolsOf(withAdapter({ expose }), { adapter: 'mcp.support', status_tool: true, only: [] })
    expect(tools.map(({ kind, inline_evidence }) => [kind, inline_evidence])).toEqual([['status', 'handles_only']])
  })

  it('does not bind claims beside a context that does', () => {
    const trusted_context = { provider: 'http_claims', values: { tenant_id_key: 'home', principal_key: 'sub' } }
    const { errors } = validateConfig(contract({ trusted_context, ...withAdapter() }))
    expect(errors).toMatchObject([{ code: 'INVALID_VALUE', path: '/adapters/mcp.support/session_bind' }])
  })

  it('is refused where the contract has none of that name', () => {
    expect(() => toolsOf(withAdapter(), { adapter: 'mcp.sales' })).toThrow(
      expect.objectContaining({ code: 'CAPABILITY_NOT_FOUND', next: expect.stringContaining('mcp.support') }),
    )
  })

  it.each([
    [{ expose: [{ capability: 'billing.inspect' }] }, 'UNKNOWN_REFERENCE', '/0/capability'],
    [{ expose: [{ capability: 'billing.inspect_invoice', mode: 'propose_only' }] }, 'INVALID_VALUE', '/0/mode'],
    [
      {
        expose: [
          { capability: 'billing.inspect_invoice' },
          { capability: 'billing.propose_waiver', as: 'billing.inspect_invoice' },
        ],
      },
      'DUPLICATE_NAME',
      '/1/as',
    ],
    [{ expose: [{ capability: 'billing.inspect_invoice', as: 'a b' }] }, 'INVALID_VALUE', '/0/as'],
    [{ expose: [{ capability: 'billing.inspect_invoice', as: '__proto.' }] }, 'INVALID_VALUE', '/0/as'],
    [
      { expose: [{ capability: 'billing.inspect_invoice', as: 'synapsor__proposal_status' }] },
      'INVALID_VALUE',
      '/0/as',
    ],
  ])('says where it is wrong: %j', (change, code, at) => {
    const { ok, errors } = validateConfig(contract({ adapters: { x: { ...adapter, ...change } } }))
    expect(ok).toBe(false)
    expect(errors).toMatchObject([{ code, path: `/adapters/x/expose${at}` }])
  })
})
