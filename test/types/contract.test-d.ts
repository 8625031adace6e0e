import { describe, expectTypeOf, it } from 'vitest'
import { defineConfig } from '../../src/contract/define.js'
import type {
  ArgsOf,
  CapabilityName,
  DataOf,
  Exact,
  ProposalName,
  ReadName,
  WorkflowInput,
  WorkflowName,
} from '../../src/contract/infer.js'
import type { Config, ParsedConfig, ProposalCapability, ReadCapability } from '../../src/contract/schema.js'
import type { JsonScalar } from '../../src/protocol/values.js'

interface Surface<C extends Config> {
  inspect<Name extends ReadName<C>>(name: Name, args: ArgsOf<C, Name>): DataOf<C, Name>
  propose<Name extends ProposalName<C>>(name: Name, args: ArgsOf<C, Name>): void
}
declare function createSurface<const C extends Config>(config: C & Exact<Config, C>): Surface<C>

const target = { schema: 'public', table: 'parcels', primary_key: 'id', tenant_key: 'depot_id' } as const

const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: {
    depot: {
      engine: 'postgres',
      read_url_env: 'DEPOT_READ_URL',
      write_url_env: 'DEPOT_WRITE_URL',
      ssl: { a: { b: 1 } },
    },
    archive: { engine: 'sqlite', path: 'archive.db' },
  },
  contexts: { desk: { provider: 'environment', values: { tenant_id_env: 'DEPOT' } } },
  executors: { app: { type: 'http_handler', url_env: 'APP_URL' }, own: { type: 'function' } },
  operators: { dana: { roles: ['dispatcher'] } },
  capabilities: [
    {
      name: 'depot.inspect_parcel',
      kind: 'read',
      source: 'depot',
      target,
      args: { parcel_id: { type: 'string' } },
      lookup: { id_from_arg: 'parcel_id' },
      visible_columns: ['id', 'state'],
      max_rows: 1,
    },
    {
      name: 'depot.list_parcels',
      kind: 'read',
      source: 'depot',
      target,
      args: {},
      visible_columns: ['id'],
      max_rows: 20,
    },
    {
      name: 'depot.inspect_note',
      kind: 'read',
      source: 'depot',
      target,
      args: { parcel_id: { type: 'integer' }, urgent: { type: 'boolean', required: false } },
      lookup: { id_from_arg: 'parcel_id' },
      visible_columns: ['note'],
    },
    {
      name: 'depot.propose_route',
      kind: 'proposal',
      source: 'depot',
      target,
      args: {
        parcel_id: { type: 'string' },
        to: { type: 'string', enum: ['held', 'sent'] },
        note: { type: 'string', required: false },
      },
      lookup: { id_from_arg: 'parcel_id' },
      visible_columns: ['id', 'state', 'note'],
      patch: { state: { from_arg: 'to' }, note: { fixed: null } },
      allowed_columns: ['state', 'note'],
      conflict_guard: { column: 'revision', advance: 'integer' },
    },
  ],
})
type C = typeof config

const desk = defineConfig({
  version: 1,
  mode: 'review',
  sources: { depot: { engine: 'postgres' } },
  capabilities: [
    { name: 'depot.list_parcels', kind: 'read', source: 'depot', target, visible_columns: ['id'], max_rows: 20 },
  ],
  workflows: [
    {
      name: 'depot.release',
      version: '1',
      input: {
        to: { type: 'string', enum: ['held', 'sent'] },
        fee: { type: 'integer', minimum: 0 },
        urgent: { type: 'boolean', required: false },
      },
      allowed_capabilities: ['depot.list_parcels'],
      steps: [
        { key: 'parcels', capability: 'depot.list_parcels', args: {} },
        { key: 'asked', await: 'information', question: 'Which?', input: { parcel: { type: 'string' } } },
        { key: 'some', when: { from_step: 'parcels', field: 'row_count', at_least: 1 } },
      ],
    },
    { name: 'depot.count', version: '2026-05', allowed_capabilities: ['depot.list_parcels'] },
  ],
})
type Desk = typeof desk
const surface = createSurface(config)

