import { describe, expect, it } from 'vitest'
import type { SurveyedColumn } from '../../../src/drivers/survey.js'
import { type Config, lintConfig } from '../../../src/index.js'
import { assessTable } from '../../../src/onboarding/assess-table.js'

/** What `init` makes of a text column of this name: shown or not, as text from outside or not. */
function suggested(name: string): { readonly hidden: boolean; readonly outside: boolean } {
  const column = (each: string): SurveyedColumn => ({
    name: each,
    type: 'text',
    kind: 'text',
    nullable: false,
    generated: false,
    default_text: null,
    comment: null,
  })
  const { columns } = assessTable('postgres', {
    schema: 'public',
    table: 'people',
    kind: 'table',
    comment: null,
    columns: [column('id'), column(name)],
    primary_key: ['id'],
    unique_keys: [['id']],
    foreign_keys: [],
    checks: [],
    indexes: [['id']],
    triggers: [],
    row_security: 'none',
    problems: [],
  })
  const found = columns.find((each) => each.column === name)
  return { hidden: found?.is_visible === false, outside: found?.is_untrusted === true }
}

/** What lint says where a contract shows a column of this name as it is. */
function judged(name: string): { readonly hidden: boolean; readonly outside: boolean } {
  const config: Config = {
    version: 1,
    mode: 'read_only',
    sources: { shop: { engine: 'postgres', read_url_env: 'SHOP_URL' } },
    capabilities: [
      {
        name: 'people.inspect',
        kind: 'read',
        source: 'shop',
        target: { schema: 'public', table: 'people', primary_key: 'id', single_tenant_dev: true },
        args: { person: { type: 'string', max_length: 40 } },
        lookup: { id_from_arg: 'person' },
        visible_columns: ['id', name],
      },
    ],
  }
  const codes = lintConfig(config).map(({ code }) => code)
  return { hidden: codes.includes('SECRET_COLUMN_VISIBLE'), outside: codes.includes('TEXT_NOT_MARKED') }
}

const SECRETS = [
  'apiToken',
  'bank_account',
  'card',
  'card_number',
  'credit_card',
  'date_of_birth',
  'national_id',
  'pan',
  'passport',
  'password_hash',
  'pin',
  'routing_number',
  'security_code',
  'sort_code',
  'ssn',
  'tax_id',
  'tax_number',
]
const OUTSIDE = ['comment', 'customer_name', 'message_body', 'name', 'payload', 'reason', 'review', 'title']
const PLAIN = [
  'address_id',
  'has_password',
  'message_count',
  'password_changed_at',
  'resort_code',
  'review_status',
  'shipping',
  'status',
  'token_count',
]

describe('what suggests a contract and what judges one', () => {
  it.each(SECRETS)('both keep %s from the model', (name) => {
    expect(suggested(name).hidden).toBe(true)
    expect(judged(name).hidden).toBe(true)
  })

  it.each(OUTSIDE)('both take %s for the words of others', (name) => {
    expect(suggested(name)).toEqual({ hidden: false, outside: true })
    expect(judged(name)).toEqual({ hidden: false, outside: true })
  })

  it.each(PLAIN)('neither has anything against %s', (name) => {
    expect(suggested(name)).toEqual({ hidden: false, outside: false })
    expect(judged(name)).toEqual({ hidden: false, outside: false })
  })
})
