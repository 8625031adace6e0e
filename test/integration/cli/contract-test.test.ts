import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf, errorCodeOf } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'

let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})

afterEach(() => desk.close())

const INSPECT = 'billing.inspect_invoice'
const WAIVE = 'billing.propose_late_fee_waiver'

function write(cases: readonly unknown[], top: Readonly<Record<string, unknown>> = {}): void {
  const file = { schema_version: 'synapsor.contract-cases.v1', cases, ...top }
  writeFileSync(join(desk.folder, 'cases.json'), JSON.stringify(file))
}

const waiver = { invoice_id: 'INV-3001', reason: 'The payment page was down.' }

const PASSING = [
  {
    name: 'an invoice of the tenant is shown',
    capability: INSPECT,
    args: { invoice_id: 'INV-3001' },
    expect: { read: { row_count: 1, columns: { customer: 'Ann Archer', late_fee_cents: 5500, waiver_reason: null } } },
  },
  {
    name: 'an invoice of another tenant is not there',
    capability: INSPECT,
    args: { invoice_id: 'INV-9001' },
    expect: { refused: 'NOT_FOUND' },
  },
  {
    name: 'a waiver sets the fee to nothing',
    capability: WAIVE,
    args: waiver,
    expect: { proposed: { late_fee_cents: { before: 5500, after: 0 }, waiver_reason: waiver.reason } },
  },
  {
    name: 'another waiver of the same row, once the first is withdrawn',
    capability: WAIVE,
    args: { ...waiver, reason: 'Another one.' },
    expect: { proposed: { late_fee_cents: 0 }, partial: true },
  },
  {
    name: 'a waiver has a reason',
    capability: WAIVE,
    args: { invoice_id: 'INV-3001' },
    expect: { refused: { code: 'INVALID_ARGUMENT', argument: 'reason' } },
  },
  {
    name: 'nobody gives the tenant',
    capability: INSPECT,
    context: { tenant_id: 'acme', principal: 'sam' },
    args: { invoice_id: 'INV-3001', tenant_id: 'globex' },
    expect: { refused: { code: 'INVALID_ARGUMENT', argument: 'tenant_id' } },
  },
]

it('passes what is as the cases say, and leaves nothing behind', async () => {
  write(PASSING)
  const source = readFileSync(join(desk.folder, 'shop.db'))
  const result = await desk.run('contract test cases.json --json')
  expect(documentOf('contract test', result)).toMatchObject({ ok: true, passed: 6, failed: 0, uncovered: [] })
  expect(result.exit_code).toBe(0)
  expect(readFileSync(join(desk.folder, 'shop.db')).equals(source)).toBe(true)
  expect(existsSync(join(desk.folder, '.synapsor', 'local.db'))).toBe(false)
})

const FAILING = [
  {
    name: 'a fee that is another one, told with what was expected, in a name that is longer than one line of a terminal',
    capability: INSPECT,
    args: { invoice_id: 'INV-3001' },
    expect: { read: { row_count: 2, columns: { late_fee_cents: 1, customer: 'Ann Archer' } } },
  },
  {
    name: 'a column that is not visible',
    capability: INSPECT,
    args: { invoice_id: 'INV-3001' },
    expect: { read: { columns: { card_number: '4111111111111111' } } },
  },
  {
    name: 'a refusal that does not come',
    capability: INSPECT,
    args: { invoice_id: 'INV-3002' },
    expect: { refused: 'NOT_FOUND' },
  },
  {
    name: 'another refusal',
    capability: WAIVE,
    args: { ...waiver, fee: 1 },
    expect: { refused: { code: 'INVALID_ARGUMENT', argument: 'reason' } },
  },
  {
    name: 'a change that is not whole',
    capability: WAIVE,
    args: waiver,
    expect: { proposed: { late_fee_cents: { before: 1, after: 0 }, customer: 'Ann' } },
  },
  {
    name: 'somebody else',
    capability: INSPECT,
    context: { tenant_id: 'globex', principal: 'sam' },
    args: { invoice_id: 'INV-9001' },
    expect: { read: { row_count: 1 } },
  },
  { name: 'a passing one', capability: INSPECT, args: { invoice_id: 'INV-0' }, expect: { refused: 'NOT_FOUND' } },
]

