import { describe, expect, it } from 'vitest'
import type { SurveyedColumn, SurveyedTable } from '../../../src/drivers/survey.js'
import { isRunnerError, lintConfig, validateConfig } from '../../../src/index.js'
import { buildContract, renderContract } from '../../../src/onboarding/build-contract.js'
import { parseSelection } from '../../../src/onboarding/parse-selection.js'
import { singular } from '../../../src/onboarding/resolve-selection.js'

const read = {
  engine: 'postgres',
  schema: 'public',
  table: 'invoices',
  primary_key: 'id',
  tenant_key: 'tenant_id',
  namespace: 'billing',
  visible_columns: ['id', 'status', 'late_fee_cents'],
}
const proposing = {
  ...read,
  conflict_column: 'updated_at',
  patch: { late_fee_cents: { fixed: 0 }, waiver_reason: { from_arg: 'reason' } },
  numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10_000 } },
}

const built = (value: object, table?: SurveyedTable) => buildContract(parseSelection(value), table)

const column = (name: string, kind: SurveyedColumn['kind'], more: Partial<SurveyedColumn> = {}): SurveyedColumn => ({
  name,
  kind,
  type: kind,
  nullable: false,
  generated: false,
  default_text: null,
  comment: null,
  ...more,
})

const table: SurveyedTable = {
  schema: 'public',
  table: 'invoices',
  kind: 'table',
  comment: null,
  columns: [
    column('id', 'integer', { minimum: '-2147483648', maximum: '2147483647' }),
    column('tenant_id', 'text'),
    column('status', 'enum', { labels: ['open', 'paid'] }),
    column('late_fee_cents', 'integer', { minimum: '-2147483648', maximum: '2147483647' }),
    column('total', 'decimal'),
    column('is_paid', 'boolean'),
    column('due', 'date'),
    column('note', 'text', { max_length: 80 }),
    column('updated_at', 'timestamp'),
  ],
  primary_key: ['id'],
  unique_keys: [['id']],
  foreign_keys: [],
  checks: [],
  indexes: [['id']],
  triggers: [],
  row_security: 'none',
  problems: [],
}

describe('a contract that is built', () => {
  it.each([
    ['reads', read],
    ['proposes', proposing],
    ['keeps what it is told in the shadow', { ...proposing, mode: 'shadow' }],
    ['leaves the writing to an app', { ...proposing, writeback: 'http_handler', handler_token_env: 'TOKEN' }],
    ['leaves it to a program', { ...proposing, writeback: 'command_handler' }],
    ['leaves it to nobody', { ...proposing, writeback: 'none' }],
    ['knows who decides', { ...proposing, operators: ['dana', 'carol'], approval: { required_role: 'lead' } }],
    ['is on MySQL', { ...proposing, engine: 'mysql', schema: 'shop' }],
    ['is in a file', { ...proposing, engine: 'sqlite', schema: undefined, path: 'shop.db' }],
  ])('is valid without an error or a warning when it %s', (_, value) => {
    expect(validateConfig(built(value))).toEqual({ ok: true, errors: [], warnings: [] })
  })

  it('asks its handler for a token and a signature, by variables that may be named', () => {
    const { executors } = built({ ...proposing, writeback: 'http_handler' })
    expect(executors).toEqual({
      app: {
        type: 'http_handler',
        url_env: 'SYNAPSOR_HANDLER_URL',
        auth: { type: 'bearer_env', token_env: 'SYNAPSOR_HANDLER_TOKEN' },
        signing_secret_env: 'SYNAPSOR_HANDLER_SECRET',
      },
    })
    const named = { handler_token_env: 'TOKEN', handler_secret_env: 'SECRET' }
    const contract = built({ ...proposing, writeback: 'http_handler', ...named })
    expect(contract.executors).toMatchObject({ app: { auth: { token_env: 'TOKEN' }, signing_secret_env: 'SECRET' } })
    expect(lintConfig(contract).filter(({ code }) => code.startsWith('HANDLER'))).toEqual([])
  })

  it('is for the shadow where nobody writes, unless it is for reading alone', () => {
    expect(built({ ...proposing, writeback: 'none' }).mode).toBe('shadow')
    expect(built({ ...proposing, writeback: 'none', mode: 'read_only' }).mode).toBe('read_only')
  })

  it('warns of what was chosen against better advice, and is valid', () => {
    const { patch, numeric_bounds } = proposing
    const value = {
      ...read,
      patch,
      numeric_bounds,
      weak_guard_ack: true,
      tenant_key: undefined,
      single_tenant_dev: true,
    }
    const { ok, warnings } = validateConfig(built(value))
    expect(ok).toBe(true)
    expect(warnings.map(({ code }) => code)).toEqual(['SINGLE_TENANT', 'SINGLE_TENANT', 'WEAK_GUARD'])
  })

  it('has the same bytes for the same answers, in whatever order they come', () => {
    const reversed = Object.fromEntries(Object.entries(proposing).reverse())
    const text = renderContract(built(proposing))
    expect(renderContract(built(reversed))).toBe(text)
    expect(text.endsWith('}\n')).toBe(true)
    expect(text).toContain('\n  "version": 1,\n')
  })

  it('names its tools, its argument and who decides', () => {
    const [inspect, propose] = built(proposing).capabilities ?? []
    expect(inspect).toMatchObject({ name: 'billing.inspect_invoice', lookup: { id_from_arg: 'invoice_id' } })
    expect(propose).toMatchObject({
      name: 'billing.propose_invoice_update',
      approval: { required_role: 'billing_reviewer' },
      conflict_guard: { column: 'updated_at' },
    })
    expect(propose?.description).toBe(
      'Proposes a change of one invoice: sets late_fee_cents to 0, sets waiver_reason by reason. ' +
        'Limits: late_fee_cents from 0 to 10000. Read it with billing.inspect_invoice first. ' +
        'Writes nothing: a person with the role billing_reviewer decides.',
    )
  })

  it('takes the names it is given, in either spelling', () => {
    const given = { ...proposing, read_tool: 'a.look', proposal_tool_name: 'a.ask', lookup_arg: 'number' }
    const [inspect, propose] = built(given).capabilities ?? []
    expect([inspect?.name, propose?.name, inspect?.lookup]).toEqual(['a.look', 'a.ask', { id_from_arg: 'number' }])
  })

  it('proposes each allowed column by an argument of its own name, that of a trusted word by another', () => {
    const given = { ...read, conflict_column: 'updated_at', allowed_columns: ['status', 'query'] }
    const [, propose] = built(given).capabilities ?? []
    expect(propose).toMatchObject({ patch: { status: { from_arg: 'status' }, query: { from_arg: 'new_query' } } })
  })

  it('proposes nothing in mode read_only', () => {
    expect(built({ ...proposing, mode: 'read_only' }).capabilities).toHaveLength(1)
    expect(built({ ...proposing, mode: 'read_only' }).sources).toMatchObject({ billing: { read_only: true } })
  })

  it('has no key that a model may not give', () => {
    const [inspect] = built({ ...read, table: 'tenants', primary_key: 'key' }).capabilities ?? []
    expect(inspect?.lookup).toEqual({ id_from_arg: 'tenant_key' })
  })

  it('knows the types of its arguments where the database was asked', () => {
    const names = ['status', 'late_fee_cents', 'total', 'is_paid', 'due', 'note']
    const [inspect, propose] =
      built({ ...read, conflict_column: 'updated_at', allowed_columns: names }, table).capabilities ?? []
    expect(inspect?.args).toMatchObject({ invoice_id: { type: 'integer' } })
    expect(propose?.args).toMatchObject({
      status: { type: 'string', enum: ['open', 'paid'] },
      late_fee_cents: { type: 'integer' },
      total: { type: 'number' },
      is_paid: { type: 'boolean' },
      due: { type: 'string', max_length: 10, description: 'The new due of the invoice, as YYYY-MM-DD.' },
      note: { type: 'string', max_length: 80 },
    })
  })

  it('has an example of each call where a key is given and its values can be made up', () => {
    const [inspect, propose] = built({ ...proposing, object_id: 'INV-1' }).capabilities ?? []
    expect(inspect?.examples).toEqual([{ invoice_id: 'INV-1' }])
    expect(propose?.examples).toEqual([{ invoice_id: 'INV-1', reason: 'A sample, to try the loop with.' }])
    const dated = { ...read, conflict_column: 'updated_at', allowed_columns: ['due'], object_id: '7' }
    expect(built(dated, table).capabilities?.map(({ examples }) => examples)).toEqual([[{ invoice_id: 7 }], undefined])
  })
})

