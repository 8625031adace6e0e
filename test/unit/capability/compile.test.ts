import { describe, expect, it } from 'vitest'
import { compileContract, findCapability } from '../../../src/capability/compile.js'
import { describeCapability } from '../../../src/capability/describe.js'
import { capabilityDigest } from '../../../src/contract/digest.js'
import { parseConfig } from '../../../src/contract/parse.js'
import { capability, changeRules } from './samples.js'

const read = {
  name: 'billing.inspect_invoice',
  kind: 'read',
  source: 'billing',
  target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
  args: { invoice_id: { type: 'string', pattern: '^INV-' } },
  lookup: { id_from_arg: 'invoice_id' },
  visible_columns: ['id', 'late_fee_cents'],
}
const propose = {
  ...read,
  name: 'billing.propose_late_fee_waiver',
  kind: 'proposal',
  patch: { late_fee_cents: { fixed: 0 } },
  allowed_columns: ['late_fee_cents'],
  conflict_guard: { column: 'updated_at' },
}
const contract = (change: object = {}, proposal: object = {}, engine = 'postgres') =>
  parseConfig({
    version: 1,
    mode: 'review',
    sources: {
      billing: { engine, ...(engine === 'sqlite' ? { path: 'b.db' } : { read_url_env: 'R', write_url_env: 'W' }) },
    },
    capabilities: [read, { ...propose, ...proposal }],
    ...change,
  })
const compiled = (...given: Parameters<typeof contract>) => compileContract(contract(...given)).capabilities

describe('a compiled contract', () => {
  it('has every default filled in', () => {
    const found = compiled().get('billing.propose_late_fee_waiver')
    expect(found).toMatchObject({ kind: 'proposal', max_rows: 1, lookup: 'invoice_id', untrusted_columns: [] })
    expect(found?.change).toMatchObject({
      approval: { mode: 'human', required_role: null, required_approvals: 1, separation_of_duties: true },
      executor: { type: 'sql_update', name: null },
      expires_in_seconds: 604_800,
      on_active_proposal: 'refuse',
      guard: { kind: 'column', column: 'updated_at', advance: undefined },
    })
  })

  it('never leaves the schema to a search path', () => {
    const schemaOf = (engine: string) => compiled({}, {}, engine).get(read.name)?.target.schema
    expect(schemaOf('postgres')).toBe('public')
    expect(schemaOf('mysql')).toBeUndefined()
    expect(schemaOf('sqlite')).toBeUndefined()
  })

  it('carries the digest of each capability', () => {
    const config = contract()
    expect(compileContract(config).capabilities.get(read.name)?.digest).toBe(capabilityDigest(config, read.name))
  })

  it('compares the whole row where no version is named', () => {
    const found = compiled({}, { conflict_guard: { weak_guard_ack: true } }).get(propose.name)
    expect(found?.change?.guard).toEqual({ kind: 'row' })
  })

  it('lets a capability say for itself whether duties are separated', () => {
    const ownWord = { approval: { mode: 'human', separation_of_duties: false } }
    expect(compiled({}, ownWord).get(propose.name)?.change?.approval.separation_of_duties).toBe(false)
  })

  it('looks at another column for a transition where the contract says so', () => {
    const rule = { from_column: 'status', allowed: { open: ['waived'] } }
    const change = {
      patch: { note: { fixed: 'waived' } },
      allowed_columns: ['note'],
      transition_guards: { note: rule },
    }
    expect(compiled({}, change).get(propose.name)?.change?.transitions.get('note')).toEqual({
      from_column: 'status',
      is_visible: false,
      allowed: new Map([['open', ['waived']]]),
    })
  })

  it('names the executor that a change goes through', () => {
    const app = { executors: { billing_app: { type: 'function' } } }
    expect(compiled(app, { executor: 'billing_app' }).get(propose.name)?.change?.executor).toEqual({
      type: 'function',
      name: 'billing_app',
    })
  })

  it('has a name for those who cannot write dots, however many there are', () => {
    const { wire_names } = compileContract(contract({}, { name: 'billing.fees.propose_waiver' }))
    expect([...wire_names.keys()]).toEqual(['billing__inspect_invoice', 'billing__fees__propose_waiver'])
    expect(wire_names.get('billing__fees__propose_waiver')?.name).toBe('billing.fees.propose_waiver')
  })

  it('matches patterns as Unicode', () => {
    expect(compiled().get(read.name)?.args.get('invoice_id')?.pattern).toEqual(/^INV-/u)
  })
})

describe('a capability', () => {
  it('is found by its exact name and kind', () => {
    const found = compileContract(contract())
    expect(findCapability(found, read.name, 'read').name).toBe(read.name)
    for (const [name, kind] of [
      [read.name, 'proposal'],
      [propose.name, 'read'],
      ['billing.Inspect_invoice', 'read'],
      ['constructor', 'read'],
      [undefined, 'read'],
      [{ toString: () => read.name }, 'read'],
    ] as const) {
      expect(() => findCapability(found, name, kind)).toThrow(expect.objectContaining({ code: 'CAPABILITY_NOT_FOUND' }))
    }
  })

  it('is not found by saying its name back', () => {
    expect(() => findCapability(compileContract(contract()), 'drop table', 'read')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('drop') }),
    )
  })
})

describe('a description', () => {
  it('says what is read, of how many rows', () => {
    const one = capability({ change: undefined })
    expect(describeCapability(one)).toBe('Reads one row of invoices: id, late_fee_cents. Changes nothing.')
    expect(describeCapability({ ...one, lookup: undefined, max_rows: 20 })).toMatch(/^Reads up to 20 rows of invoices/)
  })

  it('says what is proposed, within which limits, and that a person decides', () => {
    const bounds = new Map([['late_fee_cents', { minimum: 0 }]])
    expect(describeCapability(capability({ change: changeRules({ bounds }) }))).toBe(
      'Proposes a change of late_fee_cents on one row of invoices. Limits: late_fee_cents from 0 to any. Writes nothing: a person decides on the proposal.',
    )
  })
})