it.each([80, 120])('tells what differs in %i columns', async (columns) => {
  write(FAILING)
  const result = await desk.run('contract test cases.json', { columns })
  expect(result).toMatchObject({ exit_code: 1, err: '' })
  for (const line of result.out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  await expect(result.out).toMatchFileSnapshot(`snapshots/contract-test-${columns}.txt`)
})

it('never tells a value of a column that the capability does not show', async () => {
  await desk.close()
  const [read, proposal] = DESK_CONTRACT.capabilities
  const visible_columns = ['id', 'customer']
  desk = await createDesk({ capabilities: [read, { ...proposal, visible_columns }] })
  write([
    {
      name: 'a fee that is not shown',
      capability: WAIVE,
      args: waiver,
      expect: { proposed: { late_fee_cents: { before: 1, after: 0 } }, partial: true },
    },
  ])
  const result = await desk.run('contract test cases.json --json')
  expect(result.out).not.toContain('5500')
  expect(documentOf('contract test', result)).toMatchObject({
    cases: [{ differences: [{ path: '/expect/proposed/late_fee_cents/before', expected: 1 }] }],
  })
})

it('runs the cases of a filter alone, and lists what no case calls', async () => {
  write(PASSING.slice(0, 2))
  const result = await desk.run('contract test cases.json --filter another --json')
  expect(documentOf('contract test', result)).toMatchObject({ passed: 1, uncovered: [WAIVE] })
  const none = await desk.run('contract test cases.json --filter nothing --json')
  expect(none.exit_code).toBe(1)
  expect(errorCodeOf(none)).toBe('INVALID_ARGUMENT')
})

it('counts no rate limits', async () => {
  await desk.close()
  desk = await createDesk({ rate_limits: { calls_per_minute: 1, open_proposals: 1 } })
  write(PASSING)
  expect((await desk.run('contract test cases.json')).exit_code).toBe(0)
})

describe('a contract that takes its context from the host', () => {
  it.each([
    ['session', { provider: 'session' }],
    ['http_claims', { provider: 'http_claims', values: { tenant_id_key: 'org', principal_key: 'sub' } }],
  ])('by %s calls for whom each case says', async (_, trusted_context) => {
    await desk.close()
    desk = await createDesk({ trusted_context })
    const found = { capability: INSPECT, args: { invoice_id: 'INV-9001' } }
    write([
      {
        ...found,
        name: 'its own',
        context: { tenant_id: 'globex', principal: 'gil' },
        expect: { read: { row_count: 1 } },
      },
      {
        ...found,
        name: 'not its own',
        context: { tenant_id: 'acme', principal: 'ann' },
        expect: { refused: 'NOT_FOUND' },
      },
      {
        ...found,
        name: 'nobody’s',
        context: { tenant_id: '*', principal: 'ann' },
        expect: { refused: 'CONTEXT_MISSING' },
      },
      { ...found, name: 'of nobody', expect: { refused: 'NOT_FOUND' } },
    ])
    const document = documentOf('contract test', await desk.run('contract test cases.json --json'))
    expect(document).toMatchObject({
      passed: 3,
      failed: 1,
      cases: [{}, {}, {}, { ok: false, differences: [{ path: '/context' }] }],
    })
  })
})

it('tests what is not proposed in mode read_only, and what waits for nobody in mode shadow', async () => {
  for (const [mode, expected] of [
    ['read_only', { refused: 'PROPOSALS_DISABLED' }],
    ['shadow', { proposed: { late_fee_cents: 0, waiver_reason: waiver.reason } }],
  ] as const) {
    await desk.close()
    desk = await createDesk({ mode })
    write([{ name: mode, capability: WAIVE, args: waiver, expect: expected }])
    expect((await desk.run('contract test cases.json')).exit_code).toBe(0)
  }
})

it.each([
  ['an unknown key', [{ ...PASSING[0], expected: {} }], {}],
  ['two expectations', [{ ...PASSING[0], expect: { refused: 'NOT_FOUND', read: {} } }], {}],
  ['an unknown code', [{ ...PASSING[0], expect: { refused: 'NO' } }], {}],
  ['one name twice', [PASSING[0], PASSING[0]], {}],
  ['no cases', [], {}],
  ['another version', [PASSING[0]], { schema_version: 'synapsor.contract-cases.v2' }],
])('refuses a file with %s', async (_, cases, top) => {
  write(cases, top)
  const result = await desk.run('contract test cases.json --json')
  expect(result.exit_code).toBe(1)
  expect(errorCodeOf(result)).toBe('INVALID_ARGUMENT')
  expect(JSON.stringify(result.document)).toContain('"path":"/')
})

it('refuses where there is no file of cases', async () => {
  expect((await desk.run('contract test nowhere.json')).exit_code).toBe(1)
  expect((await desk.run('contract test')).exit_code).toBe(2)
})