describe('names', () => {
  it('come from the contract, by kind', () => {
    expectTypeOf<ReadName<C>>().toEqualTypeOf<'depot.inspect_parcel' | 'depot.list_parcels' | 'depot.inspect_note'>()
    expectTypeOf<ProposalName<C>>().toEqualTypeOf<'depot.propose_route'>()
    expectTypeOf<CapabilityName<C>>().toEqualTypeOf<ReadName<C> | ProposalName<C>>()
  })

  it('refuse another spelling and the other kind', () => {
    // @ts-expect-error no such capability
    surface.inspect('depot.inspekt_parcel', { parcel_id: 'P-1' })
    // @ts-expect-error a read is no proposal
    surface.propose('depot.inspect_parcel', { parcel_id: 'P-1' })
    // @ts-expect-error a proposal is no read
    surface.inspect('depot.propose_route', { parcel_id: 'P-1', to: 'held' })
  })
})

describe('arguments', () => {
  it('have their types, enumerations and optionality', () => {
    expectTypeOf<ArgsOf<C, 'depot.inspect_parcel'>>().toEqualTypeOf<{ parcel_id: string }>()
    expectTypeOf<ArgsOf<C, 'depot.inspect_note'>>().toEqualTypeOf<{ parcel_id: number; urgent?: boolean }>()
    expectTypeOf<ArgsOf<C, 'depot.propose_route'>>().toEqualTypeOf<{
      parcel_id: string
      to: 'held' | 'sent'
      note?: string
    }>()
    surface.inspect('depot.list_parcels', {})
    surface.propose('depot.propose_route', { parcel_id: 'P-1', to: 'sent' })
    surface.propose('depot.propose_route', { parcel_id: 'P-1', to: 'sent', note: 'fragile' })
  })

  it('refuse what the contract does not name', () => {
    // @ts-expect-error a misspelled argument
    surface.inspect('depot.inspect_parcel', { parcel: 'P-1' })
    // @ts-expect-error a missing argument
    surface.inspect('depot.inspect_parcel', {})
    // @ts-expect-error a number for a string
    surface.inspect('depot.inspect_parcel', { parcel_id: 1 })
    // @ts-expect-error an argument beside the right ones
    surface.inspect('depot.inspect_parcel', { parcel_id: 'P-1', tenant_id: 'other' })
    // @ts-expect-error a value outside the enumeration
    surface.propose('depot.propose_route', { parcel_id: 'P-1', to: 'lost' })
  })
})

describe('data', () => {
  it('is a row where max_rows is 1 or left out, else an array, with the visible columns', () => {
    expectTypeOf<DataOf<C, 'depot.inspect_parcel'>>().toEqualTypeOf<{
      readonly id: JsonScalar
      readonly state: JsonScalar
    }>()
    expectTypeOf<DataOf<C, 'depot.inspect_note'>>().toEqualTypeOf<{ readonly note: JsonScalar }>()
    expectTypeOf<DataOf<C, 'depot.list_parcels'>>().toEqualTypeOf<readonly { readonly id: JsonScalar }[]>()
  })

  it('has no column that is not visible', () => {
    const row = surface.inspect('depot.inspect_parcel', { parcel_id: 'P-1' })
    // @ts-expect-error not a visible column
    row.secret
  })
})

