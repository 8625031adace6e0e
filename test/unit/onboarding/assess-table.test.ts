import { describe, expect, it } from 'vitest'
import type { SurveyedColumn, SurveyedTable } from '../../../src/drivers/survey.js'
import { assessTable } from '../../../src/onboarding/assess-table.js'

function column(
  name: string,
  kind: SurveyedColumn['kind'] = 'text',
  more: Partial<SurveyedColumn> = {},
): SurveyedColumn {
  return { name, type: kind, kind, nullable: false, generated: false, default_text: null, comment: null, ...more }
}

function table(columns: readonly SurveyedColumn[], more: Partial<SurveyedTable> = {}): SurveyedTable {
  return {
    schema: 'public',
    table: 'orders',
    kind: 'table',
    comment: null,
    columns,
    primary_key: ['id'],
    unique_keys: [['id']],
    foreign_keys: [],
    checks: [],
    indexes: [['id']],
    triggers: [],
    row_security: 'none',
    problems: [],
    ...more,
  }
}

const ID = column('id', 'integer')

function tenantsOf(columns: readonly SurveyedColumn[], more: Partial<SurveyedTable> = {}): readonly string[] {
  return assessTable('postgres', table([ID, ...columns], more)).tenant_keys.map((each) => each.column)
}

function codesOf(columns: readonly SurveyedColumn[], more: Partial<SurveyedTable> = {}): readonly string[] {
  return assessTable('postgres', table([ID, ...columns], more)).notes.map(({ code }) => code)
}

describe('the tenant', () => {
  it.each([
    'tenant_id',
    'tenantId',
    'TENANT_UUID',
    'org_id',
    'organization_id',
    'workspaceId',
    'account_id',
    'companyId',
    'customer_id',
    'tenant',
  ])('is suggested by the name %s', (name) => expect(tenantsOf([column(name)])).toEqual([name]))

  it.each([
    'company',
    'account',
    'organization',
    'account_name',
    'tenant_count',
    'organism_id',
    'storefront_id',
    'customer',
    'orgasm',
  ])('is not suggested by the name %s', (name) => expect(tenantsOf([column(name)])).toEqual([]))

  it('is suggested by the table that a column refers to', () => {
    const foreign_keys = [{ columns: ['owner'], references: { schema: 'public', table: 'companies', columns: ['id'] } }]
    expect(tenantsOf([column('owner', 'uuid')], { foreign_keys })).toEqual(['owner'])
  })

  it('is the surest name first, and one that can be NULL later', () => {
    expect(tenantsOf([column('customer_id'), column('account_id'), column('tenant_id')])).toEqual([
      'tenant_id',
      'account_id',
      'customer_id',
    ])
    expect(tenantsOf([column('tenant_id', 'text', { nullable: true }), column('org_id')])).toEqual([
      'org_id',
      'tenant_id',
    ])
  })

  it('is of a type by which rows are found', () => {
    for (const kind of ['text', 'uuid', 'integer'] as const)
      expect(tenantsOf([column('tenant_id', kind)])).toHaveLength(1)
    for (const kind of ['binary', 'json', 'float', 'date', 'timestamp', 'other'] as const) {
      expect(tenantsOf([column('tenant_id', kind)])).toEqual([])
      expect(codesOf([column('tenant_id', kind)])).toEqual(expect.arrayContaining(['TENANT_TYPE', 'NO_TENANT_KEY']))
    }
  })

  it('is the only one within which the key identifies a row', () => {
    const pair = { primary_key: ['org_id', 'id'], unique_keys: [['org_id', 'id']] }
    const assessed = assessTable('postgres', table([ID, column('tenant_id'), column('org_id')], pair))
    expect([assessed.key, assessed.tenant_keys.map((each) => each.column)]).toEqual(['id', ['org_id']])
  })
})

describe('the key', () => {
  it('is the primary key before any other unique column', () => {
    const unique_keys = [['slug'], ['id']]
    expect(assessTable('postgres', table([ID, column('slug')], { unique_keys })).key).toBe('id')
  })

  it('is another unique column where the primary key cannot be one', () => {
    const columns = [column('id', 'binary'), column('slug')]
    expect(assessTable('postgres', table(columns, { unique_keys: [['id'], ['slug']] })).key).toBe('slug')
  })

  it('is none where only several columns identify a row', () => {
    const pair = { primary_key: ['id', 'line'], unique_keys: [['id', 'line']] }
    expect(assessTable('postgres', table([ID, column('line', 'integer')], pair)).key).toBeNull()
    expect(codesOf([column('line', 'integer')], pair)).toContain('COMPOSITE_KEY')
  })
})