describe('a selection of which no contract can be built', () => {
  it.each([
    ['patches its key', { ...proposing, patch: { id: { fixed: 1 } }, numeric_bounds: undefined }, '/patch/id'],
    [
      'limits what it does not patch',
      { ...proposing, numeric_bounds: { total: { minimum: 0 } } },
      '/numeric_bounds/total',
    ],
    ['patches what is not allowed', { ...proposing, allowed_columns: ['late_fee_cents'] }, '/patch/waiver_reason'],
    [
      'fixes what is out of bounds',
      { ...proposing, patch: { late_fee_cents: { fixed: 10_001 } } },
      '/numeric_bounds/late_fee_cents',
    ],
    ['names a table of the database', { ...read, schema: 'pg_catalog' }, '/schema'],
    ['names the table of receipts', { ...read, table: 'synapsor_writeback_receipts' }, '/table'],
    ['lets the model say the tenant', { ...read, lookup_arg: 'tenant_id' }, '/lookup_arg'],
    ['has one argument for two things', { ...proposing, lookup_arg: 'reason' }, '/patch/waiver_reason/from_arg'],
    ['speaks of an argument that is none', { ...proposing, patch_args: { reson: {} } }, '/patch_args/reson'],
    ['trusts what it does not show', { ...read, untrusted_columns: ['note'] }, '/untrusted_columns/0'],
    ['holds a credential', { ...read, inspect_description: 'See postgres://a:b@c/d' }, '/inspect_description'],
  ])('is refused in its own terms where it %s', (_, value, path) => {
    try {
      built(value)
      expect.unreachable()
    } catch (error) {
      if (!isRunnerError(error)) throw error
      expect(error.details.errors).toEqual(
        expect.arrayContaining([expect.objectContaining({ path: expect.stringContaining(path) })]),
      )
    }
  })
})

it.each([
  ['invoices', 'invoice'],
  ['companies', 'company'],
  ['addresses', 'address'],
  ['boxes', 'box'],
  ['status', 'status'],
  ['news', 'new'],
  ['s', 's'],
])('one of %s is called %s', (table, object) => {
  expect(singular(table)).toBe(object)
})