describe('workflows', () => {
  it('have their names', () => {
    expectTypeOf<WorkflowName<Desk>>().toEqualTypeOf<'depot.release' | 'depot.count'>()
    expectTypeOf<WorkflowName<C>>().toBeNever()
    expectTypeOf<WorkflowName<Config>>().toEqualTypeOf<string>()
    expectTypeOf<WorkflowName<ParsedConfig>>().toEqualTypeOf<string>()
  })

  it('refuse another spelling, and a capability', () => {
    // @ts-expect-error no such workflow
    expectTypeOf<WorkflowInput<Desk, 'depot.relese'>>()
    // @ts-expect-error a capability is no workflow
    expectTypeOf<WorkflowInput<Desk, 'depot.list_parcels'>>()
  })

  it('take inputs with their types, enumerations and optionality', () => {
    expectTypeOf<WorkflowInput<Desk, 'depot.release'>>().toEqualTypeOf<{
      to: 'held' | 'sent'
      fee: number
      urgent?: boolean
    }>()
    expectTypeOf<WorkflowInput<Desk, 'depot.count'>>().toEqualTypeOf<Record<never, never>>()
  })

  it('take scalars by name in a loaded contract', () => {
    expectTypeOf<WorkflowInput<Config, string>>().toEqualTypeOf<Record<string, JsonScalar>>()
    expectTypeOf<WorkflowInput<ParsedConfig, string>>().toEqualTypeOf<Record<string, JsonScalar>>()
  })
})

describe('a loaded contract', () => {
  it('falls back to names and scalars', () => {
    expectTypeOf<ReadName<Config>>().toEqualTypeOf<string>()
    expectTypeOf<ProposalName<ParsedConfig>>().toEqualTypeOf<string>()
    expectTypeOf<ArgsOf<ParsedConfig, string>>().toEqualTypeOf<Record<string, JsonScalar>>()
    expectTypeOf<ArgsOf<Config, string>>().toEqualTypeOf<Record<string, JsonScalar>>()
    const loaded = createSurface({} as ParsedConfig)
    loaded.inspect('any.name', { whatever: 1 })
    loaded.propose('any.name', {})
    createSurface({} as Config).inspect('any.name', { whatever: 1 })
  })

  it('is a contract as it may be written', () => {
    expectTypeOf<ParsedConfig>().toExtend<Config>()
    expectTypeOf<ProposalCapability['expires_in_seconds']>().toEqualTypeOf<number>()
    expectTypeOf<ReadCapability['kind']>().toEqualTypeOf<'read'>()
  })
})