describe('the version', () => {
  it.each([
    [column('updated_at', 'timestamp', { fraction_digits: 6 }), 'exact', 'timestamp'],
    [column('updatedAt', 'datetime', { fraction_digits: 6 }), 'exact', 'timestamp'],
    [column('modified_at', 'datetime', { fraction_digits: 0 }), 'coarse', 'timestamp'],
    [column('lock_version', 'integer'), 'exact', 'integer'],
    [column('rowVersion', 'integer'), 'exact', 'integer'],
  ])('is suggested: %o', (candidate, strength, advance) => {
    const { version_columns } = assessTable('mysql', table([ID, candidate]))
    expect(version_columns).toMatchObject([{ column: candidate.name, strength, advance }])
  })

  it.each([
    column('updated_at', 'timestamp', { fraction_digits: 6, nullable: true }),
    column('updated_at', 'date'),
    column('version', 'text'),
    column('version', 'integer', { generated: true }),
    column('created_at', 'timestamp', { fraction_digits: 6 }),
  ])('is not suggested: %o', (candidate) => {
    expect(assessTable('postgres', table([ID, candidate])).version_columns).toEqual([])
    expect(codesOf([candidate])).toContain('NO_VERSION_COLUMN')
  })

  it('is the exact one before the coarse one', () => {
    const columns = [ID, column('updated_at', 'timestamp', { fraction_digits: 0 }), column('version', 'integer')]
    expect(assessTable('postgres', table(columns)).version_columns.map((each) => each.column)).toEqual([
      'version',
      'updated_at',
    ])
  })
})

describe('a column', () => {
  const assessed = (one: SurveyedColumn, engine: 'postgres' | 'mysql' | 'sqlite' = 'postgres') =>
    assessTable(engine, table([ID, one])).columns[1]

  it.each([
    'password',
    'password_hash',
    'passwordHash',
    'api_key',
    'apiKey',
    'access_token',
    'secret',
    'ssn',
    'iban',
    'card_number',
    'cardNumber',
    'salt',
    'mfa_seed',
    'otp',
    'pin',
    'private_key',
    'national_id',
    'cvv',
    'passport_no',
    'date_of_birth',
  ])('is not shown where it is named %s', (name) => {
    expect(assessed(column(name))).toMatchObject({ is_visible: false, is_writable: false, is_untrusted: false })
  })

  it.each([
    'shipping',
    'pinned',
    'discard',
    'cardinality',
    'basalt',
    'monkey',
    'hashtag',
    'status',
    'amount',
    'author',
  ])('is shown where it is named %s', (name) =>
    expect(assessed(column(name))).toMatchObject({ is_visible: true, is_writable: true }),
  )

  it('holds what outsiders wrote where it is free text, and not where its values are listed', () => {
    expect(assessed(column('subject'))).toMatchObject({ is_untrusted: true })
    expect(assessed(column('subject', 'integer'))).toMatchObject({ is_untrusted: false })
    expect(assessed(column('reason', 'enum', { labels: ['late'] }))).toMatchObject({ is_untrusted: false })
    const checks = [{ columns: [], expression: "reason in ('late', 'broken')" }]
    const { columns } = assessTable('sqlite', table([ID, column('reason')], { checks }))
    expect(columns[1]).toMatchObject({ is_untrusted: false })
  })

  it.each([
    ['generated', column('total', 'decimal', { generated: true }), 'postgres'],
    ['of no type that is written', column('tags', 'other', { type: 'text[]' }), 'postgres'],
    ['jsonb, which gives back another text', column('extra', 'json', { type: 'jsonb' }), 'postgres'],
  ] as const)('is not proposed where it is %s', (_, one, engine) => {
    expect(assessed(one, engine)).toMatchObject({ is_visible: true, is_writable: false, why: expect.any(String) })
  })

  it('is left out where a contract cannot hold its name', () => {
    for (const name of ['odd name', 'Versão', 'n'.repeat(64), '__proto__', '1st', 'a-b', '']) {
      expect(assessed(column(name))).toMatchObject({ is_visible: false, is_writable: false })
    }
  })
})

it('tells of a name that a contract cannot hold', () => {
  expect(codesOf([], { table: 'odd name' })).toContain('NAME_NOT_PLAIN')
  expect(codesOf([], { schema: 'a.b' })).toContain('NAME_NOT_PLAIN')
  expect(codesOf([], { table: 'n'.repeat(64) })).toContain('NAME_TOO_LONG')
  expect(codesOf([column('odd name')])).toContain('NAME_NOT_PLAIN')
})

it('gives each note a sentence and a next step', () => {
  const notes = [
    ...assessTable('postgres', table([column('id', 'binary'), column('tenant_id', 'json'), column('token')])).notes,
    ...assessTable('mysql', table([], { unique_keys: [], row_security: 'enabled', triggers: ['t'] })).notes,
  ]
  expect(notes.length).toBeGreaterThan(5)
  for (const { message, next } of notes) for (const text of [message, next]) expect(text).toMatch(/^[A-Z].*\.$/)
})
