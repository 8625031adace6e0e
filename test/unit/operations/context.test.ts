import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/contract/parse.js'
import { resolveContext, type SessionContext } from '../../../src/operations/context.js'

const capability = (name: string, context?: string) => ({
  name,
  kind: 'read',
  source: 'shop',
  target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
  visible_columns: ['id'],
  max_rows: 10,
  ...(context === undefined ? {} : { context }),
})
const resolve = (config: object, given: SessionContext, env: Record<string, string> = {}) =>
  resolveContext(
    parseConfig({
      version: 1,
      mode: 'read_only',
      sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
      capabilities: [capability('a.list')],
      ...config,
    }),
    env,
    given,
  )
const context = (trusted_context: object) => ({ trusted_context })
const missing = expect.objectContaining({ code: 'CONTEXT_MISSING' })
const given = { tenant_id: 'acme', principal: 'p' }

describe('a trusted context', () => {
  it('comes from the session where no provider is named', () => {
    expect(resolve({}, { ...given, on_behalf_of: 'bob' }).context).toEqual({
      ...given,
      on_behalf_of: 'bob',
      provenance: 'session',
    })
  })

  it('has exactly what was given, and is frozen', () => {
    const { context: resolved } = resolve({}, { ...given, roles: ['admin'], is_admin: true } as SessionContext)
    expect(resolved).toEqual({ ...given, provenance: 'session' })
    expect(Object.isFrozen(resolved)).toBe(true)
  })

  it('comes from claims by their names, each own and text', () => {
    const config = context({ provider: 'http_claims', values: { tenant_id_key: 'org', principal_key: 'sub' } })
    expect(resolve(config, { claims: { org: 'acme', sub: 'p' } }).context).toEqual({
      ...given,
      provenance: 'http_claims',
    })
    expect(() => resolve(config, { claims: { org: 'acme' } })).toThrow(missing)
    expect(() => resolve(config, { claims: { org: ['acme'], sub: 'p' } })).toThrow(missing)
    expect(() => resolve(config, { claims: Object.create({ org: 'acme', sub: 'p' }) as object as never })).toThrow(
      missing,
    )
  })

  it('says on whose behalf by the claim that is named for it, where there is one', () => {
    const values = { tenant_id_key: 'org', principal_key: 'sub', on_behalf_of_key: 'act_for' }
    const config = context({ provider: 'http_claims', values })
    const claims = { org: 'acme', sub: 'p' }
    expect(resolve(config, { claims: { ...claims, act_for: 'dana' } }).context.on_behalf_of).toBe('dana')
    expect(resolve(config, { claims }).context.on_behalf_of).toBeUndefined()
    expect(() => resolve(config, { claims: { ...claims, act_for: null } })).toThrow(missing)
  })

  it('comes from the environment by its names', () => {
    const config = context({ provider: 'environment', values: { tenant_id_env: 'T', principal_env: 'P' } })
    expect(resolve(config, undefined, { T: 'acme', P: ' p\n' }).context).toEqual({
      ...given,
      provenance: 'environment',
    })
    expect(() => resolve(config, undefined, { T: 'acme' })).toThrow(
      expect.objectContaining({ code: 'ENV_MISSING', details: { env: 'P' } }),
    )
  })

  it('stands in a contract for development', () => {
    const config = context({ provider: 'static_dev', values: given })
    expect(resolve(config, undefined).context).toEqual({ ...given, provenance: 'static_dev' })
  })

  it.each([
    ['session', {}, undefined],
    ['session', {}, { claims: { org: 'acme', sub: 'p' } }],
    ['http_claims', { tenant_id_key: 'org', principal_key: 'sub' }, given],
    ['http_claims', { tenant_id_key: 'org', principal_key: 'sub' }, undefined],
    ['environment', { tenant_id_env: 'T', principal_env: 'P' }, given],
    ['static_dev', given, given],
  ])('from %s is taken from nowhere else', (provider, values, wrong) => {
    const named = context({ provider, ...(provider === 'session' ? {} : { values }) })
    expect(() => resolve(named, wrong as SessionContext, { T: 'acme', P: 'p' })).toThrow(
      expect.objectContaining({ code: 'CONTEXT_MISSING', details: { provider }, next: expect.stringMatching(/\.$/) }),
    )
  })

  it.each([
    '',
    ' ',
    'acme ',
    '\tacme',
    'a\nb',
    'undefined',
    'NULL',
    'NaN',
    '0',
    'true',
    '[object Object]',
    '%',
    '_',
    '*',
    'a;b',
    'a"b',
    'a`b',
    'a\\b',
    'a<b',
    'a\0b',
    'a\u202eb',
    'a\u200bb',
    'a\u034fb',
    'a\u3164b',
    'a\ufe0fb',
    'a\ud800b',
    'a\u2028b',
    'ä'.repeat(129),
  ])('names nobody by %j', (name) => {
    for (const field of ['tenant_id', 'principal', 'on_behalf_of']) {
      expect(() => resolve({}, { ...given, [field]: name })).toThrow(
        expect.objectContaining({ code: 'CONTEXT_MISSING', details: { field } }),
      )
    }
  })

  it.each(['acme', 'ACME', 'ácme', 'a_b', 'a b', 'team/7', 'dana@example.com', '東京', 'x'.repeat(256)])(
    'names somebody by %j, as it is',
    (name) => {
      expect(resolve({}, { ...given, tenant_id: name }).context.tenant_id).toBe(name)
    },
  )

  it('names a person as people are named, and a tenant without quotes', () => {
    expect(resolve({}, { ...given, principal: "O'Brien" }).context.principal).toBe("O'Brien")
    expect(() => resolve({}, { ...given, tenant_id: "acme' or '1'='1" })).toThrow(missing)
  })

  it('is each capability its own where the contract has several', () => {
    const config = {
      contexts: { fixed: { provider: 'static_dev', values: { tenant_id: 'dev', principal: 'q' } } },
      capabilities: [capability('a.list'), capability('b.list', 'fixed')],
    }
    const bySession = resolve(config, given)
    expect(bySession.contextOf(undefined).tenant_id).toBe('acme')
    expect(() => bySession.contextOf('fixed')).toThrow(missing)
    expect(() => bySession.contextOf('unknown')).toThrow(missing)
    const byContract = resolve(config, undefined)
    expect(byContract.contextOf('fixed').tenant_id).toBe('dev')
    expect(() => byContract.contextOf(undefined)).toThrow(missing)
  })
})