describe('misspelled keys', () => {
  it('do not compile at the top', () => {
    // @ts-expect-error no such key
    defineConfig({ version: 1, mode: 'review', operatorz: {} })
    // @ts-expect-error no such key, in the call that makes the runner
    createSurface({ version: 1, mode: 'review', sources: {}, capabilities: [], policiez: [] })
  })

  it('do not compile in a source, a context, an executor or an operator', () => {
    // @ts-expect-error no such key of a source
    defineConfig({ version: 1, mode: 'review', sources: { depot: { engine: 'postgres', read_url: 'X' } } })
    // @ts-expect-error a key of the other engine
    defineConfig({ version: 1, mode: 'review', sources: { depot: { engine: 'sqlite', read_url_env: 'X' } } })
    // @ts-expect-error no such key of a context
    defineConfig({ version: 1, mode: 'review', trusted_context: { provider: 'session', valuez: {} } })
    // @ts-expect-error no such key of an executor
    defineConfig({ version: 1, mode: 'review', executors: { app: { type: 'function', url_env: 'X' } } })
    // @ts-expect-error no such key of an operator
    defineConfig({ version: 1, mode: 'review', operators: { dana: { roles: [], public_key: 'X' } } })
    // @ts-expect-error no such key inside a source
    defineConfig({ version: 1, mode: 'review', sources: { s: { engine: 'mysql', pool: { maximum: 3 } } } })
  })

  it('do not compile in a capability', () => {
    const read = { name: 'a.b', kind: 'read', source: 's', target, visible_columns: ['id'] } as const
    const bare = { version: 1, mode: 'review' } as const
    defineConfig({ ...bare, capabilities: [{ ...read, max_rows: 5 }] })
    // @ts-expect-error no such key
    defineConfig({ ...bare, capabilities: [{ ...read, visable: 1 }] })
    // @ts-expect-error a read has no patch
    defineConfig({ ...bare, capabilities: [{ ...read, patch: { state: { fixed: 'held' } } }] })
    // @ts-expect-error no such key of an argument
    defineConfig({ ...bare, capabilities: [{ ...read, args: { id: { type: 'string', maxLength: 3 } } }] })
    // @ts-expect-error no such type of an argument
    defineConfig({ ...bare, capabilities: [{ ...read, args: { id: { type: 'uuid' } } }] })
    // @ts-expect-error no such key of a target
    defineConfig({ ...bare, capabilities: [{ ...read, target: { ...target, tenantKey: 'x' } }] })
    // @ts-expect-error the second of two
    defineConfig({ ...bare, capabilities: [read, { ...read, name: 'a.c', contexts: 'x' }] })
  })

  it('do not compile in a workflow, its input and its steps', () => {
    const workflow = { name: 'a.flow', version: '1', allowed_capabilities: ['a.b'] } as const
    const bare = { version: 1, mode: 'review' } as const
    defineConfig({ ...bare, workflows: [{ ...workflow, steps: [{ key: 'one', capability: 'a.b', args: {} }] }] })
    // @ts-expect-error no such key
    defineConfig({ ...bare, workflows: [{ ...workflow, step: [] }] })
    // @ts-expect-error no such key of an input
    defineConfig({ ...bare, workflows: [{ ...workflow, input: { id: { type: 'string', min: 1 } } }] })
    // @ts-expect-error no such key of a step
    defineConfig({ ...bare, workflows: [{ ...workflow, steps: [{ key: 'one', capability: 'a.b', arguments: {} }] }] })
    // @ts-expect-error nothing that can be waited for
    defineConfig({ ...bare, workflows: [{ ...workflow, steps: [{ key: 'one', await: 'decision' }] }] })
    // @ts-expect-error no such comparison
    defineConfig({ ...bare, workflows: [{ ...workflow, steps: [{ key: 'one', when: { from_input: 'x', is: 1 } }] }] })
    // @ts-expect-error no such risk
    defineConfig({ ...bare, workflows: [{ ...workflow, approvals: [{ on_risk: 'huge' }] }] })
  })

  it('do not compile in rate limits', () => {
    const bare = { version: 1, mode: 'review' } as const
    defineConfig({ ...bare, rate_limits: { calls_per_minute: 60, capabilities: { 'a.b': { open_proposals: 2 } } } })
    // @ts-expect-error no such limit
    defineConfig({ ...bare, rate_limits: { calls_per_hour: 60 } })
    // @ts-expect-error no such limit of a capability
    defineConfig({ ...bare, rate_limits: { capabilities: { 'a.b': { proposals: 2 } } } })
  })

  it('do not compile in what an adapter shows', () => {
    const bare = { version: 1, mode: 'review' } as const
    defineConfig({ ...bare, adapters: { desk: { type: 'mcp', expose: [{ workflow: 'a.flow', as: 'flow' }] } } })
    // @ts-expect-error no such key
    defineConfig({ ...bare, adapters: { desk: { type: 'mcp', expose: [{ workflows: 'a.flow' }] } } })
  })

  it('do not compile in a proposal', () => {
    const proposal = {
      name: 'a.b',
      kind: 'proposal',
      source: 's',
      target,
      args: { id: { type: 'string' } },
      lookup: { id_from_arg: 'id' },
      visible_columns: ['id'],
      patch: { state: { fixed: 'held' } },
      allowed_columns: ['state'],
      conflict_guard: { column: 'revision' },
    } as const
    const bare = { version: 1, mode: 'review' } as const
    defineConfig({ ...bare, capabilities: [proposal] })
    // @ts-expect-error no such key of a bound
    defineConfig({ ...bare, capabilities: [{ ...proposal, numeric_bounds: { fee: { max: 3 } } }] })
    // @ts-expect-error no such key of a patched value
    defineConfig({ ...bare, capabilities: [{ ...proposal, patch: { state: { fixed: 1, from_argument: 'x' } } }] })
    // @ts-expect-error no such key of the approval
    defineConfig({ ...bare, capabilities: [{ ...proposal, approval: { role: 'x' } }] })
    // @ts-expect-error a key that enters with later work
    defineConfig({ ...bare, capabilities: [{ ...proposal, operation: 'update' }] })
  })
})
