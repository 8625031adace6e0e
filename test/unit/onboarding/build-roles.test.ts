import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/contract/parse.js'
import { buildContract } from '../../../src/onboarding/build-contract.js'
import { buildRoles } from '../../../src/onboarding/build-roles.js'
import { parseSelection } from '../../../src/onboarding/parse-selection.js'

const selection = {
  engine: 'postgres',
  schema: 'sales',
  table: 'invoices',
  primary_key: 'id',
  tenant_key: 'tenant_id',
  namespace: 'billing',
  visible_columns: ['id', 'customer'],
  conflict_column: 'updated_at',
  patch: { late_fee_cents: { fixed: 0 } },
}

const rolesOf = (value: object, names?: { reader: string; writer: string }) =>
  buildRoles(parseConfig(buildContract(parseSelection({ ...selection, ...value }))), names)

const statements = (sql: string) => sql.replaceAll(/^--.*$/gm, '')

describe('the SQL of the roles', () => {
  it('makes a reader that cannot write and a writer of the reviewed columns, and holds no password', () => {
    const sql = statements(rolesOf({}))
    expect(sql).toContain('alter role "synapsor_reader" set default_transaction_read_only = on;')
    expect(sql).not.toContain('revoke')
    expect(sql).toContain('update ("late_fee_cents", "updated_at") on "sales"."invoices" to "synapsor_writer";')
    expect(sql).toContain('synapsor_writeback_receipts')
    expect(sql).not.toMatch(/password|superuser|all privileges|delete/i)
  })

  it('takes no right from other roles: it says how, and leaves that to whoever reads it', () => {
    expect(rolesOf({})).toContain('\n--   revoke create on schema "sales" from public;')
  })

  it.each([
    ['is only read', { mode: 'read_only' }],
    ['is written by the app', { writeback: 'http_handler' }],
  ])('makes no writer and no receipts where a table %s', (_, value) => {
    const sql = rolesOf(value)
    expect(sql).toContain('synapsor_reader')
    expect(sql).not.toMatch(/synapsor_writer|receipts|update \(|insert/)
  })

  it('locks new users of MySQL, as they have no password', () => {
    const sql = statements(rolesOf({ engine: 'mysql', schema: 'shop' }))
    expect(sql.match(/^create user .*$/gm)).toEqual([
      "create user if not exists `synapsor_reader`@'%' account lock;",
      "create user if not exists `synapsor_writer`@'%' account lock;",
    ])
  })

  it('has the table of receipts alone for a file', () => {
    const sql = rolesOf({ engine: 'sqlite', schema: undefined, path: 'shop.db' })
    expect(sql).toContain('create table if not exists')
    expect(sql).not.toMatch(/grant|role|user/)
    expect(rolesOf({ engine: 'sqlite', schema: undefined, path: 'shop.db', mode: 'read_only' })).toBe('')
  })

  it('lets no name of a role end what it stands in', () => {
    const reader = `r"; drop table a; --'$roles$ %s`
    const sql = rolesOf({}, { reader, writer: 'w' })
    expect(sql).toContain(`"r""; drop table a; --'$roles$ %s"`)
    expect(sql).toContain('do $roles_$')
    expect(sql).toContain(`rolname = 'r"; drop table a; --''$roles$ %s'`)
    expect(sql.match(/^drop/m)).toBeNull()
  })

  it.each(['a\nb', '', ' a', 'a'.repeat(64)])('refuses %j as the name of a role', (reader) => {
    expect(() => rolesOf({}, { reader, writer: 'w' })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
