import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ContractCase, createRunner, defineConfig, type Runner, runContractTests } from '../../../src/index.js'
import { createPostgresWorld, type PostgresWorld } from '../../support/databases.js'

const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: { shop: { engine: 'postgres', read_url_env: 'READ_URL', write_url_env: 'WRITE_URL' } },
  capabilities: [
    {
      name: 'orders.list_orders',
      kind: 'read',
      source: 'shop',
      target: { table: 'orders', primary_key: 'id', tenant_key: 'tenant_id' },
      visible_columns: ['id', 'status', 'total'],
      max_rows: 10,
    },
    {
      name: 'orders.propose_discount',
      kind: 'proposal',
      source: 'shop',
      target: { table: 'orders', primary_key: 'id', tenant_key: 'tenant_id' },
      args: { order_id: { type: 'integer' }, total: { type: 'string', max_length: 20 } },
      lookup: { id_from_arg: 'order_id' },
      visible_columns: ['id', 'status', 'total'],
      patch: { total: { from_arg: 'total' }, status: { fixed: 'discounted' } },
      allowed_columns: ['total', 'status'],
      numeric_bounds: { total: { minimum: 1, maximum: 100 } },
      transition_guards: { status: { allowed: { open: ['discounted'] } } },
      conflict_guard: { column: 'updated_at' },
    },
  ],
})

const context = { tenant_id: 'acme', principal: 'support_agent_17' }
const propose = { capability: 'orders.propose_discount', context }

const CASES: readonly ContractCase[] = [
  {
    name: 'a discount within the bounds',
    ...propose,
    args: { order_id: 1, total: '45.50' },
    expect: {
      proposed: { total: { before: '50.00', after: '45.50' }, status: { before: 'open', after: 'discounted' } },
    },
  },
  {
    name: 'the same row again, once the first is withdrawn',
    ...propose,
    args: { order_id: 1, total: '40.00' },
    expect: { proposed: { status: 'discounted' }, partial: true },
  },
  { name: 'too little', ...propose, args: { order_id: 1, total: '0.99' }, expect: { refused: 'BOUND_EXCEEDED' } },
  {
    name: 'a closed order',
    ...propose,
    args: { order_id: 2, total: '9.00' },
    expect: { refused: 'TRANSITION_REFUSED' },
  },
  { name: 'of another tenant', ...propose, args: { order_id: 3, total: '9.00' }, expect: { refused: 'NOT_FOUND' } },
  { name: 'the list', capability: 'orders.list_orders', context, args: {}, expect: { read: { row_count: 2 } } },
]

let world: PostgresWorld
let runner: Runner

beforeAll(async () => {
  world = await createPostgresWorld({
    schemaSql: `create table orders (id bigint primary key, tenant_id text not null, status text not null,
        total numeric(10,2) not null, updated_at timestamptz not null default clock_timestamp());
      insert into orders (id, tenant_id, status, total) values
        (1, 'acme', 'open', 50.00), (2, 'acme', 'closed', 20.00), (3, 'globex', 'open', 30.00)`,
    grants: ({ reader }) => `grant select on orders to ${reader}`,
  })
  // There is no writer: what is tested is never written.
  runner = createRunner(config, { env: { READ_URL: world.readerUrl }, ledger: ':memory:' })
})

afterAll(async () => {
  await runner.close()
  await world.drop()
})

async function contents(): Promise<unknown> {
  return (await world.admin.query('select *, xmin from orders order by id')).rows
}

it('holds calls against a PostgreSQL source through the reader alone', async () => {
  const before = await contents()
  const report = await runContractTests(runner, { schema_version: 'synapsor.contract-cases.v1', cases: CASES })
  expect(report.cases.filter(({ ok }) => !ok)).toEqual([])
  expect(report).toMatchObject({ ok: true, passed: CASES.length, failed: 0, uncovered: [] })
  expect(await contents()).toEqual(before)
  expect((await runner.proposals.list({})).items.map(({ status }) => status)).toEqual(['canceled', 'canceled'])
})

it('tells a source that cannot be read as what each call is refused with', async () => {
  const lost = createRunner(config, { env: {}, ledger: ':memory:' })
  try {
    const [first] = CASES
    if (first === undefined) throw new Error('There is no case.')
    const report = await runContractTests(lost, { schema_version: 'synapsor.contract-cases.v1', cases: [first] })
    expect(report).toMatchObject({ ok: false, cases: [{ differences: [{ path: '/expect/proposed' }] }] })
    expect(report.cases[0]?.differences[0]?.message).toContain('ENV_MISSING')
  } finally {
    await lost.close()
  }
})

it('refuses cases that are none', async () => {
  const cases = { schema_version: 'synapsor.contract-cases.v1', cases: [] } as const
  await expect(runContractTests(runner, cases)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    details: { errors: [{ path: '/cases' }] },
  })
})
