import { describe, expectTypeOf, it } from 'vitest'
import {
  type Config,
  createRunner,
  defineConfig,
  type Flow,
  type JsonScalar,
  type Run,
  type WorkflowFunction,
} from '../../src/index.js'

const target = { table: 'parcels', primary_key: 'id', tenant_key: 'depot_id' } as const
const lookup = { id_from_arg: 'parcel_id' } as const
const contract = defineConfig({
  version: 1,
  mode: 'review',
  capabilities: [
    {
      name: 'depot.inspect_parcel',
      kind: 'read',
      source: 'depot',
      target,
      lookup,
      args: { parcel_id: { type: 'string' } },
      visible_columns: ['id', 'state'],
    },
    {
      name: 'depot.propose_route',
      kind: 'proposal',
      source: 'depot',
      target,
      lookup,
      args: { parcel_id: { type: 'string' }, to: { type: 'string', enum: ['held', 'sent'] } },
      visible_columns: ['id', 'state'],
      patch: { state: { from_arg: 'to' } },
      allowed_columns: ['state'],
      conflict_guard: { column: 'revision' },
    },
  ],
  workflows: [
    {
      name: 'depot.reroute',
      version: '1',
      input: { parcel_id: { type: 'string' }, urgent: { type: 'boolean', required: false } },
      allowed_capabilities: ['depot.inspect_parcel', 'depot.propose_route'],
    },
  ],
})
type Contract = typeof contract

describe('a workflow of a typed contract', () => {
  it('is a function whose steps are its capabilities', () => {
    const reroute: WorkflowFunction<Contract, 'depot.reroute'> = async (flow, input) => {
      expectTypeOf(input).toEqualTypeOf<Readonly<{ parcel_id: string; urgent?: boolean }>>()
      const { data } = await flow.inspect('parcel', 'depot.inspect_parcel', { parcel_id: input.parcel_id })
      expectTypeOf(data).toEqualTypeOf<{ readonly id: JsonScalar; readonly state: JsonScalar }>()
      await flow.propose('route', 'depot.propose_route', { parcel_id: input.parcel_id, to: 'held' })
      // @ts-expect-error no such state
      await flow.propose('route', 'depot.propose_route', { parcel_id: input.parcel_id, to: 'lost' })
      // @ts-expect-error a read proposes nothing
      await flow.propose('route', 'depot.inspect_parcel', { parcel_id: input.parcel_id })
      // @ts-expect-error no such capability
      await flow.inspect('parcel', 'depot.approve', {})
      const { weight, to } = await flow.awaitInformation('weight', 'How heavy?', {
        weight: { type: 'integer' },
        to: { type: 'string', enum: ['held', 'sent'], required: false },
      })
      expectTypeOf(weight).toEqualTypeOf<number>()
      expectTypeOf(to).toEqualTypeOf<'held' | 'sent' | undefined>()
    }
    const runner = createRunner(contract, { workflows: { 'depot.reroute': reroute } })
    // @ts-expect-error the contract has no such workflow
    createRunner(contract, { workflows: { 'depot.other': reroute } })
    const flow = runner.session().workflow('depot.reroute')
    expectTypeOf(flow.start).parameter(0).toEqualTypeOf<{ parcel_id: string; urgent?: boolean }>()
    expectTypeOf(flow.start).returns.resolves.toEqualTypeOf<Run>()
    // @ts-expect-error no such workflow
    runner.session().workflow('depot.other')
  })

  it('of a contract that was loaded at run time takes any names', () => {
    const plain: WorkflowFunction = async (flow, { parcel_id }) => {
      expectTypeOf(flow).toEqualTypeOf<Flow>()
      await flow.inspect('parcel', 'any.name', { parcel_id })
    }
    createRunner({} as Config, { workflows: { 'any.name': plain } })
    expectTypeOf(
      createRunner({} as Config)
        .session()
        .workflow('any.name').start,
    )
      .parameter(0)
      .toEqualTypeOf<Record<string, JsonScalar>>()
  })
})
